"""Every type offered, filled from AWS's own shapes, passes `terraform validate` in structure.

The values are made up, so what the provider says of single values is left to the other tests; an
argument it does not know, lacks, or has twice is an error of ours.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from scanner import catalog
from scanner.actions import terraform_types
from scanner.actions.adopt import plan_adoption, write_adoption
from scanner.actions.chosen import Stray, as_document
from scanner.catalog.expressions import compiled, parts
from scanner.model import Resource
from tests.actions.terraform import find_terraform
from tests.catalog.test_every_entry import ACCOUNT, ENTRIES, listed

STRUCTURE = (
    "Missing required", "Unsupported", "Insufficient", "Too many", "Incorrect attribute",
    "Invalid combination", "Invalid Attribute Combination", "Invalid reference", "Cycle",
)  # fmt: skip
ALTERNATIVES = ("only one of", "conflicts with", "Exactly one of")
"""A shape with every member filled has all alternatives at once, which AWS never gives."""
NEEDS_A_TRUE_VALUE = {
    "aws_flow_log": "what its ResourceId begins with tells what it watches",
    "aws_lambda_function": "PackageType tells whether its code is a file or an image",
    "aws_vpc_dhcp_options": "its options are a list of pairs",
}
"""Types whose arguments depend on values; real ones are validated in test_adopt_plan.py."""


def stray(resource: Resource) -> Stray:
    row = {
        "arn": resource.arn, "resource_type": resource.resource_type, "name": resource.name,
        "resource_id": resource.resource_id, "terraform_id": resource.terraform_id,
        "account_id": resource.account_id, "region": resource.region, "tags": resource.tags,
        "partition": resource.partition, "parent_arn": resource.parent_arn,
        "created_at": resource.created_at,
        "properties": json.dumps(resource.properties, default=str),
    }  # fmt: skip
    document = as_document(catalog.load(), row, {})
    return Stray(
        resource.arn, resource.resource_type, resource.terraform_type, resource.resource_id,
        resource.terraform_id or resource.resource_id, resource.name, resource.account_id,
        "us-east-1", resource.partition, None, None, "unmanaged", None, datetime(2026, 1, 1),
        resource.tags, document,
    )  # fmt: skip


def test_every_type_is_written_as_its_schema_says(tmp_path: Path) -> None:
    found = [
        next(row for row in listed(entry).resources if row.resource_type == name)
        for name, entry in ENTRIES.items()
    ]
    adoption = plan_adoption([stray(row) for row in found])
    [root] = adoption.roots.values()
    assert len(root.written) > 150
    write_adoption(adoption, tmp_path)
    terraform = find_terraform("http://127.0.0.1:1", tmp_path)
    wrong = [
        f"{(said.get('snippet') or {}).get('context')}: {said['summary']}: {said.get('detail')}"
        for said in terraform.validate(tmp_path / ACCOUNT.account_id / "us-east-1")
        if said["summary"].startswith(STRUCTURE)
        and not any(word in said.get("detail", "") for word in ALTERNATIVES)
    ]
    assert [
        text for text in wrong if not any(f'"{name}"' in text for name in NEEDS_A_TRUE_VALUE)
    ] == []


@pytest.mark.parametrize("name", sorted(terraform_types.hints()))
def test_hints_name_arguments_that_the_provider_has(name: str) -> None:
    hint, schema = terraform_types.hint(name), terraform_types.schema(name)
    assert schema is not None
    known = {*schema.arguments, *schema.blocks}
    assert {*hint.set_, *hint.also, *hint.drop, *hint.ignore} <= known
    for expression in (*hint.set_.values(), *hint.instead.values(), *parts(hint.import_id or "")):
        compiled(expression)
