# Compute: everything that launches, serves or runs code.
data "aws_vpc" "main" {
  tags = { Name = "main" }
}

data "aws_subnet" "main" {
  for_each = toset(["main-a", "main-b.two"])
  vpc_id   = data.aws_vpc.main.id
  tags     = { Name = each.key }
}

data "aws_security_group" "inline" {
  vpc_id = data.aws_vpc.main.id
  name   = "inline"
}

locals {
  subnets = [for subnet in data.aws_subnet.main : subnet.id]
  first   = data.aws_subnet.main["main-a"].id
  zone    = data.aws_subnet.main["main-a"].availability_zone
  trust = { for service in ["lambda", "ec2", "eks", "ecs-tasks"] : service => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "${service}.amazonaws.com" }
    }]
  }) }
}

resource "aws_key_pair" "ops" {
  key_name   = "ops"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPk4Xo0FqOGFvJ0m0V1o8Q5q6w0m0VJrYbq0uM9Xy1Zz ops@example.com"
}

resource "aws_iam_role" "service" {
  for_each           = local.trust
  name               = "app-${each.key}"
  assume_role_policy = each.value
}

resource "aws_iam_instance_profile" "web" {
  name = "app-web"
  role = aws_iam_role.service["ec2"].name
}

resource "aws_instance" "web" {
  ami                    = "ami-12c6146b"
  instance_type          = "t3.micro"
  subnet_id              = local.first
  key_name               = aws_key_pair.ops.key_name
  iam_instance_profile   = aws_iam_instance_profile.web.name
  vpc_security_group_ids = [data.aws_security_group.inline.id]
  user_data              = "#!/bin/sh\nexport TOKEN=PLANTED-SECRET-user-data"
  root_block_device {
    volume_size = 10
  }
  ebs_block_device {
    device_name = "/dev/sdf"
    volume_size = 20
  }
  tags = { Name = "web" }
}

resource "aws_ebs_volume" "data" {
  availability_zone = local.zone
  size              = 30
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdh"
  volume_id   = aws_ebs_volume.data.id
  instance_id = aws_instance.web.id
}

resource "aws_ebs_snapshot" "data" {
  volume_id = aws_ebs_volume.data.id
}

resource "aws_ami_from_instance" "web" {
  name               = "web-golden"
  source_instance_id = aws_instance.web.id
}

resource "aws_eip" "web" {
  instance = aws_instance.web.id
  domain   = "vpc"
}

resource "aws_launch_template" "web" {
  name          = "web"
  image_id      = "ami-12c6146b"
  instance_type = "t3.micro"
}

resource "aws_autoscaling_group" "web" {
  name                = "web"
  min_size            = 2
  max_size            = 3
  desired_capacity    = 2
  vpc_zone_identifier = local.subnets
  launch_template {
    id      = aws_launch_template.web.id
    version = "$Latest"
  }
}

resource "aws_autoscaling_policy" "web" {
  name                   = "scale-out"
  autoscaling_group_name = aws_autoscaling_group.web.name
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = 1
}

resource "aws_lb" "web" {
  name            = "web"
  internal        = true
  subnets         = local.subnets
  security_groups = [data.aws_security_group.inline.id]
}

resource "aws_lb_target_group" "web" {
  name     = "web"
  port     = 80
  protocol = "HTTP"
  vpc_id   = data.aws_vpc.main.id
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 10
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
  condition {
    path_pattern {
      values = ["/api/*"]
    }
  }
}

# code.zip is written by record.py: the provider mirror has no archive provider.
resource "aws_lambda_function" "this" {
  for_each      = toset(["worker", "api"])
  function_name = each.key
  role          = aws_iam_role.service["lambda"].arn
  runtime       = "python3.12"
  handler       = "handler.handler"
  filename      = "${path.module}/code.zip"
  publish       = true
  environment {
    variables = { TOKEN = "PLANTED-SECRET-lambda-env" }
  }
}

resource "aws_lambda_function" "eu" {
  provider      = aws.eu
  function_name = "worker"
  role          = aws_iam_role.service["lambda"].arn
  runtime       = "python3.12"
  handler       = "handler.handler"
  filename      = "${path.module}/code.zip"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.this["api"].function_name
  function_version = aws_lambda_function.this["api"].version
}

resource "aws_lambda_permission" "events" {
  statement_id  = "events"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this["worker"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.tick.arn
}

resource "aws_lambda_layer_version" "common" {
  layer_name          = "common"
  filename            = "${path.module}/code.zip"
  compatible_runtimes = ["python3.12"]
}

# The group of worker is managed; that of api is made by the function itself.
resource "aws_cloudwatch_log_group" "worker" {
  name              = "/aws/lambda/worker"
  retention_in_days = 14
}

module "queues" {
  source       = "../modules/queue"
  for_each     = { orders = true, "refunds/eu" = false }
  name         = replace(each.key, "/", "-")
  dead_letters = each.value
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = module.queues["orders"].arn
  function_name    = aws_lambda_function.this["worker"].arn
}

resource "aws_cloudwatch_event_rule" "tick" {
  name                = "tick"
  schedule_expression = "rate(5 minutes)"
}

resource "aws_cloudwatch_event_target" "worker" {
  rule = aws_cloudwatch_event_rule.tick.name
  arn  = aws_lambda_function.this["worker"].arn
}

resource "aws_cloudwatch_event_bus" "domain" {
  name = "domain-events"
}

resource "aws_cloudwatch_event_rule" "domain" {
  name           = "tick"
  event_bus_name = aws_cloudwatch_event_bus.domain.name
  event_pattern  = jsonencode({ source = ["orders"] })
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "worker-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  threshold           = 0
}

resource "aws_cloudwatch_dashboard" "ops" {
  dashboard_name = "ops"
  dashboard_body = jsonencode({ widgets = [] })
}

resource "aws_ecr_repository" "web" {
  name = "shop/web"
}

resource "aws_ecs_cluster" "main" {
  name = "main"
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.service["ecs-tasks"].arn
  container_definitions = jsonencode([{
    name        = "web"
    image       = "shop/web:1"
    environment = [{ name = "TOKEN", value = "PLANTED-SECRET-task-env" }]
  }])
}

resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = aws_iam_role.service["eks"].arn
  vpc_config {
    subnet_ids = local.subnets
  }
}

resource "aws_eks_node_group" "workers" {
  cluster_name    = aws_eks_cluster.main.name
  node_group_name = "workers"
  node_role_arn   = aws_iam_role.service["ec2"].arn
  subnet_ids      = local.subnets
  scaling_config {
    desired_size = 1
    max_size     = 1
    min_size     = 1
  }
}
