# Networks of two regions, and the default VPC of one region adopted.
module "us" {
  source           = "../modules/network"
  name             = "main"
  cidr             = "10.0.0.0/16"
  zones            = { a = "us-east-1a", "b.two" = "us-east-1b" }
  endpoint_service = "com.amazonaws.us-east-1.s3"
}

module "eu" {
  source           = "../modules/network"
  providers        = { aws = aws.eu }
  name             = "main"
  cidr             = "10.64.0.0/16"
  zones            = { a = "eu-central-1a", b = "eu-central-1b" }
  endpoint_service = "com.amazonaws.eu-central-1.s3"
  with_nat         = false
}

resource "aws_default_vpc" "eu" {
  provider = aws.eu
  tags     = { Name = "adopted" }
}

resource "aws_default_security_group" "eu" {
  provider = aws.eu
  vpc_id   = aws_default_vpc.eu.id
}

resource "aws_network_interface" "appliance" {
  subnet_id   = module.us.subnet_ids["a"]
  description = "appliance"
}

resource "aws_vpc_dhcp_options" "corp" {
  domain_name         = "corp.example"
  domain_name_servers = ["10.0.0.2"]
}

resource "aws_vpc_dhcp_options_association" "corp" {
  vpc_id          = module.us.vpc_id
  dhcp_options_id = aws_vpc_dhcp_options.corp.id
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr = "198.51.100.0/24"
  }
}

resource "aws_customer_gateway" "office" {
  bgp_asn    = 65000
  ip_address = "198.51.100.9"
  type       = "ipsec.1"
}

resource "aws_ec2_transit_gateway" "hub" {
  description = "hub"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "us" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = module.us.vpc_id
  subnet_ids         = [module.us.subnet_ids["a"]]
}

resource "aws_vpc_peering_connection" "self" {
  vpc_id      = module.us.vpc_id
  peer_vpc_id = module.eu.vpc_id
  peer_region = "eu-central-1"
}
