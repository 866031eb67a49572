"""Identities, trusts and other ways in, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network, role
from tests.catalog.reading import row, rows
from tests.world import World


def test_people_of_the_identity_store_and_none_of_their_data(world: World) -> None:
    store_id = world.client("sso-admin").list_instances()["Instances"][0]["IdentityStoreId"]
    client = world.client("identitystore")
    group = client.create_group(IdentityStoreId=store_id, DisplayName="admins")["GroupId"]
    user = client.create_user(
        IdentityStoreId=store_id, UserName="ada", DisplayName="Ada",
        Name={"GivenName": "Ada", "FamilyName": "L"},
        Emails=[{"Value": "ada@example.com", "Type": "work", "Primary": True}],
    )["UserId"]  # fmt: skip
    member = client.create_group_membership(
        IdentityStoreId=store_id, GroupId=group, MemberId={"UserId": user}
    )["MembershipId"]
    store = world.collect("AWS::IdentityStore::*")
    found = row(store, "AWS::IdentityStore::Group", group)
    start = "arn:aws:identitystore:::"
    assert found["keys"] == [
        f"{start}group/{group}", f"{store_id}/{group}", group, f"{group}|{store_id}"
    ]  # fmt: skip
    assert (found["name"], found["default_rule"]) == ("admins", None)
    found = row(store, "AWS::IdentityStore::User", user)
    assert found["keys"] == [f"{start}user/{user}", f"{store_id}/{user}", user]
    assert found["name"] == "ada"
    assert "example.com" not in str(found["properties"])
    [found] = rows(store, "AWS::IdentityStore::GroupMembership")
    assert found["keys"][:2] == [f"{start}membership/{member}", f"{store_id}/{member}"]


def test_trust_between_directories(world: World) -> None:
    place = network(world)
    client = world.client("ds")
    directory = client.create_microsoft_ad(
        Name="corp.example.com", Password="Hunter2hunter2", Edition="Standard",
        VpcSettings={"VpcId": place.vpc, "SubnetIds": place.subnets},
    )["DirectoryId"]  # fmt: skip
    known = client.create_trust(
        DirectoryId=directory, RemoteDomainName="other.example.com", TrustPassword="Hunter2",
        TrustDirection="One-Way: Outgoing",
    )["TrustId"]  # fmt: skip
    found = look(world, "Ext::DirectoryService::Trust")
    assert found.row["keys"] == [arn(world, "ds", f"directory/{directory}/trust/{known}"), known]
    assert found.row["name"] == "other.example.com"
    assert "Hunter2" not in str(found.row["properties"])


def test_authorization_of_another_account_to_read_the_configuration(world: World) -> None:
    world.client("config").put_aggregation_authorization(
        AuthorizedAccountId="444455556666", AuthorizedAwsRegion="eu-west-1",
        Tags=[{"Key": "team", "Value": "audit"}],
    )  # fmt: skip
    found = look(world, "AWS::Config::AggregationAuthorization").row
    key = "444455556666:eu-west-1"
    assert found["keys"] == [found["arn"], key, "444455556666|eu-west-1"]
    assert found["tags"] == {"team": "audit"}
    assert found["created_at"] is not None


def test_development_endpoint_without_its_keys(world: World) -> None:
    acts = role(world)
    world.client("glue").create_dev_endpoint(
        EndpointName="dev", RoleArn=acts, PublicKey="ssh-rsa hunter2", Tags={"team": "data"}
    )
    found = look(world, "AWS::Glue::DevEndpoint")
    assert found.row["keys"] == [arn(world, "glue", "devEndpoint/dev"), "dev"]
    assert "hunter2" not in str(found.row["properties"])
    assert ("assumes", "AWS::IAM::Role", acts, None) in found.links


def test_key_value_store_at_the_edge(world: World) -> None:
    made = world.client("cloudfront").create_key_value_store(Name="flags")["KeyValueStore"]
    found = look(world, "AWS::CloudFront::KeyValueStore").row
    assert found["keys"] == [made["ARN"], "flags", made["Id"]]
    assert found["region"] == "global"
