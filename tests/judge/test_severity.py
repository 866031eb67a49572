"""Severity from context: environments, exposure, grace; the reason stands in the evidence."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from rules.run import check
from scanner.config import Config, Environment
from scanner.store import Store
from tests.judge.scans import only_strays
from tests.resolve.build import NOW, SCAN, claim, resolved, resource
from tests.rules.things import only, thing

ENVIRONMENTS = [
    Environment(name="sandbox", accounts=["1*"], policy="tolerate"),
    Environment(name="staging", account_tags={"stage": "st*"}, policy="report"),
    Environment(
        name="production", organization_units=["Root/Workloads/Production"], policy="iac-only"
    ),
]
ACCOUNTS = ["111111111111", "222222222222", "333333333333", "444444444444"]


def graded(
    store: Store, environments: list[Environment], rule: str = "unmanaged_resource"
) -> list[Any]:
    config = only_strays(Config(environment=environments))
    check(store, config, SCAN, now=NOW)
    rows = store.rows(
        "SELECT account_id, environment, severity, evidence FROM findings"
        " WHERE rule_id = ? ORDER BY 1",
        [rule],
    )
    return [
        (row["environment"], row["severity"], json.loads(row["evidence"]).get("severity_because"))
        for row in rows
    ]


def with_accounts(store: Store) -> Store:
    for account, unit, tags in (
        (ACCOUNTS[1], None, {"stage": "staging"}),
        (ACCOUNTS[2], "Root/Workloads/Production/Payments", {}),
    ):
        store.run(
            "INSERT INTO account VALUES (?, ?, NULL, ?, ?, 'aws', NULL, ['us-east-1'], 'ok', NULL)",
            [SCAN, account, unit, tags],
        )
    return store


def test_three_policies_give_three_judgements_of_the_same_stray() -> None:
    store = with_accounts(resolved([resource("jobs", account_id=account) for account in ACCOUNTS]))
    assert graded(store, ENVIRONMENTS) == [
        ("sandbox", "info", "medium elsewhere: tolerated in sandbox"),
        ("staging", "medium", None),
        ("production", "high", "medium elsewhere: production takes changes by code only"),
        (None, "medium", "its account is in no environment"),
    ]
    removal = store.rows(
        "SELECT environment FROM findings WHERE evidence->>'$.candidate_for_removal' = 'true'"
    )
    assert removal == [{"environment": "production"}]


def test_missing_things_are_placed_by_their_account_and_region() -> None:
    gone = claim("aws_sqs_queue.gone", "gone")
    store = resolved([], [gone])
    assert graded(store, ENVIRONMENTS, "claim_missing") == [
        ("sandbox", "info", "medium elsewhere: tolerated in sandbox")
    ]


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ({"regions": ["us-*"]}, True),
        ({"regions": ["eu-*"]}, False),
        ({"resource_tags": {"stage": "prod*"}}, True),
        ({"resource_tags": {"stage": "dev"}}, False),
        ({"resource_tags": {"stage": "*", "other": "*"}}, False),
        ({"accounts": ["2*"]}, False),
        ({"accounts": ["1*"], "regions": ["us-east-1"]}, True),
        ({}, True),
    ],
)
def test_environment_fits_by_account_region_and_tag(where: dict[str, Any], fits: bool) -> None:
    store = resolved([resource("jobs", tags={"stage": "production"})])
    [(name, _, _)] = graded(store, [Environment(name="here", **where)])
    assert name == ("here" if fits else None)


def test_first_environment_that_fits_wins() -> None:
    both = [Environment(name="a", regions=["us-*"]), Environment(name="b", policy="iac-only")]
    assert graded(resolved([resource("jobs")]), both) == [("a", "medium", None)]


def test_grace_period_lets_a_new_stray_be_for_a_while() -> None:
    patient = [Environment(name="dev", grace="24h")]
    for age, severity in ((23, "info"), (25, "medium")):
        store = resolved([resource("jobs", created_at=NOW - timedelta(hours=age))])
        assert [row[1] for row in graded(store, patient)] == [severity]


def test_grace_period_is_none_for_what_is_open_to_the_world() -> None:
    public = thing("AWS::EC2::Image", "ami", {"Public": True}, created_at=NOW)
    [(_, severity, reason)] = graded(resolved([public]), [Environment(name="dev", grace="24h")])
    assert severity == "high"
    assert (
        reason == "medium by its rule, graver since it is open to the world: everyone may start it"
    )


def test_grace_period_hides_no_intruder() -> None:
    user = resource("eve", resource_type="AWS::IAM::User", created_at=NOW)
    config = only("iam_principal_outside_code").model_copy(
        update={"environment": [Environment(name="dev", grace="7d")]}
    )
    store = resolved([user])
    check(store, config, SCAN, now=NOW)
    assert store.value("SELECT severity FROM findings") == "high"


def test_severity_of_the_configuration_is_not_raised_by_context() -> None:
    from scanner.config import RulesConfig

    settings = {
        **only("unmanaged_resource").rules.model_dump(),
        "unmanaged_resource": {"severity": "low"},
    }
    strict = [Environment(name="production", policy="iac-only")]
    store = resolved([thing("AWS::EC2::Image", "ami", {"Public": True})])
    check(
        store, Config(rules=RulesConfig.model_validate(settings), environment=strict), SCAN, now=NOW
    )
    assert store.value("SELECT severity FROM findings") == "low"
