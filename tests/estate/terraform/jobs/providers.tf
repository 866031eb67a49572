# Accounts are reached by AssumeRole; every endpoint comes from AWS_ENDPOINT_URL.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
  backend "s3" {
    bucket                      = "strays-states"
    key                         = "prod/jobs/terraform.tfstate"
    region                      = "us-east-1"
    use_lockfile                = true
    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
    assume_role = {
      role_arn = "arn:aws:iam::111111111111:role/StateReader"
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
    role_arn = "arn:aws:iam::${local.account}:role/Deploy"
  }
}
