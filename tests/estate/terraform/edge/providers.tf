# Accounts are reached by AssumeRole; every endpoint comes from AWS_ENDPOINT_URL.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {

  region                      = "us-east-1"
  access_key                  = "recorder"
  secret_key                  = "recorder"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  s3_use_path_style           = true
  assume_role {
    role_arn = "arn:aws:iam::333333333333:role/Deploy"
  }
}
