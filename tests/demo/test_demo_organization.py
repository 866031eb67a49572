import collections
import json
import tomllib

import pytest

from scanner.demo import build, landing_zone
from scanner.demo.world import REGIONS
from scanner.errors import DemoError
from tests.demo import demo_listing

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def live(demos):
    """All ARNs that boto3 finds in each of the two organizations."""
    return [_live_arns(demo) for demo in demos]


def _live_arns(demo):
    found = set()
    for name, account in demo.organization.accounts.items():

        def client(service, region="us-east-1", account=account):
            return demo.clients(account, service, region)

        found.update(demo_listing.global_arns(client))
        if name == "management":
            found.update(demo_listing.organization_arns(client("organizations")))
    for account, region in _places(demo):

        def here(service, account=account, region=region):
            return demo.clients(account, service, region)

        found.update(demo_listing.regional_arns(here, account, region))
    return found


def _places(demo):
    """The regions of accounts in which the demo made anything."""
    made = {(each.account_id, each.region) for each in demo.organization.expected.values()}
    return {place for place in made if place[1] in REGIONS}


def _states(demo):
    s3 = demo.clients(demo.organization.accounts["security"], "s3", "us-east-1")
    bucket = landing_zone.STATE_BUCKET
    for item in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        if item["Key"].endswith(".tfstate"):
            body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
            yield item["Key"], json.loads(body)
    for path in sorted(demo.folder.rglob("*.tfstate")):
        yield path.name, json.loads(path.read_text())


def _claims(states):
    for _, state in states:
        for resource in state["resources"]:
            if resource["mode"] == "managed":
                yield from ((resource, instance) for instance in resource["instances"])


def test_each_expected_thing_is_there(demos, live):
    for demo, found in zip(demos, live, strict=True):
        assert set(demo.organization.expected) - found == set()


def test_everything_in_the_unused_region_is_a_stray_or_a_default(demo, live):
    made = [each for each in demo.organization.expected.values() if each.region == REGIONS[-1]]
    assert {each.status for each in made} == {"unmanaged"}
    instances = [each for each in live[0] if f":{REGIONS[-1]}:" in each and ":instance/" in each]
    assert len(instances) == 20


def test_the_twenty_instances_are_gpu_instances_and_strays_of_their_own(demo):
    ec2 = demo.clients(demo.organization.accounts["production"], "ec2", REGIONS[-1])
    running = [
        each for group in ec2.describe_instances()["Reservations"] for each in group["Instances"]
    ]
    assert {each["InstanceType"] for each in running} == {"p3.2xlarge"}
    strays = [each for each in demo.organization.strays if each.region == REGIONS[-1]]
    counted = collections.Counter(each.resource_type for each in strays)
    assert counted == {"AWS::EC2::Instance": 20, "AWS::EC2::KeyPair": 1}


def test_nothing_that_is_missing_is_there(demos, live):
    for demo, found in zip(demos, live, strict=True):
        missing = demo.organization.missing
        assert len(missing) == 3
        assert {each.arn for each in missing} & found == set()


def test_what_is_there_and_not_expected_is_aws_own(demo, live):
    unexpected = live[0] - set(demo.organization.expected)
    defaults = _default_network(demo)
    left = {arn for arn in unexpected - defaults if ":alias/aws/" not in arn}
    management = demo.organization.accounts["management"]
    assert {arn for arn in left if not arn.endswith(f"/{management}")} == set()


def _default_network(demo):
    found = set()
    for account, region in _places(demo):
        ec2 = demo.clients(account, "ec2", region)
        start = f"arn:aws:ec2:{region}:{account}:"
        vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]
        inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        groups = [each["GroupId"] for each in _groups(ec2, inside)]
        of_groups = [{"Name": "group-id", "Values": groups}]
        rules = ec2.describe_security_group_rules(Filters=of_groups)["SecurityGroupRules"]
        tables = ec2.describe_route_tables(Filters=inside)["RouteTables"]
        found.add(f"{start}vpc/{vpc['VpcId']}")
        found |= {f"{start}security-group/{key}" for key in groups}
        found |= {f"{start}security-group-rule/{each['SecurityGroupRuleId']}" for each in rules}
        found |= {each["SubnetArn"] for each in ec2.describe_subnets(Filters=inside)["Subnets"]}
        found |= {f"{start}route-table/{each['RouteTableId']}" for each in tables}
        acls = ec2.describe_network_acls(Filters=inside)["NetworkAcls"]
        found |= {f"{start}network-acl/{each['NetworkAclId']}" for each in acls}
    return found


def _groups(ec2, filters):
    return ec2.describe_security_groups(Filters=filters)["SecurityGroups"]


def test_the_states_claim_exactly_what_is_expected_of_terraform(demo):
    claims = list(_claims(_states(demo)))
    gone = {each.arn for each in demo.organization.missing}
    expected = demo.organization.expected
    for resource, instance in claims:
        arn = instance["attributes"].get("arn")
        if arn and resource["type"] != "aws_cloudwatch_event_target":
            assert arn in gone or expected[arn].status == "managed"
    assert len(claims) > 100


def test_the_states_have_the_shapes_of_the_provider(demo):
    states = dict(_states(demo))
    assert sorted(states) == [
        "env:/staging/shop/terraform.tfstate",
        "experiments.tfstate",
        "landing-zone/terraform.tfstate",
        "production/app/terraform.tfstate",
        "production/network/terraform.tfstate",
    ]
    assert {state["version"] for state in states.values()} == {4}
    assert len({state["lineage"] for state in states.values()}) == 5
    claims = list(_claims(states.items()))
    keys = {type(instance.get("index_key")) for _, instance in claims}
    assert keys == {int, str, type(None)}
    assert any(resource.get("module", "").endswith('["jobs"]') for resource, _ in claims)
    assert any(resource["provider"].endswith(".west") for resource, _ in claims)
    database = next(each for kind, each in claims if kind["type"] == "aws_db_instance")
    assert database["attributes"]["id"].startswith("db-")
    assert [{"type": "get_attr", "value": "password"}] in database["sensitive_attributes"]


def test_at_least_thirty_resource_types_and_all_statuses(demo):
    organization = demo.organization
    everything = [*organization.expected.values(), *organization.children]
    assert len({each.resource_type for each in everything}) >= 30
    assert {each.status for each in everything} == {"managed", "derived", "unmanaged"}


def test_dependents_hang_on_strays_that_exist(demo):
    organization = demo.organization
    strays = {each.arn for each in organization.strays}
    roots = {each.root for each in [*organization.expected.values(), *organization.children]}
    assert roots - {None} <= strays


def test_three_stacks_one_of_them_nested(demo):
    assert len(demo.organization.stacks) == 3
    site = demo.clients(demo.organization.accounts["staging"], "cloudformation", "us-west-2")
    inner = site.list_stack_resources(StackName="payments")["StackResourceSummaries"]
    assert "AWS::CloudFormation::Stack" in {each["ResourceType"] for each in inner}


def test_the_configuration_names_regions_states_and_three_policies(demo):
    config = tomllib.loads(demo.organization.config_text)
    assert config["scan"]["regions"] == list(REGIONS)
    assert [each["policy"] for each in config["environment"]] == ["iac-only", "report", "tolerate"]
    assert config["terraform"][1]["from"] == f"tfstate://{demo.folder}/states/*.tfstate"


def test_accounts_have_the_same_ids_each_time(demos):
    first, second = demos
    assert first.organization.accounts == second.organization.accounts
    assert first.organization.endpoint != second.organization.endpoint


def test_the_caller_is_the_scanner_role_of_the_security_account(demo):
    import boto3

    given = demo.organization.credentials
    sts = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=demo.organization.endpoint,
        aws_access_key_id=given.access_key_id,
        aws_secret_access_key=given.secret_access_key,
        aws_session_token=given.session_token,
    )
    caller = sts.get_caller_identity()
    assert caller["Account"] == demo.organization.accounts["security"]
    assert "assumed-role/StraysScanner/" in caller["Arn"]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(DemoError, match=f"cannot write to {blocked}"):
        build(lambda *place: None, "http://127.0.0.1:1", blocked)


def test_an_endpoint_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(DemoError, match=r"127\.0\.0\.1:1 does not answer"):
        build(lambda *place: None, "http://127.0.0.1:1", tmp_path)
