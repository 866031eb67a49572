"""Strays whose names or tags mislead: look-alikes, wizards' leftovers, forged and hostile ones."""

from collections.abc import Iterator

from .clients import EUROPE, HOME, PRODUCTION, STAGING, Clients
from .expectation import Expectation
from .handmade import TRUST, ec2_arn, log_group, stray, tags

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "=cmd|'/c calc'!A0",
    "\"quotes\" 'and' `ticks`; DROP TABLE resource; --",
)


def lookalikes(clients: Clients) -> Iterator[Expectation]:
    """The names of managed things, in another account or region."""
    role = clients(STAGING, "iam").create_role(
        RoleName="reader-inline", AssumeRolePolicyDocument=TRUST
    )["Role"]["Arn"]
    yield stray("AWS::IAM::Role", STAGING, "global", role, "the managed role is production's")
    for account, region in ((PRODUCTION, EUROPE), (STAGING, EUROPE)):
        clients(account, "sqs", region).create_queue(QueueName="jobs")
        why = "queue jobs is managed in us-east-1 of both accounts only"
        yield stray("AWS::SQS::Queue", account, region, f"arn:aws:sqs:{region}:{account}:jobs", why)
    topic = clients(STAGING, "sns", EUROPE).create_topic(Name="jobs")["TopicArn"]
    yield stray(
        "AWS::SNS::Topic", STAGING, EUROPE, topic, "topic jobs is managed in us-east-1 only"
    )
    clients(PRODUCTION, "logs", EUROPE).create_log_group(logGroupName="/jobs/runner")
    yield stray(
        "AWS::Logs::LogGroup", PRODUCTION, EUROPE, log_group(PRODUCTION, EUROPE, "/jobs/runner"),
        "the managed group of that name is in us-east-1", resource_id="/jobs/runner",
    )  # fmt: skip
    clients(STAGING, "events").put_rule(Name="tick", ScheduleExpression="rate(1 day)")
    yield stray(
        "AWS::Events::Rule", STAGING, HOME, f"arn:aws:events:{HOME}:{STAGING}:rule/tick",
        "rule tick is managed in production",
    )  # fmt: skip
    table = clients(STAGING, "dynamodb").create_table(
        TableName="carts",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )["TableDescription"]["TableArn"]
    yield stray("AWS::DynamoDB::Table", STAGING, HOME, table, "table carts is production's")


def wizards(clients: Clients) -> Iterator[Expectation]:
    """What the console leaves behind, and a forged tag."""
    group = clients(PRODUCTION, "ec2").create_security_group(
        GroupName="launch-wizard-1", Description="launch-wizard-1 created 2026-01-01"
    )["GroupId"]
    yield stray("AWS::EC2::SecurityGroup", PRODUCTION, HOME, ec2_arn("security-group", group),
                "launch-wizard in the default VPC: counter-rule X2")  # fmt: skip
    role = clients(PRODUCTION, "iam").create_role(
        RoleName="hello-role-x1y2z3", Path="/service-role/", AssumeRolePolicyDocument=TRUST
    )["Role"]["Arn"]
    yield stray("AWS::IAM::Role", PRODUCTION, "global", role, "/service-role/: counter-rule X1")
    clients(PRODUCTION, "sqs").create_queue(
        QueueName="forged", tags={"ManagedBy": "terraform", "terraform": "true"}
    )
    forged = f"arn:aws:sqs:{HOME}:{PRODUCTION}:forged"
    yield stray("AWS::SQS::Queue", PRODUCTION, HOME, forged, "a forged tag claims nothing: X4")


def hostile(clients: Clients) -> Iterator[Expectation]:
    """Names and tags written by an enemy of reports."""
    role = clients(PRODUCTION, "iam").create_role(
        RoleName="hostile",
        AssumeRolePolicyDocument=TRUST,
        Description=HOSTILE[0],
        Tags=[{"Key": f"k{n}", "Value": text} for n, text in enumerate(HOSTILE)],
    )["Role"]["Arn"]
    yield stray("AWS::IAM::Role", PRODUCTION, "global", role, "hostile tags and description")
    for name in HOSTILE:
        clients(PRODUCTION, "cloudwatch").put_metric_alarm(
            AlarmName=name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1,
            MetricName="Errors", Namespace="Shop", Period=60, Statistic="Sum", Threshold=1.0,
        )  # fmt: skip
        arn = f"arn:aws:cloudwatch:{HOME}:{PRODUCTION}:alarm:{name}"
        why = "a hostile name (alarm names allow any character)"
        yield stray("AWS::CloudWatch::Alarm", PRODUCTION, HOME, arn, why, resource_id=name)
    volume = clients(PRODUCTION, "ec2").create_volume(
        AvailabilityZone="us-east-1a", Size=1,
        TagSpecifications=[{"ResourceType": "volume", "Tags": tags(HOSTILE[1])}],
    )["VolumeId"]  # fmt: skip
    yield stray("AWS::EC2::Volume", PRODUCTION, HOME, ec2_arn("volume", volume), "a hostile Name")
