"""QuickSight, verified on the emulator as far as that lists it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.catalog.look import look
from tests.catalog.places import tags
from tests.catalog.replay import replay
from tests.world import World


def test_data_source(world: World) -> None:
    made = world.client("quicksight").create_data_source(
        AwsAccountId=world.account_id, DataSourceId="sales", Name="Sales", Type="ATHENA",
        DataSourceParameters={"AthenaParameters": {"WorkGroup": "primary"}}, Tags=tags(team="bi"),
    )  # fmt: skip
    row = look(world, "AWS::QuickSight::DataSource").row
    account = world.account_id
    assert row["keys"] == [made["Arn"], f"{account}/sales", "sales", f"{account}|sales"]
    assert row["tags"] == {"team": "bi"}
    assert "DataSourceParameters" not in row["properties"]


def test_dashboard(world: World) -> None:
    made = world.client("quicksight").create_dashboard(
        AwsAccountId=world.account_id, DashboardId="kpi", Name="KPI", Tags=tags(team="bi")
    )
    row = look(world, "AWS::QuickSight::Dashboard").row
    account = world.account_id
    assert row["keys"] == [made["Arn"], f"{account},kpi", "kpi", f"{account}|kpi"]
    assert (row["name"], row["tags"]) == ("KPI", {"team": "bi"})


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("UnsupportedUserEditionException", "Account 1 is not subscribed for QuickSight"),
        (
            "AccessDeniedException",
            "Operation is being called from endpoint us-west-2, but your identity region is "
            "us-east-1. Please use the us-east-1 endpoint.",
        ),
    ],
)
def test_without_a_subscription_there_is_none(code: str, message: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": message}}, "x")
    answers = {"ListNamespaces": error, "ListUsers": error}
    assert replay("Ext::QuickSight::User", "111122223333", "us-west-2", answers).rows == []


def test_a_missing_permission_is_no_missing_subscription() -> None:
    message = "User: x is not authorized to perform: quicksight:ListNamespaces"
    error = ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, "x")
    with pytest.raises(AssertionError, match="denied"):
        replay("Ext::QuickSight::User", "1" * 12, "us-west-2", {"ListNamespaces": error})
