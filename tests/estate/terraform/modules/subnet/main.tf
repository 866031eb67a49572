variable "vpc_id" { type = string }
variable "zone" { type = string }
variable "name" { type = string }
variable "cidr_block" { type = string }
variable "route_table_id" { type = string }

resource "aws_subnet" "this" {
  vpc_id            = var.vpc_id
  availability_zone = var.zone
  cidr_block        = var.cidr_block
  tags              = { Name = var.name }
}

resource "aws_route_table_association" "this" {
  subnet_id      = aws_subnet.this.id
  route_table_id = var.route_table_id
}

output "id" { value = aws_subnet.this.id }
