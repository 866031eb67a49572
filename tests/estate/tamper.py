"""Changes by hand to things that Terraform manages: additions and deletions."""

import json

from .clients import EUROPE, HOME, PRODUCTION, Clients
from .expectation import Expectation

READ_ALL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
)


def seen_by_refresh(clients: Clients) -> list[Expectation]:
    """Additions made before `apply -refresh-only`, so the states' computed collections list them.

    Each parent has separate child resources in the state, so only those claim children.
    """
    iam = clients(PRODUCTION, "iam")
    iam.put_role_policy(RoleName="deploy", PolicyName="backdoor", PolicyDocument=READ_ALL)
    seen = "in its refreshed"
    why = "made by hand on a role whose policies are separate resources; the refreshed state's"
    return [
        Expectation(
            "AWS::IAM::RolePolicy", PRODUCTION, "global", "deploy:backdoor", "unmanaged",
            f"{why} computed inline_policy is an observation",
        ),
        rule(clients, "legacy", "203.0.113.66/32", f"on a group with own rules, {seen} ingress"),
        rule(clients, "modern", "203.0.113.67/32", f"on a group with own rules, {seen} ingress"),
        route(clients, "main-private", "192.168.0.0/16", f"where routes are own rows, {seen} list"),
    ]  # fmt: skip


def unseen(clients: Clients) -> list[Expectation]:
    """Additions after the last refresh: no state knows them."""
    iam = clients(PRODUCTION, "iam")
    iam.put_role_policy(RoleName="reader-inline", PolicyName="sudo", PolicyDocument=READ_ALL)
    iam.put_user_policy(UserName="robot", PolicyName="sudo", PolicyDocument=READ_ALL)
    key = iam.create_access_key(UserName="robot")["AccessKey"]["AccessKeyId"]
    return [
        Expectation(
            "AWS::IAM::RolePolicy", PRODUCTION, "global", "reader-inline:sudo", "unmanaged",
            "made by hand on a managed role with inline policies; its state lists only read",
        ),
        Expectation(
            "AWS::IAM::UserPolicy", PRODUCTION, "global", "robot:sudo", "unmanaged",
            "made by hand on a managed user",
        ),
        Expectation(
            "AWS::IAM::AccessKey", PRODUCTION, "global", key, "unmanaged",
            "a second key made by hand for a managed user",
        ),
        rule(clients, "inline", "0.0.0.0/0", "on a group with inline rules, not in its state"),
        route(clients, "main-public", "192.168.1.0/24", "in a table with inline routes, unlisted"),
    ]  # fmt: skip


def rule(clients: Clients, group_name: str, cidr: str, why: str) -> Expectation:
    """SSH from `cidr` into the managed group of that name in the main VPC."""
    ec2 = clients(PRODUCTION, "ec2")
    group = main_group(clients, group_name)
    made = ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": cidr}]}
        ],
    )["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    return Expectation(
        "Ext::EC2::SecurityGroupRule", PRODUCTION, HOME, made, "unmanaged", f"by hand {why}",
        arn=f"arn:aws:ec2:{HOME}:{PRODUCTION}:security-group-rule/{made}",
    )  # fmt: skip


def route(clients: Clients, table_name: str, cidr: str, why: str) -> Expectation:
    """A route to the internet gateway in the managed table of that name."""
    ec2 = clients(PRODUCTION, "ec2")
    named = [{"Name": "tag:Name", "Values": [table_name]}]
    table = ec2.describe_route_tables(Filters=named)["RouteTables"][0]
    attached = [{"Name": "attachment.vpc-id", "Values": [table["VpcId"]]}]
    gateway = ec2.describe_internet_gateways(Filters=attached)["InternetGateways"][0]
    ec2.create_route(
        RouteTableId=table["RouteTableId"],
        DestinationCidrBlock=cidr,
        GatewayId=gateway["InternetGatewayId"],
    )
    return Expectation(
        "AWS::EC2::Route", PRODUCTION, HOME, f"{table['RouteTableId']}|{cidr}", "unmanaged",
        f"by hand {why}",
    )  # fmt: skip


def main_vpc(clients: Clients) -> str:
    named = [{"Name": "tag:Name", "Values": ["main"]}]
    return str(clients(PRODUCTION, "ec2").describe_vpcs(Filters=named)["Vpcs"][0]["VpcId"])


def main_group(clients: Clients, name: str) -> str:
    wanted = [
        {"Name": "group-name", "Values": [name]},
        {"Name": "vpc-id", "Values": [main_vpc(clients)]},
    ]
    groups = clients(PRODUCTION, "ec2").describe_security_groups(Filters=wanted)
    return str(groups["SecurityGroups"][0]["GroupId"])


def delete_managed(clients: Clients) -> set[str]:
    """Delete by hand; the ids, as the states know them, of what is missing from then on."""
    clients(PRODUCTION, "logs").delete_log_group(logGroupName="/jobs/runner/audit")
    clients(PRODUCTION, "dynamodb", EUROPE).delete_table(TableName="carts")
    clients(PRODUCTION, "ecr").delete_repository(repositoryName="shop/web")
    group = main_group(clients, "modern")
    ec2 = clients(PRODUCTION, "ec2")
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    gone = next(
        one["SecurityGroupRuleId"]
        for one in rules["SecurityGroupRules"]
        if one.get("CidrIpv4") == "203.0.113.0/24"
    )
    ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[gone])
    return {
        f"arn:aws:logs:{HOME}:{PRODUCTION}:log-group:/jobs/runner/audit",
        f"arn:aws:dynamodb:{EUROPE}:{PRODUCTION}:table/carts",
        f"arn:aws:ecr:{HOME}:{PRODUCTION}:repository/shop/web",
        f"arn:aws:ec2:{HOME}:{PRODUCTION}:security-group-rule/{gone}",
    }
