"""Tells others of a run's new findings: one signed JSON POST to each, none twice.

The signature is an HMAC-SHA256 over the time and the body, so that a receiver can tell who sent it
and refuse what is old:

    X-Strays-Timestamp: 1767225600
    X-Strays-Signature: sha256=HEX of HMAC(secret, timestamp + "." + body)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from reports import summarize
from scanner.clock import utc_now
from scanner.config import Notify
from scanner.errors import ConfigError
from scanner.model import Severity
from scanner.store import Store

log = logging.getLogger(__name__)

MOST = 100
"""Findings named in one message; `new` counts them all."""
TIMEOUT = 10.0

_NEW = (
    "SELECT finding_id, rule_id, severity, message, arn, account_id, region, environment, fix"
    " FROM findings JOIN scan ON scan.scan_id = findings.scan_id"
    " WHERE findings.scan_id = ? AND findings.state = 'open'"
    " AND coalesce(reopened_at, first_seen) = scan.started_at"
    " AND list_contains(?::VARCHAR[], severity)"
    " ORDER BY list_position(['critical', 'high', 'medium', 'low', 'info'], severity), finding_id"
)


@dataclass(frozen=True)
class Notice:
    """One message that is to be sent, and the findings that it counts."""

    scan_id: str
    target: str
    findings: list[str]
    url: str = field(repr=False)
    secret: bytes | None = field(repr=False)
    body: bytes = field(repr=False)


def check_secrets(places: Iterable[Notify]) -> None:
    """Raise `ConfigError` where a secret that is to sign is not in the environment."""
    for place in places:
        if place.secret_env and not os.environ.get(place.secret_env):
            raise ConfigError(
                f"[[notify]] secret_env: the environment has no {place.secret_env}, so nothing"
                " could be signed: set it, or leave the key out"
            )


def pending(store: Store, places: Iterable[Notify], scan_id: str) -> list[Notice]:
    """Return the messages that a scan gives rise to: new findings that nobody was told of yet."""
    found = []
    for place in places:
        target = _target(place.url)
        rows = _untold(store, place, scan_id, target)
        if rows:
            secret = os.environ[place.secret_env].encode() if place.secret_env else None
            ids = [row["finding_id"] for row in rows]
            found.append(
                Notice(scan_id, target, ids, place.url, secret, _body(store, rows, scan_id))
            )
    return found


def deliver(notices: Iterable[Notice]) -> list[Notice]:
    """Send and return what arrived; what did not is a warning, and tried by the next check."""
    return [notice for notice in notices if _posted(notice)]


def record(store: Store, sent: Iterable[Notice]) -> None:
    """Remember who was told."""
    for notice in sent:
        row = [notice.scan_id, notice.target, utc_now(), notice.findings]
        store.run("INSERT INTO notice VALUES (?, ?, ?, ?)", row)


def line(store: Store) -> str:
    """Return a run in one line for logs: `scan=... verdict=... open=... new=...`."""
    summary = summarize(store)
    scan_id = store.value("SELECT max(scan_id) FROM visible_scan")
    said: dict[str, Any] = {
        "scan": scan_id,
        "verdict": summary.verdict,
        "strays": summary.strays,
        "missing": summary.missing,
        **{str(name): count for name, count in summary.by_severity.items()},
        "new": len(store.rows(_NEW, [scan_id, _from_severity("low")])),
        "cells": f"{summary.cells_complete}/{summary.cells}",
        "unread_sources": len(summary.unread),
    }
    return " ".join(f"{key}={value}" for key, value in said.items())


def _untold(store: Store, place: Notify, scan_id: str, target: str) -> list[dict[str, Any]]:
    """Return the new findings of a scan that a place has not heard of: `check` may find more."""
    told = store.rows(
        "SELECT findings FROM notice WHERE scan_id = ? AND target = ?", [scan_id, target]
    )
    known = {finding_id for row in told for finding_id in row["findings"]}
    rows = store.rows(_NEW, [scan_id, _from_severity(place.min_severity)])
    return [row for row in rows if row["finding_id"] not in known]


def _body(store: Store, rows: list[dict[str, Any]], scan_id: str) -> bytes:
    summary = summarize(store)
    said = {
        "scan_id": scan_id,
        "verdict": summary.verdict,
        "strays": summary.strays,
        "incomplete_cells": len(summary.blind),
        "new": len(rows),
        "findings": rows[:MOST],
    }
    return json.dumps(said, separators=(",", ":")).encode()


def _from_severity(least: str) -> list[str]:
    order = [str(severity) for severity in Severity]
    return order[: order.index(least) + 1]


def _target(url: str) -> str:
    """Return what tells one place from another without the token that its URL may hold."""
    parts = urlsplit(url)
    return f"{parts.hostname} {hashlib.sha256(url.encode()).hexdigest()[:12]}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed message goes where it was addressed, nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: a redirect becomes an error."""


def _posted(notice: Notice) -> bool:
    headers = {"Content-Type": "application/json", "User-Agent": "strays"}
    if notice.secret:
        stamp = str(int(time.time()))
        digest = hmac.new(notice.secret, f"{stamp}.".encode() + notice.body, hashlib.sha256)
        headers["X-Strays-Timestamp"] = stamp
        headers["X-Strays-Signature"] = f"sha256={digest.hexdigest()}"
    request = urllib.request.Request(notice.url, notice.body, headers)  # noqa: S310 (http and https only: Notify.url)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        log.warning("%s was not told: it answered %s", notice.target, error.code)
    except OSError as error:
        log.warning("%s was not told: %s", notice.target, error)
    return False
