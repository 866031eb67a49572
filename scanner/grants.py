"""What a scan may call: its types' own operations, and what its readers and options call besides.

`strays policy` prints the policy of the same data, so neither can have what the other lacks.
"""

from __future__ import annotations

from collections.abc import Iterable

from scanner import cross_check
from scanner.catalog.language import Entry
from scanner.claims.cloudformation import OPERATIONS as STACKS
from scanner.config import ScanConfig
from scanner.hints import OPERATIONS as HINTS
from scanner.places import Grant
from scanner.tagging import OPERATIONS as TAGS

Calls = frozenset[tuple[str, str]]
"""(service, operation) pairs, as botocore names them."""


def scan_grant(scan: ScanConfig, entries: Iterable[Entry]) -> Grant:
    """Return the grant under which a scan lists these entries."""
    own = frozenset((entry.service, op) for entry in entries for op in entry.operations())
    return Grant("scan", own | beside_types(scan))


def beside_types(scan: ScanConfig) -> Calls:
    """Return what a scan calls in each account besides the operations of its types."""
    options = ((scan.bulk_tags, TAGS), (scan.hints, HINTS))
    asked = frozenset(call for on, calls in options if on for call in calls)
    return STACKS | asked | cross_check.operations(scan)
