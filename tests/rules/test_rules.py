"""Every rule: its front matter, its SQL against the empty schema, and what it finds."""

from __future__ import annotations

from pathlib import Path

import pytest

import rules
from rules.run import check
from scanner.config import Config, Environment, RulesConfig
from scanner.errors import RuleError
from tests.resolve.build import SCAN, claim, names_gone_owner, owns, resolved, resource

ALL = rules.load()


def found(store: object, config: Config | None = None) -> dict[str, list[str]]:
    """Run all rules; return messages by rule."""
    check(store, config or Config(), SCAN)  # type: ignore[arg-type]
    result: dict[str, list[str]] = {}
    for row in store.rows("SELECT rule_id, message FROM findings ORDER BY ALL"):  # type: ignore[attr-defined]
        result.setdefault(row["rule_id"], []).append(row["message"])
    return result


@pytest.mark.parametrize("rule", ALL, ids=[rule.rule_id for rule in ALL])
def test_rule_runs_on_an_empty_inventory_and_finds_nothing(rule: rules.Rule) -> None:
    disable = [other.rule_id for other in ALL if other is not rule]
    assert found(resolved([]), Config(rules=RulesConfig(disable=disable))) == {}


def test_stray_is_one_finding_that_counts_its_dependents() -> None:
    user, key = resource("user"), resource("key")
    store = resolved([user, key], links=[owns(user, key, kind="contains")])
    check(store, Config(), SCAN)
    rows = store.rows(
        "SELECT arn, dependents, severity, state FROM findings WHERE rule_id = 'unmanaged_resource'"
    )
    assert rows == [{"arn": user.arn, "dependents": 1, "severity": "medium", "state": "open"}]


def test_missing_claim_names_its_address_and_owner() -> None:
    messages = found(resolved([], [claim("aws_sqs_queue.gone", "gone")]))["claim_missing"]
    assert messages == [
        "aws_sqs_queue.gone in tfstate://a says that it manages aws_sqs_queue gone, and there is no such thing"
    ]


def test_ambiguous_claim_names_its_candidates() -> None:
    one, two = resource("jobs"), resource("jobs", account_id="222222222222")
    store = resolved([one, two], [claim("a", "jobs", account_id=None, region=None)])
    assert one.arn in found(store)["claim_ambiguous"][0]


def test_two_states_that_own_one_resource_are_told() -> None:
    jobs = resource("jobs")
    second = claim("b", jobs.arn, source_id="tfstate://b", owner="tfstate://b")
    messages = found(resolved([jobs], [claim("a", jobs.arn), second]))["claimed_twice"]
    assert messages == ["claimed 2 times: tfstate://a as a, tfstate://b as b"]


def test_forged_tag_is_told() -> None:
    store = resolved(
        [resource("x", tags={"ManagedBy": "terraform"}), resource("y", tags={"Terraform": "true"})]
    )
    assert len(found(store)["tag_says_code"]) == 2


def test_retained_resource_names_its_past_stack() -> None:
    tags = {
        "aws:cloudformation:stack-id": "arn:aws:cloudformation:us-east-1:1:stack/s/1",
        "aws:cloudformation:stack-name": "s",
    }
    assert (
        "of stack s" in found(resolved([resource("x", tags=tags)]))["retained_from_gone_stack"][0]
    )


def test_child_of_a_gone_owner_is_told() -> None:
    child = resource("child")
    store = resolved([child], links=[names_gone_owner(child, "parent")])
    assert found(store)["owner_gone"] == ["made by AWS::SQS::Queue parent, which is gone"]


def test_burst_of_alike_strays_is_one_critical_finding() -> None:
    gpus = [
        resource(
            f"i{n}", resource_type="AWS::EC2::Instance", properties={"InstanceType": "g5.xlarge"}
        )
        for n in range(12)
    ]
    store = resolved(gpus)
    check(store, Config(), SCAN)
    rows = store.rows(
        "SELECT severity, message FROM findings WHERE rule_id = 'burst_of_alike_resources'"
    )
    assert [row["severity"] for row in rows] == ["critical"]
    assert rows[0]["message"].startswith("12 alike strays (AWS::EC2::Instance g5.xlarge)")


def test_user_made_by_hand_is_a_way_in() -> None:
    user = resource("eve", resource_type="AWS::IAM::User", region="global", cell_region="global")
    assert found(resolved([user]))["iam_principal_outside_code"] == [
        "eve (AWS::IAM::User) was made outside code"
    ]


def test_policy_of_the_environment_decides_the_severity() -> None:
    jobs = resource("jobs")
    for policy, severity in (("tolerate", "info"), ("report", "medium"), ("iac-only", "high")):
        store = resolved([jobs])
        store.run(
            "INSERT INTO account VALUES (?, ?, NULL, NULL, MAP {}, 'aws', NULL, ['us-east-1'], 'ok', NULL)",
            [SCAN, jobs.account_id],
        )
        config = Config(environment=[Environment(name="all", policy=policy)])  # type: ignore[arg-type]
        check(store, config, SCAN)
        rows = store.rows(
            "SELECT severity, environment FROM findings WHERE rule_id = 'unmanaged_resource'"
        )
        assert rows == [{"severity": severity, "environment": "all"}]


def test_rule_of_ones_own_is_found_and_a_bad_one_is_named(tmp_path: Path) -> None:
    head = "-- title: t\n-- severity: low\n-- kind: hygiene\n-- fix: f\n-- about: a\n"
    (tmp_path / "mine.sql").write_text(head + "SELECT arn, 'mine' AS message FROM inventory;\n")
    config = Config(rules=RulesConfig(folders=[str(tmp_path)]))
    assert found(resolved([resource("x")]), config)["mine"] == ["mine"]
    (tmp_path / "mine.sql").write_text(head + "SELECT nothing FROM inventory\n")
    with pytest.raises(RuleError, match=r"mine\.sql.*nothing"):
        check(resolved([]), config, SCAN)


def test_rule_that_does_not_exist_cannot_be_switched_off() -> None:
    with pytest.raises(RuleError, match="no_such_rule"):
        rules.load(RulesConfig(disable=["no_such_rule"]))


def test_parameters_of_a_rule_can_be_set() -> None:
    config = RulesConfig.model_validate({"burst_of_alike_resources": {"params": {"minimum": 2}}})
    gpus = [resource(f"i{n}") for n in range(3)]
    assert "burst_of_alike_resources" in found(resolved(gpus), Config(rules=config))
