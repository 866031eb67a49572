# A queue, and with dead_letters its second self as a nested module (count).
variable "name" { type = string }
variable "dead_letters" {
  type    = bool
  default = false
}

module "dead" {
  source = "../queue_only"
  count  = var.dead_letters ? 1 : 0
  name   = "${var.name}-dead"
}

resource "aws_sqs_queue" "this" {
  name = var.name
}

output "arn" { value = aws_sqs_queue.this.arn }
output "url" { value = aws_sqs_queue.this.url }
