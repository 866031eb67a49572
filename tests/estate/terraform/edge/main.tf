# Names, certificates and APIs. Its state is a local file.
resource "aws_route53_zone" "main" {
  name = "shop.example.com"
}

resource "aws_route53_zone" "private" {
  name = "internal.example.com"
  vpc {
    vpc_id = data.aws_vpc.main.id
  }
}

data "aws_vpc" "main" {
  tags = { Name = "main" }
}

resource "aws_route53_record" "short" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "www"
  type    = "CNAME"
  ttl     = 60
  records = ["edge.example.net"]
}

resource "aws_route53_record" "wildcard" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "*.shop.example.com"
  type    = "A"
  ttl     = 60
  records = ["192.0.2.7"]
}

resource "aws_route53_record" "weighted" {
  for_each       = { blue = 90, green = 10 }
  zone_id        = aws_route53_zone.main.zone_id
  name           = "api.shop.example.com"
  type           = "A"
  ttl            = 60
  records        = ["192.0.2.${each.value}"]
  set_identifier = each.key
  weighted_routing_policy {
    weight = each.value
  }
}

resource "aws_route53_health_check" "www" {
  fqdn          = "www.shop.example.com"
  port          = 443
  type          = "HTTPS"
  resource_path = "/"
}

resource "aws_acm_certificate" "main" {
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}

resource "aws_cloudfront_origin_access_control" "main" {
  name                              = "shop"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "main" {
  enabled = true
  origin {
    domain_name = "origin.example.com"
    origin_id   = "origin"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "origin"
    viewer_protocol_policy = "redirect-to-https"
    forwarded_values {
      query_string = false
      cookies {
        forward = "none"
      }
    }
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_wafv2_web_acl" "main" {
  name  = "shop"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = false
    metric_name                = "shop"
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_ip_set" "offices" {
  name               = "offices"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = ["198.51.100.0/24"]
}

resource "aws_api_gateway_rest_api" "legacy" {
  name = "legacy"
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.legacy.id
  parent_id   = aws_api_gateway_rest_api.legacy.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "orders" {
  rest_api_id   = aws_api_gateway_rest_api.legacy.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "orders" {
  rest_api_id = aws_api_gateway_rest_api.legacy.id
  resource_id = aws_api_gateway_resource.orders.id
  http_method = aws_api_gateway_method.orders.http_method
  type        = "MOCK"
}

resource "aws_api_gateway_deployment" "legacy" {
  rest_api_id = aws_api_gateway_rest_api.legacy.id
  depends_on  = [aws_api_gateway_integration.orders]
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.legacy.id
  deployment_id = aws_api_gateway_deployment.legacy.id
  stage_name    = "live"
}

resource "aws_api_gateway_api_key" "partner" {
  name = "partner"
}

resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "shop" {
  api_id             = aws_apigatewayv2_api.shop.id
  integration_type   = "HTTP_PROXY"
  integration_method = "GET"
  integration_uri    = "https://origin.example.com"
}

resource "aws_apigatewayv2_route" "shop" {
  api_id    = aws_apigatewayv2_api.shop.id
  route_key = "GET /orders"
  target    = "integrations/${aws_apigatewayv2_integration.shop.id}"
}

resource "aws_apigatewayv2_stage" "live" {
  api_id = aws_apigatewayv2_api.shop.id
  name   = "live"
}

resource "aws_cognito_user_pool" "customers" {
  name = "customers"
}

resource "aws_cognito_user_pool_client" "web" {
  name         = "web"
  user_pool_id = aws_cognito_user_pool.customers.id
}

resource "aws_cognito_identity_pool" "guests" {
  identity_pool_name = "guests"
}

resource "aws_service_discovery_http_namespace" "shop" {
  name = "shop"
}
