"""Messages and signals: queues, topics, streams, logs, alarms and schedules."""

from scanner.demo.world import Attributes, Site


def queue(site: Site, name: str, **tags: str) -> Attributes:
    """An SQS queue."""
    url = site.client("sqs").create_queue(QueueName=name, tags=tags)["QueueUrl"]
    return queue_attributes(site, name, url) | {"tags": tags or None}


def queue_attributes(site: Site, name: str, url: str) -> Attributes:
    """What a state says of a queue, which need not exist."""
    return {"arn": site.arn("sqs", name), "id": url, "url": url, "name": name}


def topic(site: Site, name: str, **tags: str) -> Attributes:
    """An SNS topic."""
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    arn = site.client("sns").create_topic(Name=name, Tags=pairs)["TopicArn"]
    return {"arn": arn, "id": arn, "name": name, "owner": site.account_id, "tags": tags or None}


def subscription(site: Site, topic_arn: str, queue_arn: str) -> Attributes:
    """A queue's subscription to a topic."""
    arn = site.client("sns").subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_arn)[
        "SubscriptionArn"
    ]
    return {
        "arn": arn,
        "id": arn,
        "endpoint": queue_arn,
        "owner_id": site.account_id,
        "protocol": "sqs",
        "topic_arn": topic_arn,
    }


def stream(site: Site, name: str) -> Attributes:
    """A Kinesis stream with one shard."""
    site.client("kinesis").create_stream(StreamName=name, ShardCount=1)
    arn = site.arn("kinesis", f"stream/{name}")
    return {
        "arn": arn,
        "id": arn,
        "name": name,
        "encryption_type": "NONE",
        "stream_mode_details": [{"stream_mode": "PROVISIONED"}],
    }


def log_group(site: Site, name: str) -> Attributes:
    """A log group; the provider records its ARN without the final `:*`."""
    site.client("logs").create_log_group(logGroupName=name)
    return {
        "arn": site.arn("logs", f"log-group:{name}"),
        "id": name,
        "name": name,
        "retention_in_days": 0,
    }


def alarm(site: Site, name: str) -> Attributes:
    """A CloudWatch alarm on CPU use."""
    site.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="CPUUtilization",
        Namespace="AWS/EC2",
        Period=60,
        Statistic="Average",
        Threshold=80,
    )
    return {
        "arn": site.arn("cloudwatch", f"alarm:{name}"),
        "id": name,
        "alarm_name": name,
        "comparison_operator": "GreaterThanThreshold",
        "metric_name": "CPUUtilization",
        "namespace": "AWS/EC2",
        "statistic": "Average",
        "treat_missing_data": "missing",
    }


def schedule(site: Site, name: str) -> Attributes:
    """An EventBridge rule that fires daily."""
    arn = site.client("events").put_rule(Name=name, ScheduleExpression="rate(1 day)")["RuleArn"]
    return {
        "arn": arn,
        "id": name,
        "name": name,
        "event_bus_name": "default",
        "schedule_expression": "rate(1 day)",
        "state": "ENABLED",
    }


def schedule_target(site: Site, rule_name: str, target_arn: str) -> Attributes:
    """What an EventBridge rule calls; `arn` is that thing's, not its own."""
    key = "terraform-20260114093012345600000001"
    site.client("events").put_targets(Rule=rule_name, Targets=[{"Id": key, "Arn": target_arn}])
    return {
        "arn": target_arn,
        "id": f"{rule_name}-{key}",
        "event_bus_name": "default",
        "rule": rule_name,
        "target_id": key,
    }
