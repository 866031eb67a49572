"""The statements of each grant, from the calls that the runtime allows under the same name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scanner.catalog.actions import load_actions
from scanner.catalog.language import Entry
from scanner.claims.s3_source import SOURCES
from scanner.config import Config
from scanner.deliver import DELIVER
from scanner.drift.buckets import ASK
from scanner.drift.stacks import DETECT
from scanner.errors import UsageError
from scanner.events import lookup, trail
from scanner.grants import Calls, beside_types
from scanner.places import ASSUME, ORGANIZATION, REGIONS
from scanner.policy.places import (
    Objects,
    partition_of_regions,
    read_objects,
    role_arns,
    work_objects,
    written_objects,
)
from scanner.shards_s3 import WORK

Statement = dict[str, Any]
ROOM = 4000
_OF_BUCKETS = "s3:ListBucket"
"""The action that names a bucket; the others name objects in it."""


def scan_actions(config: Config, entries: Iterable[Entry]) -> list[str]:
    """Return the IAM actions of a scan of these entries in one account, sorted."""
    actions = load_actions()
    found: set[str] = set()
    for entry in entries:
        named = entry.iam or (a for op in entry.operations() for a in actions.of(entry.service, op))
        found.update(named)
    found.update(_actions(beside_types(config.scan) | REGIONS.allowed))
    if any(source.from_.startswith(lookup.SCHEME) for source in config.events):
        found.update(_actions(lookup.GRANT.allowed))
    return sorted(found)


def _actions(calls: Calls) -> list[str]:
    known = load_actions()
    return sorted({action for pair in calls for action in known.of(*pair)})


def _scan(config: Config, entries: list[Entry]) -> list[Statement]:
    narrow, partition = load_actions().resources, partition_of_regions(config.scan.regions)
    actions = scan_actions(config, entries)
    found = [_allow([action for action in actions if action not in narrow], "*")]
    for action in actions:
        if action in narrow:
            found.append(_allow([action], narrow[action].replace("arn:aws:", f"arn:{partition}:")))
    return found


def _organization(_config: Config, _entries: list[Entry]) -> list[Statement]:
    return [_allow(_actions(ORGANIZATION.allowed), "*")]


def _assume(config: Config, _entries: list[Entry]) -> list[Statement]:
    roles = role_arns(config)
    if not roles:
        raise UsageError("the grant assume needs a role: give --role-name, or [scan] role_name")
    return [_allow(_actions(ASSUME.allowed), some) for some in _parts(roles)]


def _sources(config: Config, _entries: list[Entry]) -> list[Statement]:
    places = read_objects(config)
    if not places.buckets:
        raise UsageError(
            "the grant sources needs a place in S3: give --from tfstate+s3://... or trail://s3/..."
        )
    found = _in_s3(SOURCES.allowed | trail.GRANT.allowed, places)
    return [*found, *_through_s3("kms:Decrypt", places)]


def _deliver(config: Config, _entries: list[Entry]) -> list[Statement]:
    places = written_objects(config)
    if not places.objects:
        raise UsageError("the grant deliver needs an output in S3: give -o json://s3://BUCKET/KEY")
    return [*_in_s3(DELIVER.allowed, places), *_through_s3("kms:GenerateDataKey", places)]


def _work(config: Config, _entries: list[Entry]) -> list[Statement]:
    places = work_objects(config)
    if not places.objects:
        raise UsageError("the grant work needs a place in S3: give --work s3://BUCKET/PREFIX")
    keys = [
        each
        for action in ("kms:Decrypt", "kms:GenerateDataKey")
        for each in _through_s3(action, places)
    ]
    return [*_in_s3(WORK.allowed, places), *keys]


def _detect(_config: Config, _entries: list[Entry]) -> list[Statement]:
    return [_allow(_actions(DETECT.allowed | ASK.allowed), "*")]


def _in_s3(calls: Calls, places: Objects) -> list[Statement]:
    """Return the statements of calls to S3; reading a version is an action of its own.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    actions = _actions(calls)
    whole = [action for action in actions if action != _OF_BUCKETS]
    listing = [action for action in actions if action == _OF_BUCKETS]
    pinned = [f"{action}Version" for action in whole]
    each = ((whole, places.objects), (pinned, places.versions), (listing, places.buckets))
    return [_allow(actions, some) for actions, all_ in each if actions for some in _parts(all_)]


def _through_s3(action: str, places: Objects) -> list[Statement]:
    """Return the statements for keys that S3 uses for us, for these objects and nothing else.

    A bucket key's context is the bucket, another key's the object:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    found = []
    for context in _parts(sorted({*places.buckets, *places.objects, *places.versions})):
        condition = {
            "kms:ViaService": "s3.*.amazonaws.com*",
            "kms:EncryptionContext:aws:s3:arn": context,
        }
        found.append(_allow([action], "*") | {"Condition": {"StringLike": condition}})
    return found


def _parts(arns: list[str]) -> Iterator[list[str]]:
    """Yield ARNs in lists that leave room in a policy (6,144 characters) for what is around."""
    part: list[str] = []
    for arn in arns:
        if part and sum(map(len, part)) + len(arn) > ROOM:
            yield part
            part = []
        part.append(arn)
    if part:
        yield part


def _allow(actions: list[str], resource: str | list[str]) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


GRANTS: dict[str, Callable[[Config, list[Entry]], list[Statement]]] = {
    "scan": _scan,
    "organization": _organization,
    "assume": _assume,
    "sources": _sources,
    "deliver": _deliver,
    "work": _work,
    "detect": _detect,
}
