"""What nobody's code owns: the seed story."""

from typing import Any

from scanner.demo.make import application, compute, firewall, identity, messaging, storage
from scanner.demo.make import network as net
from scanner.demo.world import Ledger, Site

GPU_COUNT = 20
HOSTILE_ALARM = '=HYPERLINK("http://evil.example","x")<img src=x onerror=alert(1)>\'; DROP TABLE'
HOSTILE_TAG = "<script>alert('owned')</script>"


def gpu_burst(site: Site, ledger: Ledger) -> None:
    """Twenty GPU instances in the region that nobody uses, and the key they were started with."""
    site.client("ec2").create_key_pair(KeyName="tmp-miner")
    key = site.arn("ec2", "key-pair/tmp-miner")
    ledger.add(site, "AWS::EC2::KeyPair", key, "unmanaged", story="made with the instances")
    made = compute.instances(site, GPU_COUNT, "", InstanceType="p3.2xlarge", KeyName="tmp-miner")
    for each in made:
        _instance(site, ledger, each, "one of twenty GPU instances in an unused region")


def production(site: Site, ledger: Ledger) -> None:
    """In production: a user, a rule-breaking function, a bucket, a forged tag."""
    _administrator(site, ledger)
    _quick_fix(site, ledger)
    bucket = storage.bucket(site, "acme-exports-tmp")
    _stray(site, ledger, "AWS::S3::Bucket", bucket["arn"], "a bucket made in the console")
    forged = messaging.queue(site, "payout-retries", ManagedBy="terraform")
    _stray(site, ledger, "AWS::SQS::Queue", forged["arn"], "its tag says terraform, no state does")
    everywhere = Site(site.account_id, "global", site.clients)
    identity.role_policy(site, "shop-worker", "hotfix", identity.policy_text("s3:*"))
    parent = f"arn:aws:iam::{site.account_id}:role/shop-worker"
    ledger.child(everywhere, "AWS::IAM::RolePolicy", parent, "hotfix", status="unmanaged")


def staging(site: Site, ledger: Ledger) -> None:
    """In staging: a volume nobody attached, a snapshot, an address."""
    volume = compute.volume(site, f"{site.region}a", 500, "do-not-delete")
    _stray(site, ledger, "AWS::EC2::Volume", volume["arn"], "attached to nothing")
    made = site.client("ec2").create_snapshot(
        VolumeId=volume["id"], Description="before the migration"
    )
    snapshot = f"arn:aws:ec2:{site.region}::snapshot/{made['SnapshotId']}"
    _stray(site, ledger, "AWS::EC2::Snapshot", snapshot, "a snapshot made by hand")
    address = net.elastic_ip(site, "unused")
    _stray(site, ledger, "AWS::EC2::EIP", address["arn"], "an address nobody uses")


def test(site: Site, ledger: Ledger) -> None:
    """In the test account: a network by hand with an instance in it, and hostile names."""
    vpc = net.vpc(site, "10.99.0.0/16", "playground")
    _stray(site, ledger, "AWS::EC2::VPC", vpc["arn"], "a VPC made by hand")
    for resource_type, arn in firewall.vpc_parts(site, vpc):
        _dependent(site, ledger, resource_type, arn, vpc["arn"])
    subnets = [
        net.subnet(site, vpc["id"], f"10.99.{n}.0/24", zone, f"playground-{zone}")
        for n, zone in enumerate("ab")
    ]
    for each in subnets:
        _stray(site, ledger, "AWS::EC2::Subnet", each["arn"], "a subnet made by hand")
    inline = (("tcp", 3389, 3389, "0.0.0.0/0", ""),)
    group = firewall.security_group(site, vpc["id"], "launch-wizard-1", "launch-wizard-1", inline)
    _stray(site, ledger, "AWS::EC2::SecurityGroup", group["arn"], "a console wizard's group")
    for resource_type, arn in firewall.rules(site, group["id"]):
        _dependent(site, ledger, resource_type, arn, group["arn"])
    made = compute.instances(
        site, 1, HOSTILE_TAG, SubnetId=subnets[0]["id"], SecurityGroupIds=[group["id"]]
    )
    _instance(site, ledger, made[0], "an instance with a hostile Name tag")
    alarm = messaging.alarm(site, HOSTILE_ALARM)
    _stray(site, ledger, "AWS::CloudWatch::Alarm", alarm["arn"], "an alarm with a hostile name")


def _administrator(site: Site, ledger: Ledger) -> None:
    """An IAM user with an access key and administrator rights, attached and inline."""
    iam = site.client("iam")
    everywhere = Site(site.account_id, "global", site.clients)
    user = identity.user(site, "backup-admin")["arn"]
    _stray(everywhere, ledger, "AWS::IAM::User", user, "an administrator outside all code")
    key = iam.create_access_key(UserName="backup-admin")["AccessKey"]["AccessKeyId"]
    iam.attach_user_policy(UserName="backup-admin", PolicyArn=identity.ADMINISTRATOR)
    iam.put_user_policy(
        UserName="backup-admin", PolicyName="all", PolicyDocument=identity.policy_text("*")
    )
    for resource_type, name in (
        ("AWS::IAM::AccessKey", key),
        ("Ext::IAM::UserPolicyAttachment", identity.ADMINISTRATOR),
        ("AWS::IAM::UserPolicy", "all"),
    ):
        ledger.child(everywhere, resource_type, user, name, status="unmanaged", root=user)


def _quick_fix(site: Site, ledger: Ledger) -> None:
    """A function made in the console with its wizard's role, and its log group."""
    everywhere = Site(site.account_id, "global", site.clients)
    role = identity.role(site, "quick-fix-role", "lambda.amazonaws.com", "/service-role/")
    _stray(everywhere, ledger, "AWS::IAM::Role", role["arn"], "a console wizard's role")
    managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    identity.role_attachment(site, "quick-fix-role", managed)
    kind, owner = "Ext::IAM::RolePolicyAttachment", role["arn"]
    ledger.child(everywhere, kind, owner, managed, status="unmanaged", root=owner)
    function = application.function(site, "quick-fix", role["arn"])["arn"]
    _stray(site, ledger, "AWS::Lambda::Function", function, "a function made in the console")
    group = messaging.log_group(site, "/aws/lambda/quick-fix")["arn"]
    _dependent(site, ledger, "AWS::Logs::LogGroup", group, function)


def _instance(site: Site, ledger: Ledger, made: dict[str, Any], story: str) -> None:
    arn = compute.instance_arn(site, made)
    _stray(site, ledger, "AWS::EC2::Instance", arn, story)
    for resource_type, part in compute.instance_parts(site, made):
        _dependent(site, ledger, resource_type, part, arn)


def _stray(site: Site, ledger: Ledger, resource_type: str, arn: str, story: str) -> None:
    ledger.add(site, resource_type, arn, "unmanaged", story=story)


def _dependent(site: Site, ledger: Ledger, resource_type: str, arn: str, root: str) -> None:
    story = "it came with a stray"
    ledger.add(site, resource_type, arn, "unmanaged", root=root, story=story)
