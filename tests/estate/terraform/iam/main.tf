# Who may do what, in both accounts with the same names. Its state is a local file.
locals {
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
  read = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
}

resource "aws_iam_role" "inline" {
  name               = "reader-inline"
  assume_role_policy = local.trust
  inline_policy {
    name   = "read"
    policy = local.read
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  path               = "/ci/"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "deploy" {
  name   = "read"
  role   = aws_iam_role.deploy.name
  policy = local.read
}

resource "aws_iam_policy" "deploy" {
  name   = "deploy"
  policy = local.read
}

resource "aws_iam_role_policy_attachment" "deploy" {
  role       = aws_iam_role.deploy.name
  policy_arn = aws_iam_policy.deploy.arn
}

resource "aws_iam_role" "staging_deploy" {
  provider           = aws.staging
  name               = "deploy"
  path               = "/ci/"
  assume_role_policy = local.trust
}

resource "aws_iam_instance_profile" "reader" {
  name = "reader"
  role = aws_iam_role.inline.name
}

resource "aws_iam_user" "robot" {
  name = "robot"
}

resource "aws_iam_access_key" "robot" {
  user = aws_iam_user.robot.name
}

resource "aws_iam_user_policy" "robot" {
  name   = "read"
  user   = aws_iam_user.robot.name
  policy = local.read
}

resource "aws_iam_user" "staging_robot" {
  provider = aws.staging
  name     = "robot"
}

resource "aws_iam_group" "ops" {
  name = "ops"
}

resource "aws_iam_group_membership" "ops" {
  name  = "ops"
  group = aws_iam_group.ops.name
  users = [aws_iam_user.robot.name]
}

resource "aws_iam_group_policy" "ops" {
  name   = "read"
  group  = aws_iam_group.ops.name
  policy = local.read
}

resource "aws_iam_openid_connect_provider" "ci" {
  url             = "https://token.actions.example.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}
