"""Nouns: what an operation's name says that it lists, makes or deletes."""

from __future__ import annotations

import re

VERB = re.compile(r"^(Batch)?([A-Z][a-z]+)(?=[A-Z0-9])")
LISTING = frozenset({"List", "Describe", "Get", "Search"})
MAKING = frozenset("Create Register Allocate Purchase Request Provision Launch Publish".split())
"""What makes a thing that stays. Putting, starting and adding make settings, runs and members."""
UNMAKING = frozenset("Delete Deregister Release Terminate Destroy".split())
_ODD = {
    "indices": "index", "indexes": "index", "vertices": "vertex", "analyses": "analysis",
    "statuses": "status", "buses": "bus", "viruses": "virus", "caches": "cache",
    "aliases": "alias",
}  # fmt: skip
_SAME = frozenset(
    "series news aws dns sms analytics metadata kms access progress bus status address class alias "
    "ops canvas analysis virus campus corpus basis process".split()
)
_TAIL = re.compile(r"(Summary|Summaries|List|V2)$")


def split_verb(operation: str) -> tuple[str, str]:
    """Return an operation's verb and the rest of its name."""
    found = VERB.match(operation)
    return (found.group(2), operation[found.end() :]) if found else ("", operation)


def singular(noun: str) -> str:
    """Return the singular of a name in camel case: `DBClusters` -> `DBCluster`."""
    found = re.search(r"[A-Z]?[a-z]+$|[A-Z]+s?$", noun)
    if not found:
        return noun
    head, last = noun[: found.start()], found.group()
    low = last.lower()
    if low in _ODD:
        return head + last[0] + _ODD[low][1:]
    if low in _SAME:
        return noun
    if low.endswith("ies") and len(low) > 4:
        return head + last[:-3] + "y"
    if re.search(r"(ss|sh|ch|x|z)es$", low):
        return head + last[:-2]
    return head + last[:-1] if low.endswith("s") and not low.endswith("ss") else noun


def noun_of(operation: str) -> str:
    """Return what a list operation is about: `ListDomainNames` -> `DomainName`."""
    rest = _TAIL.sub("", split_verb(operation)[1])
    return _TAIL.sub("", singular(rest)) or rest


def plain(name: str) -> str:
    """Return a name without case and marks, to compare with others."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def snake(name: str) -> str:
    """Return a camel-case name in snake case: `DBClusterSnapshot` -> `db_cluster_snapshot`."""
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", spaced)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
