"""`strays policy`: exactly what a scan calls, nothing that changes or reads data, within limits."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest
from cfnlint.api import lint_all
from typer.testing import CliRunner

from scanner import catalog
from scanner.catalog.actions import load_actions
from scanner.cli import app
from scanner.config import Config
from scanner.cross_check import SOURCES
from scanner.errors import UsageError
from scanner.pipeline import chosen_entries
from scanner.places import ASSUME
from scanner.policy import GRANTS, LARGEST, policies, scan_actions, size
from scanner.policy.templates import written
from tools.catalog.lists import FOLDER
from tools.catalog.reference import access_level

EVERYTHING = list(catalog.load(all_types=True).entries.values())
READS = re.compile(r":(List|Describe|Search|Get|BatchGet)[A-Z]")
DATA = (FOLDER / "data_plane_reads.txt").read_text("utf-8").split()


def config(**data: Any) -> Config:
    return Config.model_validate(data)


WHOLE = config(events=[{"from": "lookup://"}], scan={"cross_check": list(SOURCES), "hints": True})
"""A configuration with every option that asks for more than the types do."""


def actions(grant: str, settings: Config) -> set[str]:
    found = policies(settings, chosen_entries(settings), grant)
    return {a for p in found for s in p.document["Statement"] for a in s["Action"]}


def test_the_scan_grant_holds_nothing_that_writes_tags_or_manages_permissions() -> None:
    levels = {action: access_level(action) for action in scan_actions(WHOLE, EVERYTHING)}
    assert {level for level in levels.values() if level} == {"List", "Read"}
    newer = [action for action, level in levels.items() if level is None]
    assert [action for action in newer if not READS.search(action)] == []


def test_the_scan_grant_reads_no_data() -> None:
    """Cassandra's Select lists keyspaces as well: it is given for the system's tables only."""
    narrow = load_actions().resources
    found = [a for a in scan_actions(WHOLE, EVERYTHING) for glob in DATA if fnmatchcase(a, glob)]
    assert [action for action in found if action not in narrow] == []
    (policy, *_) = policies(config(scan={"types": ["AWS::Cassandra::*"]}), _cassandra(), "scan")
    resources = {
        s["Resource"] for s in policy.document["Statement"] if "cassandra:Select" in s["Action"]
    }
    assert resources == {"arn:aws:cassandra:*:*:/keyspace/system*"}


def _cassandra() -> list[Any]:
    return [entry for entry in EVERYTHING if entry.service == "keyspaces"]


def test_actions_of_reviewed_types_are_known_to_the_reference() -> None:
    """A misspelt one would deny a scan; those that AWS's own list lacks are named here.

    It does not say what ListResources needs, so its policy holds Search as well.
    """
    reviewed = catalog.load().entries.values()
    unknown = {action for action in scan_actions(WHOLE, reviewed) if access_level(action) is None}
    assert unknown <= {"cassandra:ListTagsForResource", "resource-explorer-2:ListResources"}


def test_actions_named_otherwise_than_their_operation() -> None:
    settings = config(scan={"types": ["AWS::S3::Bucket", "AWS::ApiGateway::RestApi"]})
    found = actions("scan", settings)
    assert {"s3:ListAllMyBuckets", "apigateway:GET"} <= found
    assert "s3:ListBuckets" not in found


def test_the_scan_grant_allows_what_the_runtime_may_call_and_no_more() -> None:
    settings = config(scan={"types": ["AWS::SQS::Queue"]})
    assert {a for a in actions("scan", settings) if not a.startswith("cloudformation:")} == {
        "ec2:DescribeRegions", "sqs:GetQueueAttributes", "sqs:ListQueueTags", "sqs:ListQueues",
        "tag:GetResources",
    }  # fmt: skip


def test_every_policy_of_all_types_is_within_the_limit_and_together_they_hold_all() -> None:
    settings = config(scan={"all_types": True})
    found = policies(settings, EVERYTHING, "scan")
    assert max(size(policy.document) for policy in found) <= LARGEST
    assert min(size(policy.document) for policy in found[:-1]) > LARGEST - 200
    assert actions("scan", settings) == set(scan_actions(settings, EVERYTHING))
    assert len({policy.name for policy in found}) == len(found)


def test_roles_are_assumed_in_the_named_accounts_only() -> None:
    settings = config(scan={"role_name": "Audit", "accounts": ["111111111111"]})
    (policy,) = policies(settings, [], "assume")
    (statement,) = policy.document["Statement"]
    assert statement["Action"] == [f"{service}:{name}" for service, name in ASSUME.allowed]
    assert statement["Resource"] == ["arn:aws:iam::111111111111:role/Audit"]


def test_states_are_read_from_the_named_places_only_and_decrypted_through_s3_only() -> None:
    froms = ["tfstate+s3://acme/prod/**/*.tfstate", "tfstate+s3://other/one.tfstate"]
    settings = config(terraform=[{"from": each} for each in froms])
    (policy,) = policies(settings, [], "sources")
    reading, listing, decrypting = policy.document["Statement"]
    assert reading["Resource"] == ["arn:aws:s3:::acme/prod/*", "arn:aws:s3:::other/one.tfstate"]
    assert listing["Resource"] == ["arn:aws:s3:::acme", "arn:aws:s3:::other"]
    assert decrypting["Condition"]["StringLike"]["kms:ViaService"] == "s3.*.amazonaws.com*"


def test_regions_of_china_make_arns_of_its_partition() -> None:
    settings = config(scan={"role_name": "Audit", "regions": ["cn-north-1"]})
    (policy,) = policies(settings, [], "assume")
    assert policy.document["Statement"][0]["Resource"] == ["arn:aws-cn:iam::*:role/Audit"]


@pytest.mark.parametrize(
    ("grant", "told"),
    [
        ("assume", "--role-name"),
        ("sources", "--from"),
        ("deliver", "json://s3"),
        ("all", "none of"),
    ],
)
def test_a_grant_without_what_it_needs_says_what_to_give(grant: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        policies(config(), [], grant)


def test_the_cloudformation_template_has_no_finding_of_cfn_lint() -> None:
    settings = config(scan={"external_id": "7f3c", "role_name": "Audit"})
    found = policies(settings, chosen_entries(settings), "scan")
    text = written(found, settings, "cloudformation")
    assert [str(match) for match in lint_all(text) if match.rule.severity == "error"] == []
    role = json.loads(text)["Resources"]["Role"]["Properties"]
    condition = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert condition == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert len(role["ManagedPolicyArns"]) == len(found)


def test_the_terraform_module_holds_the_same_documents() -> None:
    settings = config(scan={"types": ["AWS::SQS::Queue", "AWS::S3::Bucket"]})
    found = policies(settings, chosen_entries(settings), "scan")
    text = written(found, settings, "terraform")
    documents = re.findall(r"^  policy = jsonencode\((.*?)^  \}\)", text, re.MULTILINE | re.DOTALL)
    assert [json.loads(f"{each}}}") for each in documents] == [p.document for p in found]
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("grant", GRANTS)
def test_the_command_prints_json_by_default(grant: str) -> None:
    flags = ["--role-name", "Audit", "--from", "tfstate+s3://acme/x", "--type", "AWS::SQS::Queue"]
    flags += ["-o", "json://s3://out/r", "--work", "s3://shards/w"]
    ran = CliRunner().invoke(app, ["policy", "--grant", grant, *flags])
    assert ran.exit_code == 0, ran.output
    assert [policy["grant"] for policy in json.loads(ran.output)] == [grant]
