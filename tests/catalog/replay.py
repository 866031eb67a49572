"""Lists a type from answers that AWS documents, for what the emulator lacks.

The answers go in where botocore would send the request, and are checked against its own model, so
the catalog, the grant, the paging and the rows are the real ones.
"""

from __future__ import annotations

from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

from scanner import catalog
from scanner.aws import Aws, Grant, Place
from scanner.listing import Lister
from scanner.model import Account, Link, Resource
from tests.catalog.look import Look

Answers = dict[str, dict[str, Any] | ClientError]


def replay(resource_type: str, account: str, region: str, answers: Answers) -> Look:
    """List a type where each operation gives or raises what stands under its name.

    An operation that is not named gives an empty answer.
    """
    known = catalog.load()
    entry = known.entries[resource_type]
    family = [entry, *known.ancestors(entry)]
    aws = Aws()
    _answer(aws.client(entry.service), answers)
    grant = Grant("scan", known.operations(family))
    place = Place(account, region, Credentials("id", "key"), grant)
    wanted = frozenset(each.type for each in family)
    label = "global" if entry.scope == "global" else region
    owner = Account(account, "aws", (region,))
    listed = Lister(aws, known, wanted, owner, place, label).family(family[-1])
    assert {cell.outcome for cell in listed.coverage} == {"ok"}, listed.coverage
    rows = [row for row in listed.resources if row.resource_type == resource_type]
    return Look([_row(row) for row in rows], _links(listed.links, {row.arn for row in rows}))


def _row(row: Resource) -> dict[str, Any]:
    named = {name: getattr(row, name) for name in Resource.__dataclass_fields__}
    return {**named, "keys": list(row.keys)}


def _links(links: list[Link], arns: set[str]) -> set[tuple[str, str, str, str | None]]:
    return {
        (link.kind, link.target_type, link.target_key, link.owns)
        for link in links
        if link.arn in arns
    }


def _answer(client: Any, answers: Answers) -> None:
    def give(model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        answer = answers.get(model.name, {})
        if isinstance(answer, ClientError):
            raise answer
        if answer:
            validate_parameters(answer, model.output_shape)
        return AWSResponse("", 200, {}, None), dict(answer)

    client.meta.events.register_last("before-call", give)
