"""Direct comparison of what hangs on a bucket: versioning, public access, encryption, policy ...

A scan reads none of it, since that would be five calls for each bucket. The states name the
buckets that are asked; one that cannot be asked is a row that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from scanner.aws import Grant, Place
from scanner.catalog.expressions import search
from scanner.drift.compare import same, shown
from scanner.drift.stacks import Caller
from scanner.drift.state import Stated
from scanner.errors import CallError, SourceError
from scanner.store import Store


class Asked(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One entry of `data/asked.yaml`."""

    op: str
    attributes: dict[str, tuple[str, str]]
    none_on: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def asked() -> dict[str, Asked]:
    """Return what is asked, by Terraform type."""
    text = files(__package__).joinpath("data/asked.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[str, Asked])


ASK = Grant("detect", frozenset(("s3", one.op) for one in asked().values()))
"""What is called, and only by `strays drift` and where `[drift] direct` is set."""


def bucket_drift(
    store: Store, aws: Caller, enter: Callable[[str, str], Place], objects: Iterable[Stated],
    source_id: str, scan_id: str,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield a row of `drift` per attribute that differs, and one per thing that cannot be asked.

    `objects` are those of one state whose type `asked` names; `enter` gives the place of an account
    and region, or raises `SourceError`.
    """
    for stated in objects:
        for bucket in _managed(store, str(stated.attributes.get("bucket"))):
            row = {
                "scan_id": scan_id, "source_id": source_id, "how": "state", "state": "drifted",
                "arn": bucket["arn"], "resource_type": bucket["resource_type"],
                "address": stated.address, "expected": None, "found": None, "note": None,
            }  # fmt: skip
            try:
                place = enter(bucket["account_id"], bucket["region"])
                answer = _answer(aws, place, asked()[stated.type], bucket["resource_id"])
            except (CallError, SourceError) as error:
                yield {**row, "state": "unchecked", "attribute": "", "note": str(error)}
                continue
            for name, expected, found in _differences(stated, answer):
                told = {"expected": shown(expected), "found": shown(found)}
                yield {**row, "attribute": name, **told}


def _managed(store: Store, name: str) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT arn, resource_type, resource_id, account_id, region FROM inventory"
        " WHERE resource_type = 'AWS::S3::Bucket' AND resource_id = ? AND status = 'managed'",
        [name],
    )


def _answer(aws: Caller, place: Place, one: Asked, bucket: str) -> dict[str, Any]:
    try:
        return aws.call(place, "s3", one.op, {"Bucket": bucket})
    except CallError as error:
        if error.is_any(one.none_on):
            return {}
        raise


def _differences(stated: Stated, answer: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for at_state, (how, at_answer) in asked()[stated.type].attributes.items():
        expected, found = search(at_state, stated.attributes), search(at_answer, answer)
        if not same(how, expected, found):
            yield at_state.partition("[")[0], expected, found
