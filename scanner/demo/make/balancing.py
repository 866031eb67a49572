"""Load balancers, DNS and certificates."""

from typing import Any

from scanner.demo.world import Attributes, Site


def load_balancer(site: Site, name: str, subnets: list[str], groups: list[str]) -> Attributes:
    """An application load balancer."""
    made = site.client("elbv2").create_load_balancer(
        Name=name, Subnets=subnets, SecurityGroups=groups, Type="application"
    )["LoadBalancers"][0]
    arn = made["LoadBalancerArn"]
    return {
        "arn": arn,
        "arn_suffix": arn.partition("loadbalancer/")[2],
        "id": arn,
        "name": name,
        "dns_name": made["DNSName"],
        "zone_id": made["CanonicalHostedZoneId"],
        "ip_address_type": "ipv4",
        "load_balancer_type": "application",
        "security_groups": groups,
        "subnets": subnets,
        "vpc_id": made["VpcId"],
    }


def target_group(site: Site, name: str, vpc_id: str) -> Attributes:
    """A target group for plain HTTP."""
    made = site.client("elbv2").create_target_group(
        Name=name, Protocol="HTTP", Port=80, VpcId=vpc_id, TargetType="instance"
    )["TargetGroups"][0]
    arn = made["TargetGroupArn"]
    return {
        "arn": arn,
        "arn_suffix": arn.rpartition(":")[2],
        "id": arn,
        "name": name,
        "port": 80,
        "protocol": "HTTP",
        "protocol_version": "HTTP1",
        "target_type": "instance",
        "vpc_id": vpc_id,
    }


def listener(site: Site, balancer_arn: str, group_arn: str) -> Attributes:
    """A listener on port 80 that forwards; AWS makes its default rule."""
    made = site.client("elbv2").create_listener(
        LoadBalancerArn=balancer_arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group_arn}],
    )["Listeners"][0]["ListenerArn"]
    return {
        "arn": made,
        "id": made,
        "default_action": [_forward(group_arn)],
        "load_balancer_arn": balancer_arn,
        "port": 80,
        "protocol": "HTTP",
    }


def listener_rule(
    site: Site, listener_arn: str, group_arn: str, priority: int, path: str
) -> Attributes:
    """A rule that forwards what matches a path."""
    made = site.client("elbv2").create_rule(
        ListenerArn=listener_arn,
        Priority=priority,
        Conditions=[{"Field": "path-pattern", "Values": [path]}],
        Actions=[{"Type": "forward", "TargetGroupArn": group_arn}],
    )["Rules"][0]["RuleArn"]
    condition = {
        "host_header": [],
        "http_header": [],
        "http_request_method": [],
        "path_pattern": [{"values": [path]}],
        "query_string": [],
        "source_ip": [],
    }
    return {
        "arn": made,
        "id": made,
        "action": [_forward(group_arn)],
        "condition": [condition],
        "listener_arn": listener_arn,
        "priority": priority,
    }


def default_rule_arn(site: Site, listener_arn: str) -> str:
    """The rule that AWS made with the listener."""
    rules = site.client("elbv2").describe_rules(ListenerArn=listener_arn)["Rules"]
    return str(next(each["RuleArn"] for each in rules if each["IsDefault"]))


def zone(site: Site, name: str) -> Attributes:
    """A public Route 53 zone with AWS's NS and SOA records."""
    made = site.client("route53").create_hosted_zone(Name=name, CallerReference=f"demo-{name}")
    key = made["HostedZone"]["Id"].rpartition("/")[2]
    servers = made["DelegationSet"]["NameServers"]
    return {
        "arn": f"arn:aws:route53:::hostedzone/{key}",
        "id": key,
        "zone_id": key,
        "name": name,
        "comment": "Managed by Terraform",
        "name_servers": servers,
        "primary_name_server": servers[0],
    }


def record(site: Site, zone_id: str, name: str, kind: str, values: list[str]) -> Attributes:
    """A record set with plain values."""
    content = {"TTL": 300, "ResourceRecords": [{"Value": value} for value in values]}
    _upsert(site, zone_id, {"Name": name, "Type": kind} | content)
    return _record(zone_id, name, kind, name) | {"records": values, "ttl": 300}


def alias_record(
    site: Site, zone_id: str, label: str, domain: str, target: Attributes
) -> Attributes:
    """An alias to a load balancer; the state keeps the short name that the code gives."""
    name = f"{label}.{domain}"
    alias = {"DNSName": target["dns_name"], "HostedZoneId": target["zone_id"]}
    alias_target = alias | {"EvaluateTargetHealth": False}
    _upsert(site, zone_id, {"Name": name, "Type": "A", "AliasTarget": alias_target})
    block = {
        "evaluate_target_health": False,
        "name": target["dns_name"],
        "zone_id": target["zone_id"],
    }
    return _record(zone_id, label, "A", name) | {"alias": [block], "records": None, "ttl": 0}


def certificate(site: Site, domain: str) -> Attributes:
    """A certificate that waits for its validation."""
    arn = site.client("acm").request_certificate(DomainName=domain, ValidationMethod="DNS")[
        "CertificateArn"
    ]
    return {
        "arn": arn,
        "id": arn,
        "domain_name": domain,
        "subject_alternative_names": [domain],
        "status": "PENDING_VALIDATION",
        "type": "AMAZON_ISSUED",
        "validation_method": "DNS",
    }


def _upsert(site: Site, zone_id: str, record_set: dict[str, Any]) -> None:
    site.client("route53").change_resource_record_sets(
        HostedZoneId=zone_id,
        ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record_set}]},
    )


def _record(zone_id: str, name: str, kind: str, fqdn: str) -> Attributes:
    return {
        "id": f"{zone_id}_{name}_{kind}",
        "name": name,
        "type": kind,
        "fqdn": fqdn,
        "zone_id": zone_id,
    }


def _forward(group_arn: str) -> dict[str, Any]:
    return {
        "authenticate_cognito": [],
        "authenticate_oidc": [],
        "fixed_response": [],
        "forward": [],
        "order": 1,
        "redirect": [],
        "target_group_arn": group_arn,
        "type": "forward",
    }
