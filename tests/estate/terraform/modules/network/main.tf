# One VPC with public and private subnets, every way to write rules and routes.
variable "name" { type = string }
variable "cidr" { type = string }
variable "zones" { type = map(string) }
variable "endpoint_service" { type = string }
variable "with_nat" {
  type    = bool
  default = true
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
  tags       = { Name = var.name }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

# Inline route.
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
  tags = { Name = "${var.name}-public" }
}

module "subnet" {
  source         = "../subnet"
  for_each       = var.zones
  vpc_id         = aws_vpc.this.id
  zone           = each.value
  name           = "${var.name}-${each.key}"
  cidr_block     = cidrsubnet(var.cidr, 8, index(keys(var.zones), each.key))
  route_table_id = aws_route_table.public.id
}

resource "aws_eip" "nat" {
  count  = var.with_nat ? 1 : 0
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  count         = var.with_nat ? 1 : 0
  allocation_id = aws_eip.nat[0].id
  subnet_id     = module.subnet[keys(var.zones)[0]].id
}

# Separate route.
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-private" }
}

resource "aws_route" "nat" {
  count                  = var.with_nat ? 1 : 0
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[0].id
}

resource "aws_network_acl" "inline" {
  vpc_id = aws_vpc.this.id
  ingress {
    rule_no    = 100
    protocol   = "tcp"
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 443
    to_port    = 443
  }
  tags = { Name = "${var.name}-inline" }
}

resource "aws_network_acl" "separate" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-separate" }
}

resource "aws_network_acl_rule" "https" {
  network_acl_id = aws_network_acl.separate.id
  rule_number    = 200
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 443
  to_port        = 443
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.this.id
  service_name    = var.endpoint_service
  route_table_ids = [aws_route_table.private.id]
}

resource "aws_security_group" "inline" {
  name        = "inline"
  description = "rules written inline"
  vpc_id      = aws_vpc.this.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "172.16.0.0/12"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# One state row, three rules in AWS.
resource "aws_security_group" "legacy" {
  name        = "legacy"
  description = "rules as aws_security_group_rule"
  vpc_id      = aws_vpc.this.id
}

resource "aws_security_group_rule" "legacy" {
  security_group_id = aws_security_group.legacy.id
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  cidr_blocks       = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]
}

resource "aws_security_group_rule" "from_group" {
  security_group_id        = aws_security_group.legacy.id
  type                     = "ingress"
  from_port                = 5432
  to_port                  = 5432
  protocol                 = "tcp"
  source_security_group_id = aws_security_group.inline.id
}

resource "aws_security_group" "modern" {
  name        = "modern"
  description = "rules as aws_vpc_security_group_*_rule"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each          = { office = "198.51.100.0/24", vpn = "203.0.113.0/24" }
  security_group_id = aws_security_group.modern.id
  cidr_ipv4         = each.value
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "dns" {
  security_group_id = aws_security_group.modern.id
  cidr_ipv4         = "10.0.0.2/32"
  from_port         = 53
  to_port           = 53
  ip_protocol       = "udp"
}

output "vpc_id" { value = aws_vpc.this.id }
output "subnet_ids" { value = { for key, subnet in module.subnet : key => subnet.id } }
