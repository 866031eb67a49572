# One root, two workspaces: default in production, staging in the staging account.
locals {
  account = terraform.workspace == "staging" ? "444444444444" : "333333333333"
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "topic"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.jobs.arn
    }]
  })
}

resource "aws_sns_topic" "jobs" {
  name = "jobs"
}

resource "aws_sns_topic_policy" "jobs" {
  arn = aws_sns_topic.jobs.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "events"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "SNS:Publish"
      Resource  = aws_sns_topic.jobs.arn
    }]
  })
}

resource "aws_sns_topic_subscription" "jobs" {
  topic_arn = aws_sns_topic.jobs.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.jobs.arn
}

resource "aws_cloudwatch_log_group" "jobs" {
  for_each = { runner = 7, "runner/audit" = 30 }
  name     = "/jobs/${each.key}"

  retention_in_days = each.value
}

resource "aws_iam_role" "jobs" {
  name = "jobs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codebuild.amazonaws.com" }
    }]
  })
}

resource "aws_codebuild_project" "jobs" {
  name         = "jobs"
  service_role = aws_iam_role.jobs.arn
  artifacts {
    type = "NO_ARTIFACTS"
  }
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"
  }
  source {
    type      = "GITHUB"
    location  = "https://github.com/example/jobs.git"
    buildspec = "version: 0.2"
  }
}

resource "aws_scheduler_schedule_group" "jobs" {
  name = "jobs"
}

# A stack that Terraform makes: its members belong to the stack.
resource "aws_cloudformation_stack" "legacy" {
  name = "legacy-jobs"
  template_body = jsonencode({
    Resources = {
      Queue = { Type = "AWS::SQS::Queue", Properties = { QueueName = "legacy-jobs" } }
    }
  })
}
