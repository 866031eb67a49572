"""From a CloudTrail record to one lean row: who, when, what, from where, how, and which things."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from scanner.clock import as_time
from scanner.documents import SECRET_MEMBERS
from scanner.errors import SourceError
from scanner.events.channel import channel, issuer
from scanner.events.makes import makes
from scanner.identity import canonical_arn

Record = Mapping[str, Any]
_NAMING = re.compile(
    r"(?:id|arn|name|url|identifier|alias|key|bucket|user|role|group|policy)$", re.IGNORECASE
)
_SECRET = SECRET_MEMBERS | {"keymaterial", "accesskey", "clientrequesttoken", "clienttoken"}
MOST_KEYS = 200
"""Keys kept per event: an event that names more things is a bulk one."""
LONGEST = 512


def as_event(record: Record, source_id: str) -> dict[str, Any] | None:
    """Return the row of a record, None for one that wrote nothing.

    Raises `SourceError` for what is no CloudTrail record.
    """
    if str(record.get("readOnly", "false")).lower() == "true":
        return None
    if record.get("eventCategory", "Management") not in ("Management", None):
        return None
    identity = record.get("userIdentity") or {}
    try:
        when = as_time(record["eventTime"])
        source, name = str(record["eventSource"]), str(record["eventName"])
        account = str(record.get("recipientAccountId") or identity["accountId"])
        event_id, region = str(record["eventID"]), str(record["awsRegion"])
    except KeyError as error:
        raise SourceError(f"a record without {error.args[0]}: is this CloudTrail's?") from error
    context = identity.get("sessionContext") or {}
    return {
        "event_id": event_id, "account_id": account, "region": region, "event_time": when,
        "event_source": source, "event_name": name, "makes": list(makes(source, name)),
        "principal_type": identity.get("type"), "principal": principal(identity),
        "session_issuer": issuer(identity), "source_identity": context.get("sourceIdentity"),
        "channel": channel(record), "source_ip": _short(record.get("sourceIPAddress")),
        "user_agent": _short(record.get("userAgent")), "error_code": record.get("errorCode"),
        "keys": keys(record), "source_id": source_id,
    }  # fmt: skip


def principal(identity: Record) -> str:
    """Return who it was: an ARN, the service that acted, or what else is known."""
    for name in ("arn", "invokedBy", "userName", "principalId", "accountId"):
        if identity.get(name):
            return str(identity[name])
    return str(identity.get("type") or "unknown")


def keys(record: Record) -> list[str]:
    """Return the ids, names and ARNs in a record's request, answer and resources, once each."""
    found: dict[str, None] = {}
    for resource in record.get("resources") or ():
        arn = (
            resource.get("ARN") or resource.get("arnPrefix") if isinstance(resource, dict) else None
        )
        if isinstance(arn, str):
            found[canonical_arn(arn)] = None
    for part in ("responseElements", "requestParameters"):
        for text in _named(record.get(part), ""):
            found.setdefault(canonical_arn(text))
            if len(found) >= MOST_KEYS:
                return list(found)
    return list(found)


def _named(value: Any, member: str) -> Iterator[str]:
    if isinstance(value, str):
        if value and len(value) <= LONGEST and _NAMING.search(member):
            yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if str(key).lower() not in _SECRET:
                yield from _named(item, str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, member.removesuffix("s"))


def _short(value: Any) -> str | None:
    return None if value is None else str(value)[:LONGEST]


def from_columns(row: Record) -> Record:
    """Return a record from a row of an Athena or Lake export: lower-case columns, JSON as text."""
    by_lower = {str(key).lower(): value for key, value in row.items()}
    found: dict[str, Any] = {}
    for name in _COLUMNS:
        value = by_lower.get(name.lower())
        if isinstance(value, str) and value[:1] in "{[":
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        if value not in (None, "", "null"):
            found[name] = value.isoformat() if isinstance(value, datetime) else value
    if isinstance(found.get("userIdentity"), Mapping):
        found["userIdentity"] = _identity(found["userIdentity"])
    return found


_COLUMNS = (
    "eventID eventTime eventSource eventName awsRegion recipientAccountId userIdentity"
    " sourceIPAddress userAgent errorCode requestParameters responseElements resources readOnly"
    " eventType eventCategory sessionCredentialFromConsole"
).split()
_IDENTITY = {
    name.lower(): name
    for name in (
        "type principalId arn accountId userName invokedBy sessionContext sessionIssuer"
        " sourceIdentity attributes"
    ).split()
}


def _identity(value: Any) -> Any:
    """Return an identity in CloudTrail's spelling: Athena writes its members in lower case."""
    if isinstance(value, Mapping):
        return {_IDENTITY.get(str(k).lower(), k): _identity(v) for k, v in value.items()}
    return value
