"""Things made by hand beside the managed ones, with the verdict each must get."""

from collections.abc import Iterator

from .clients import EUROPE, HOME, PRODUCTION, STAGING, Clients
from .expectation import Expectation
from .handmade import ec2_arn, log_group, stray, tags
from .strays_named import HOSTILE, hostile, lookalikes, wizards

IMAGE = "ami-12c6146b"


def make_all(clients: Clients) -> list[Expectation]:
    """Make every stray of this module."""
    makers = (
        lookalikes,
        wizards,
        hostile,
        hand_made_network,
        stray_group,
        leftovers,
        function_logs,
        databases,
    )
    return [one for maker in makers for one in maker(clients)]


def hand_made_network(clients: Clients) -> Iterator[Expectation]:
    """A VPC by hand. Being inside it is containment, not ownership: each is its own stray."""
    ec2 = clients(PRODUCTION, "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.99.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(
        GroupName="inline", Description="same name as a managed group", VpcId=vpc
    )["GroupId"]
    instance = ec2.run_instances(
        ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group],
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags(HOSTILE[1])}],
    )["Instances"][0]["InstanceId"]  # fmt: skip
    rows = (
        ("AWS::EC2::VPC", "vpc", vpc),
        ("AWS::EC2::Subnet", "subnet", subnet),
        ("AWS::EC2::SecurityGroup", "security-group", group),
        ("AWS::EC2::Instance", "instance", instance),
    )
    for resource_type, noun, made in rows:
        yield stray(resource_type, PRODUCTION, HOME, ec2_arn(noun, made),
                    "a network by hand; containment is not ownership")  # fmt: skip


def stray_group(clients: Clients) -> Iterator[Expectation]:
    """An Auto Scaling group by hand: its instances hang on it (see `implied.py`)."""
    ec2 = clients(PRODUCTION, "ec2", EUROPE)
    image = ec2.describe_images(Owners=["amazon"], MaxResults=50)["Images"][0]["ImageId"]
    template = ec2.create_launch_template(
        LaunchTemplateName="crawler",
        LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    scaling = clients(PRODUCTION, "autoscaling", EUROPE)
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="crawler",
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        MinSize=2, MaxSize=2, AvailabilityZones=["eu-central-1a"],
    )  # fmt: skip
    described = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["crawler"])
    arn = described["AutoScalingGroups"][0]["AutoScalingGroupARN"]
    yield stray("AWS::AutoScaling::AutoScalingGroup", PRODUCTION, EUROPE, arn, "made by hand",
                resource_id="crawler")  # fmt: skip
    yield stray("AWS::EC2::LaunchTemplate", PRODUCTION, EUROPE,
                ec2_arn("launch-template", template, EUROPE), "made by hand")  # fmt: skip


def leftovers(clients: Clients) -> Iterator[Expectation]:
    """What stays when its maker is gone."""
    clients(PRODUCTION, "logs").create_log_group(logGroupName="/aws/lambda/GONE")
    yield stray(
        "AWS::Logs::LogGroup", PRODUCTION, HOME, log_group(PRODUCTION, HOME, "/aws/lambda/GONE"),
        "its function is gone: L11", resource_id="/aws/lambda/GONE",
    )  # fmt: skip
    ec2 = clients(PRODUCTION, "ec2")
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=2)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume, Description="before migration")["SnapshotId"]
    ec2.delete_volume(VolumeId=volume)
    arn = f"arn:aws:ec2:{HOME}::snapshot/{snapshot}"
    yield stray("AWS::EC2::Snapshot", PRODUCTION, HOME, arn, "by hand; its volume is gone")
    ec2.create_key_pair(KeyName="laptop")
    laptop = ec2_arn("key-pair", "laptop")
    yield stray("AWS::EC2::KeyPair", PRODUCTION, HOME, laptop, "by hand: X3")
    kms = clients(STAGING, "kms").create_key(Description="by hand")["KeyMetadata"]["Arn"]
    yield stray("AWS::KMS::Key", STAGING, HOME, kms, "an enabled customer key without alias: X10")
    clients(STAGING, "s3", EUROPE).create_bucket(
        Bucket="tmp-dump-444444444444", CreateBucketConfiguration={"LocationConstraint": EUROPE}
    )
    yield stray("AWS::S3::Bucket", STAGING, EUROPE, "arn:aws:s3:::tmp-dump-444444444444", "by hand")
    user = clients(STAGING, "iam").create_user(UserName="contractor")["User"]["Arn"]
    yield stray("AWS::IAM::User", STAGING, "global", user, "by hand")


def function_logs(clients: Clients) -> Iterator[Expectation]:
    """Log groups that managed functions would make by themselves; moto's do not."""
    for function in ("api", "worker"):
        region = HOME if function == "api" else EUROPE
        clients(PRODUCTION, "logs", region).create_log_group(logGroupName=f"/aws/lambda/{function}")
        arn = log_group(PRODUCTION, region, f"/aws/lambda/{function}")
        yield Expectation(
            "AWS::Logs::LogGroup", PRODUCTION, region, f"/aws/lambda/{function}", "derived",
            "in no state; its managed function in that region writes it: L1", arn=arn,
        )  # fmt: skip


def databases(clients: Clients) -> Iterator[Expectation]:
    """Kinds that Terraform cannot make on the emulator, and manual snapshots."""
    shot = clients(PRODUCTION, "rds").create_db_snapshot(
        DBInstanceIdentifier="shop", DBSnapshotIdentifier="shop-before-upgrade"
    )["DBSnapshot"]["DBSnapshotArn"]
    yield stray("AWS::RDS::DBSnapshot", PRODUCTION, HOME, shot, "a manual snapshot: X9",
                resource_id="shop-before-upgrade")  # fmt: skip
    machine = clients(PRODUCTION, "stepfunctions").create_state_machine(
        name="nightly", roleArn=f"arn:aws:iam::{PRODUCTION}:role/jobs",
        definition='{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
    )["stateMachineArn"]  # fmt: skip
    yield stray("AWS::StepFunctions::StateMachine", PRODUCTION, HOME, machine, "by hand")
    cluster = clients(STAGING, "redshift").create_cluster(
        ClusterIdentifier="warehouse", NodeType="ra3.large", MasterUsername="admin",
        MasterUserPassword="PLANTED-SECRET-redshift1",
    )["Cluster"]["ClusterIdentifier"]  # fmt: skip
    yield stray("AWS::Redshift::Cluster", STAGING, HOME,
                f"arn:aws:redshift:{HOME}:{STAGING}:cluster:{cluster}", "by hand")  # fmt: skip
    cache = clients(STAGING, "elasticache").create_cache_cluster(
        CacheClusterId="sessions", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1
    )["CacheCluster"]["ARN"]
    yield stray("AWS::ElastiCache::CacheCluster", STAGING, HOME, cache, "by hand")
