"""Which accounts and regions a scan is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner import pipeline
from scanner.aws import Aws
from scanner.config import Config, ScanConfig
from scanner.errors import TargetError
from scanner.model import Outcome
from scanner.targets import choose_accounts, resolve_targets
from tests.world import Quiet, World


@pytest.fixture
def organization(world: World) -> dict[str, str]:
    """The world as the management account of an organization; account ids by name."""
    client = world.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    prod = client.create_organizational_unit(ParentId=root, Name="Production")
    unit = prod["OrganizationalUnit"]["Id"]
    accounts = {"management": world.account_id}
    for name in ("shop", "lab"):
        made = client.create_account(AccountName=name, Email=f"{name}@example.com")
        accounts[name] = made["CreateAccountStatus"]["AccountId"]
    client.move_account(AccountId=accounts["shop"], SourceParentId=root, DestinationParentId=unit)
    client.tag_resource(ResourceId=accounts["shop"], Tags=[{"Key": "env", "Value": "prod"}])
    return accounts


def test_caller_alone_is_scanned_where_nothing_is_configured(world: World) -> None:
    targets = resolve_targets(Aws(), ScanConfig())
    assert [account.account_id for account in targets.accounts] == [world.account_id]
    regions = targets.accounts[0].regions
    assert "us-east-1" in regions
    assert not [name for name in regions if name.startswith(("us-gov-", "cn-"))]


@pytest.mark.parametrize(("tags", "told"), [(False, {}), (True, {"env": "prod"})])
def test_whole_organization_with_units_and_where_asked_for_with_tags(
    world: World, organization: dict[str, str], tags: bool, told: dict[str, str]
) -> None:
    config = ScanConfig(organization=True, role_name="Audit", regions=["us-east-1"])
    found = {a.account_id: a for a in choose_accounts(Aws(), config, tags=tags).accounts}
    assert set(found) == set(organization.values())
    shop = found[organization["shop"]]
    assert (shop.organizational_unit, shop.tags) == ("Root/Production", told)


def test_an_environment_by_tags_of_its_accounts_is_told_by_them(
    world: World, organization: dict[str, str], tmp_path: Path
) -> None:
    for account_id in organization.values():
        world.other(account_id).client("sqs").create_queue(QueueName="jobs")
    scan = {"organization": True, "role_name": "A", "types": ["AWS::SQS::Queue"]}
    environment = [{"name": "live", "account_tags": {"env": "p*"}}]
    config = Config.model_validate({
        "database": str(tmp_path / "s.duckdb"), "environment": environment,
        "scan": {**scan, "regions": ["us-east-1"]},
    })  # fmt: skip
    pipeline.scan(config, Quiet())
    with pipeline.open_store(config, read_only=True) as store:
        rows = store.rows("SELECT account_id, environment FROM inventory")
    live = organization["shop"]
    assert len(rows) == 3
    assert {row["account_id"] for row in rows if row["environment"] == "live"} == {live}


def test_units_are_chosen_and_excluded(world: World, organization: dict[str, str]) -> None:
    chosen = ScanConfig(
        organization=True, role_name="A", regions=["us-east-1"], organization_units=["Production"]
    )
    targets = resolve_targets(Aws(), chosen)
    assert [a.account_id for a in targets.accounts] == [organization["shop"]]
    assert len(targets.skipped) == 2
    rest = chosen.model_copy(update={"organization_units": ["!Production"]})
    ids = {a.account_id for a in resolve_targets(Aws(), rest).accounts}
    assert ids == {organization["management"], organization["lab"]}


def test_member_account_that_sees_an_empty_organization_is_an_error(
    world: World, organization: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Aws().assume(f"arn:aws:iam::{organization['lab']}:role/any").get_frozen_credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", given.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", given.secret_key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", given.token or "")
    with pytest.raises(TargetError, match="organization_role_arn"):
        resolve_targets(Aws(), ScanConfig(organization=True))
    management = f"arn:aws:iam::{organization['management']}:role/Reader"
    config = ScanConfig(
        organization=True, organization_role_arn=management, role_name="A", regions=["us-east-1"]
    )
    assert len(resolve_targets(Aws(), config).accounts) == 3


def test_region_that_does_not_exist_is_named(world: World) -> None:
    with pytest.raises(TargetError, match="us-esat-1"):
        resolve_targets(Aws(), ScanConfig(regions=["us-esat-1"]))


def test_account_without_a_role_to_assume_is_denied_and_the_rest_goes_on(world: World) -> None:
    config = ScanConfig(accounts=[world.account_id, "999999999999"], regions=["us-east-1"])
    own, other = resolve_targets(Aws(), config).accounts
    assert own.outcome is Outcome.OK
    assert other.outcome is Outcome.DENIED
    assert "role_name" in (other.message or "")
    assert other.regions == ("us-east-1",)


def test_account_that_is_named_twice_is_scanned_once(world: World) -> None:
    config = ScanConfig(accounts=[world.account_id] * 2, regions=["us-east-1"])
    assert len(resolve_targets(Aws(), config).accounts) == 1


def test_account_of_which_no_region_is_named_is_no_account_without_cells(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Aws.call
    monkeypatch.setattr(
        Aws, "call", lambda *given: {} if "DescribeRegions" in given else answer(*given)
    )
    [account] = resolve_targets(Aws(), ScanConfig()).accounts
    assert account.outcome is Outcome.FAILED
    assert "named no region" in str(account.message)
