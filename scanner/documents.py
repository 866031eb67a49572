"""From what AWS answered to a row: keys, tags, times, rules, links, and what is never stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from jmespath.exceptions import JMESPathError

from scanner import identity
from scanner.catalog.expressions import render, search
from scanner.catalog.language import Entry, OwnedRule
from scanner.clock import as_time
from scanner.errors import CatalogError
from scanner.model import GLOBAL, Account, Link, Resource, Trust

Document = dict[str, Any]

SECRET_MEMBERS = frozenset(
    "userdata environment environmentvariables secretstring secretbinary password "
    "masteruserpassword authtoken secret clientsecret privatekey sharedsecret presharedkey "
    "secretaccesskey sessiontoken defaultarguments connectionproperties stagevariables".split()
)
"""Members that hold secrets wherever they stand, compared without case."""


def identify(entry: Entry, document: Document) -> None:
    """Add `_arn`, `_id`, `_name` and `_tags`; raises `CatalogError` without ARN or id."""
    found_id = search(entry.key.id, document)
    document["_id"] = str(found_id) if found_id not in (None, "") else None
    document["_name"] = search(entry.key.name, document) if entry.key.name else None
    document["_tags"] = as_tags(search(entry.key.tags, document)) if entry.key.tags else {}
    arn = search(entry.key.arn, document) if entry.key.arn else None
    if not arn and entry.arn:
        arn = render(entry.arn, document)
    document["_arn"] = identity.canonical_arn(arn) if isinstance(arn, str) and arn else None
    if document["_arn"] is None or document["_id"] is None:
        raise CatalogError(f"{entry.type}: an item without {'id' if document['_arn'] else 'ARN'}")


def as_resource(
    entry: Entry, document: Document, account: Account, region: str, seen_at: datetime
) -> Resource:
    """Return the row of an identified document."""
    own_region = search(entry.key.region, document) if entry.key.region else None
    return Resource(
        arn=document["_arn"],
        resource_type=entry.type,
        terraform_type=entry.terraform[0] if entry.terraform else None,
        resource_id=document["_id"],
        terraform_id=_rendered(entry.tf_id, document) or document["_id"],
        name=str(document["_name"]) if document["_name"] not in (None, "") else None,
        account_id=account.account_id,
        region=own_region or region,
        cell_region=region,
        partition=account.partition,
        created_at=as_time(search(entry.key.created, document)) if entry.key.created else None,
        tags=document["_tags"],
        properties=storable(document, entry.never_store),
        keys=keys_of(entry, document),
        parent_arn=(document.get("_parent") or {}).get("_arn"),
        default_rule=document.get("_default_rule"),
        default_evidence=document.get("_default_evidence"),
        unreviewed=entry.state == "generated",
        seen_at=seen_at,
    )


def keys_of(entry: Entry, document: Document) -> tuple[str, ...]:
    """Return what a claim may name this by: canonical ARN, Terraform's, AWS's and stack ids."""
    found = [
        document["_arn"],
        _rendered(entry.tf_id, document),
        document["_id"],
        _rendered(entry.cfn_id, document),
        *(_rendered(template, document) for template in entry.match),
    ]
    return tuple(dict.fromkeys(key for key in found if key))


def _rendered(template: str | None, document: Document) -> str | None:
    return render(template, document) if template else None


def apply_rules(rules: Iterable[OwnedRule], document: Document) -> bool:
    """Mark what AWS makes in every account; return False for what is no row at all."""
    for rule in rules:
        if rule.verdict == "derived" or not holds(rule.when, document):
            continue
        if rule.verdict == "none":
            return False
        document.setdefault("_default_rule", rule.rule)
        document.setdefault("_default_evidence", rule.because)
    return True


def holds(when: str | None, document: Document) -> bool:
    """Whether a rule's condition holds; no condition always does."""
    if when is None:
        return True
    try:
        return search(when, document) not in (None, False, "", [], {})
    except JMESPathError as error:
        raise CatalogError(f"condition {when!r}: {error}") from error


def links_of(
    entry: Entry, rules: Iterable[OwnedRule], document: Document, account: Account, region: str
) -> list[Link]:
    """Return every link that a document states: containment, references and ownership."""

    def link(
        kind: str, to: str, key: str, owns: str | None, rule: str | None, trust: str, why: str
    ) -> Link:
        return Link(
            account.account_id,
            region,
            document["_arn"],
            kind,
            to,
            key,
            owns,
            rule,
            Trust(trust),
            why,
        )

    found = []
    if entry.parent and entry.contained:
        parent = document["_parent"]["_arn"]
        found.append(
            link("contains", entry.parent, parent, "self", None, "parent_list", "listed under it")
        )
    for rule in entry.links:
        if holds(rule.when, document):
            found += [
                link(rule.kind, rule.to, key, rule.owns, None, rule.trust, rule.at)
                for key in texts(search(rule.at, document))
            ]
    for owned in rules:
        found += _ownership_links(owned, document, link)
    return found


def _ownership_links(rule: OwnedRule, document: Document, link: Any) -> list[Link]:
    if rule.verdict != "derived" or not holds(rule.when, document):
        return []
    ends = [(rule.owner, "self"), (rule.owns, "target")]
    return [
        link("owns", end["type"], key, owns, rule.rule, rule.trust, rule.because)
        for end, owns in ends
        if end
        for key in texts(search(end["at"], document))
    ]


def texts(value: Any) -> list[str]:
    """Return the texts in what an expression found, one or many, canonical where they are ARNs."""
    values = value if isinstance(value, list) else [value]
    return [identity.canonical_arn(str(item)) for item in values if item not in (None, "")]


def as_tags(value: Any) -> dict[str, str]:
    """Return tags as a map from any of the forms that AWS gives them in."""
    if isinstance(value, dict):
        return {str(key): "" if text is None else str(text) for key, text in value.items()}
    tags = {}
    for item in value or []:
        if isinstance(item, dict):
            pair = {str(name).lower().removeprefix("tag"): text for name, text in item.items()}
            if "key" in pair:
                tags[str(pair["key"])] = str(pair.get("value") or "")
    return tags


def storable(document: Document, never_store: Iterable[str]) -> Document:
    """Return a document without our own marks and without anything that may hold a secret."""
    hidden = frozenset(path.lower() for path in never_store)
    cleaned: Document = _clean(document, hidden)
    return cleaned


def _clean(value: Any, hidden: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _clean(item, hidden)
            for key, item in value.items()
            if not key.startswith("_") and not _is_secret(key.lower(), item, hidden)
        }
    if isinstance(value, list):
        return [_clean(item, hidden) for item in value]
    return value


def _is_secret(key: str, item: Any, hidden: frozenset[str]) -> bool:
    return key in hidden or (key in SECRET_MEMBERS and item not in (None, "", [], {}))


def region_of(entry: Entry, region: str) -> str:
    """Return the region of the cell that lists an entry."""
    return GLOBAL if entry.scope == "global" else region
