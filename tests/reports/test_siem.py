"""OCSF and ASFF: what SIEMs and AWS Security Hub take.

OCSF is checked against the class definitions of schema.ocsf.io as the package `ocsf-json-schema`
holds them, ASFF against the model of BatchImportFindings that botocore ships, with the lengths that
the model leaves out re-stated from
https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import jsonschema
import pytest
from botocore.validate import ParamValidator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from reports import Context, RuleFacts, write
from reports.asff import resource_type
from reports.ocsf import VERSION
from scanner.store import Store
from tests.reports.crowd import many
from tests.reports.sample import IMAGE, PRODUCTION, estate

RULES = {
    "unmanaged_resource": RuleFacts("In no code", "ownership", "NIST 800-53 CM-8(3); CIS 1.2"),
    "tag_only": RuleFacts("Only a tag", "intruder"),
}


def lines(spec: str, store: Store, folder: Path) -> list[dict[str, Any]]:
    write(f"{spec}://{folder}/out", store, Context.of(store, rules=RULES))
    return [json.loads(line) for line in (folder / "out").read_text("utf-8").splitlines()]


@cache
def ocsf_validator(class_uid: int) -> jsonschema.Draft202012Validator:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=VERSION))
    name = schema.lookup_class_name_from_uid(class_uid)
    return jsonschema.Draft202012Validator(schema.get_class_schema(name, profiles=["cloud"]))


def test_every_ocsf_event_fits_its_class(tmp_path: Path) -> None:
    events = lines("ocsf", estate(), tmp_path)
    for event in events:
        ocsf_validator(event["class_uid"]).validate(event)
    assert {event["class_uid"] for event in events} == {2003, 2004, 5023}
    assert lines("ocsf", Store.memory(), tmp_path) == []


def test_intruder_rules_are_detections_and_the_others_are_of_compliance(tmp_path: Path) -> None:
    for event in lines("ocsf", estate(), tmp_path):
        if event["class_uid"] != 5023:
            intruder = event["finding_info"]["types"] == ["tag_only"]
            assert event["class_uid"] == (2004 if intruder else 2003)
            assert ("compliance" in event) is not intruder


def test_ocsf_states_and_activities_follow_the_findings(tmp_path: Path) -> None:
    found = [e for e in lines("ocsf", estate(), tmp_path) if e["class_uid"] != 5023]
    by_state = {event["unmapped"]["state"]: event for event in found}
    assert (by_state["closed"]["activity_id"], by_state["closed"]["status_id"]) == (3, 4)
    assert by_state["excepted"]["status_id"] == 3
    fresh = next(event for event in found if event["message"].startswith(IMAGE))
    assert (fresh["activity_id"], fresh["severity_id"], fresh["status_id"]) == (1, 3, 1)
    assert fresh["type_uid"] == 200301
    assert fresh["compliance"]["requirements"] == ["NIST 800-53 CM-8(3)", "CIS 1.2"]


def test_the_whole_inventory_is_in_the_inventory_events(tmp_path: Path) -> None:
    store = many(730, accounts=2)
    events = [e for e in lines("ocsf", store, tmp_path) if e["class_uid"] == 5023]
    for event in events:
        assert len(event["resources"]) <= 100
        assert {r["region"] for r in event["resources"]} == {event["region"]}
    told = {resource["uid"] for event in events for resource in event["resources"]}
    assert told == {row["arn"] for row in store.rows("SELECT arn FROM inventory")}


@pytest.fixture(scope="module")
def import_findings() -> Any:
    model = botocore.session.get_session().get_service_model("securityhub")
    return model.operation_model("BatchImportFindings").input_shape


LIMITS = {"Title": 256, "Description": 1024, "GeneratorId": 512, "Id": 512}


def test_every_asff_batch_is_taken_by_botocores_model(import_findings: Any, tmp_path: Path) -> None:
    for store in (estate(), many(450, accounts=1)):
        batches = lines("asff", store, tmp_path)
        assert batches
        for batch in batches:
            report = ParamValidator().validate(batch, import_findings)
            assert not report.has_errors(), report.generate_report()
            assert 1 <= len(batch["Findings"]) <= 100
            for finding in batch["Findings"]:
                assert all(len(finding[key]) <= most for key, most in LIMITS.items())
                assert len(json.dumps(finding)) < 240_000
                provider = finding["FindingProviderFields"]
                assert provider["Severity"]["Label"] in (
                    "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL",
                )  # fmt: skip


def test_an_asff_batch_is_of_one_account_and_region(tmp_path: Path) -> None:
    for batch in lines("asff", estate(), tmp_path):
        (place,) = {(f["AwsAccountId"], f["ProductArn"]) for f in batch["Findings"]}
        assert f":{place[0]}:product/{place[0]}/default" in place[1]


def test_what_belongs_to_no_account_goes_to_the_scanners_own(tmp_path: Path) -> None:
    batches = lines("asff", estate(), tmp_path)
    told = {f["GeneratorId"]: f for batch in batches for f in batch["Findings"]}
    excepted = told["strays/tag_only"]
    assert excepted["AwsAccountId"] == PRODUCTION
    assert excepted["Workflow"] == {"Status": "SUPPRESSED"}


def test_closed_findings_are_archived_by_the_scan_that_closed_them(tmp_path: Path) -> None:
    store = estate()
    findings = [f for batch in lines("asff", store, tmp_path) for f in batch["Findings"]]
    (closed,) = [f for f in findings if f["RecordState"] == "ARCHIVED"]
    assert closed["Compliance"]["Status"] == "PASSED"
    store.run("UPDATE finding SET closed_at = closed_at - INTERVAL 1 DAY")
    findings = [f for batch in lines("asff", store, tmp_path) for f in batch["Findings"]]
    assert all(f["RecordState"] == "ACTIVE" for f in findings)


def test_a_folder_gets_a_file_per_batch(tmp_path: Path) -> None:
    store = many(250, accounts=1)
    write(f"asff://{tmp_path}/hub/", store, Context.of(store))
    files = sorted((tmp_path / "hub").iterdir())
    assert sum(len(json.loads(path.read_text())["Findings"]) for path in files) == 250
    assert all(path.name.startswith("100000000000-") for path in files)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("AWS::SQS::Queue", "AwsSqsQueue"),
        ("AWS::RDS::DBInstance", "AwsRdsDbInstance"),
        ("AWS::EC2::VPCPeeringConnection", "AwsEc2VpcPeeringConnection"),
        ("AWS::DynamoDB::Table", "AwsDynamoDbTable"),
        ("Ext::Sqs::Thing", "Other"),
        ("", "Other"),
    ],
)
def test_resource_types_are_named_as_security_hub_names_them(ours: str, theirs: str) -> None:
    assert resource_type(ours) == theirs
