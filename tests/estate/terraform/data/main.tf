# Storage, databases, streams and keys.
data "aws_vpc" "main" {
  tags = { Name = "main" }
}

data "aws_subnets" "main" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.main.id]
  }
}

resource "aws_kms_key" "main" {
  description = "main"
}

resource "aws_kms_alias" "main" {
  name          = "alias/main"
  target_key_id = aws_kms_key.main.key_id
}

resource "aws_s3_bucket" "assets" {
  bucket = "shop-assets-333333333333"
}

resource "aws_s3_bucket_versioning" "assets" {
  bucket = aws_s3_bucket.assets.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "assets" {
  bucket = aws_s3_bucket.assets.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "assets" {
  bucket            = aws_s3_bucket.assets.id
  block_public_acls = true
}

resource "aws_s3_bucket_policy" "assets" {
  bucket = aws_s3_bucket.assets.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Deny", Principal = "*", Action = "s3:DeleteBucket", Resource = aws_s3_bucket.assets.arn
    }]
  })
}

resource "aws_s3_bucket" "eu" {
  provider = aws.eu
  bucket   = "shop-exports-eu-333333333333"
}

resource "aws_s3_object" "readme" {
  bucket  = aws_s3_bucket.assets.id
  key     = "readme.txt"
  content = "hello"
}

resource "aws_secretsmanager_secret" "database" {
  name = "shop/database"
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = "PLANTED-SECRET-secretsmanager"
}

resource "aws_ssm_parameter" "token" {
  name  = "/shop/token"
  type  = "SecureString"
  value = "PLANTED-SECRET-ssm"
}

resource "aws_ssm_document" "patch" {
  name          = "shop-patch"
  document_type = "Command"
  content       = jsonencode({ schemaVersion = "1.2", description = "patch", parameters = {}, runtimeConfig = {} })
}

resource "aws_dynamodb_table" "this" {
  for_each     = toset(["carts", "shop.orders"])
  name         = each.key
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "eu" {
  provider     = aws.eu
  name         = "carts"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = data.aws_subnets.main.ids
}

resource "aws_db_parameter_group" "main" {
  name   = "main"
  family = "postgres16"
}

resource "aws_db_instance" "shop" {
  identifier           = "shop"
  engine               = "postgres"
  engine_version       = "16.3"
  instance_class       = "db.t3.micro"
  allocated_storage    = 20
  username             = "shop"
  password             = "PLANTED-SECRET-database"
  db_subnet_group_name = aws_db_subnet_group.main.name
  parameter_group_name = aws_db_parameter_group.main.name
  skip_final_snapshot  = true
}

resource "aws_rds_cluster" "ledger" {
  cluster_identifier  = "ledger"
  engine              = "aurora-postgresql"
  master_username     = "ledger"
  master_password     = "PLANTED-SECRET-cluster"
  skip_final_snapshot = true
}

resource "aws_elasticache_subnet_group" "main" {
  name       = "main"
  subnet_ids = data.aws_subnets.main.ids
}

resource "aws_efs_file_system" "shared" {
  creation_token = "shared"
}

resource "aws_efs_mount_target" "shared" {
  file_system_id = aws_efs_file_system.shared.id
  subnet_id      = data.aws_subnets.main.ids[0]
}

resource "aws_efs_access_point" "shared" {
  file_system_id = aws_efs_file_system.shared.id
}

resource "aws_kinesis_stream" "clicks" {
  name        = "clicks"
  shard_count = 1
}

resource "aws_iam_role" "firehose" {
  name = "data-firehose"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "firehose.amazonaws.com" }
    }]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = aws_iam_role.firehose.arn
    bucket_arn = aws_s3_bucket.assets.arn
  }
}

resource "aws_glue_catalog_database" "lake" {
  name = "lake"
}

resource "aws_glue_catalog_table" "clicks" {
  name          = "clicks"
  database_name = aws_glue_catalog_database.lake.name
}

resource "aws_backup_vault" "main" {
  name = "main"
}

resource "aws_backup_plan" "daily" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main.name
    schedule          = "cron(0 5 * * ? *)"
  }
}
