"""Tags in bulk: the Tagging API's list of a region, joined by ARN; the rest by own calls.

GetResources gives what is or was tagged, a hundred at a time
(https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html).
An ARN that it names has the tags that it says. An ARN that it does not name has none only where all
of this holds; otherwise the type's own call is made:

- all pages were read, from AWS itself: an emulator covers what it likes;
- AWS documents that the type is covered (`catalog/tagged_in_bulk.yaml`), and where it is listed;
- the thing is older than `SETTLED`: the list lags behind, and a new thing may be tagged already;
- every ARN of its kind that the list does name was recognised: another form of ARN would be missed.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from jmespath.exceptions import JMESPathError

from scanner import identity
from scanner.aws import Aws, Place
from scanner.catalog import Catalog
from scanner.catalog.expressions import search
from scanner.catalog.language import Describe, Entry
from scanner.clock import as_time, utc_now
from scanner.documents import Document, as_tags, identify
from scanner.errors import CallError, CatalogError
from scanner.model import Account

SERVICE = "resourcegroupstaggingapi"
OPERATIONS = frozenset({(SERVICE, "GetResources")})
SETTLED = timedelta(hours=1)
WORTH = 3
"""Things of a region whose tags are wanted before its list is read: fewer cost fewer calls."""
BAD_FILTER = "InvalidParameterException"
"""Said of a service that a region's Tagging API does not know: then all services are asked for."""
GLOBAL_HOME = "us-east-1"
"""Where the Tagging API names CloudFront's and Route 53's; other partitions' home is not told."""

Tags = dict[str, str]
Known = list[tuple[str, Document]]
"""Documents with their ARNs; the ARN is empty where it is not known before the tags are."""


@dataclass
class _Region:
    """What the Tagging API named in one region, and the error that ended it."""

    tags: dict[str, Tags] = field(default_factory=dict)
    kinds: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    error: CallError | None = None
    calls: int = 0

    def add(self, page: dict[str, Any]) -> None:
        """Take in a page of GetResources."""
        for item in page.get("ResourceTagMappingList", ()):
            arn = identity.canonical_arn(item["ResourceARN"])
            self.tags[arn] = as_tags(item.get("Tags"))
            self.kinds[_kind(arn)].add(arn)


class BulkTags:
    """The tags of one account, read region by region when they are first asked for."""

    def __init__(
        self, aws: Aws, catalog: Catalog, entries: Iterable[Entry], account: Account
    ) -> None:
        self._aws = aws
        self._covered = catalog.tagged_in_bulk
        self._services = services_of(catalog, entries)
        self._is_aws = bool(aws.service_regions(SERVICE, account.partition))
        self._regions: dict[str, _Region] = {}
        self._wanted: Counter[str] = Counter()
        self._locks: dict[str, threading.Lock] = {}

    def fill(
        self, place: Place, entry: Entry, step: Describe, documents: list[Document]
    ) -> tuple[list[Document], int, str | None]:
        """Put into the documents what is known of their tags.

        Returns the documents that are left to the step itself, the number of calls made here, and
        why the Tagging API was of no use, where it was not.
        """
        left, calls, note = [], 0, None
        for region, found in _by_region(place, entry, documents).items():
            asked = [pair for pair in found if self._may_know(pair[0])]
            left += [each for arn, each in found if not self._may_know(arn)]
            if not self._is_worth_it(region, len(asked)):
                left += [each for _, each in asked]
                continue
            listed, made = self._read(replace(place, region=region))
            calls += made
            if listed.error:
                note = f"its tags were asked for one by one: {listed.error}"
            left += self._join(entry, step, region, listed, asked)
        return left, calls, note

    def _is_worth_it(self, region: str, more: int) -> bool:
        self._wanted[region] += more
        return more > 0 and self._wanted[region] >= WORTH

    def _may_know(self, arn: str) -> bool:
        parsed = identity.parse_arn(arn)
        return parsed is not None and parsed.service in self._services

    def _read(self, place: Place) -> tuple[_Region, int]:
        """Return a region's list and the calls made for it now: none where it was read before."""
        with self._aws.pace.holding(self._locks.setdefault(place.region, threading.Lock())):
            if known := self._regions.get(place.region):
                return known, 0
            listed = _Region()
            self._list(place, listed, ResourceTypeFilters=sorted(self._services))
            if listed.error and listed.error.code == BAD_FILTER:
                listed.error = None
                self._list(place, listed)
            self._regions[place.region] = listed
            return listed, listed.calls

    def _list(self, place: Place, listed: _Region, **filters: list[str]) -> None:
        """Read all pages into a region, or as many as come before an error."""
        params = {"ResourcesPerPage": 100, **filters}
        try:
            for page in self._aws.pages(place, SERVICE, "GetResources", params):
                listed.calls += 1
                listed.add(page)
        except CallError as error:
            listed.calls += 1
            listed.error = error

    def _join(
        self, entry: Entry, step: Describe, region: str, listed: _Region, asked: Known
    ) -> list[Document]:
        """Put the tags of these documents in; return those of which nothing is known."""
        absent = self._tells_of_absence(entry, region, listed, {arn for arn, _ in asked})
        model = self._aws.client(entry.service).meta.service_model
        shape = model.operation_model(step.op).output_shape
        left = []
        for arn, document in asked:
            if arn in listed.tags or (absent and _is_settled(entry, document)):
                tags = listed.tags.get(arn, {})
                if tags or not step.none_on:  # with it, a thing without tags answers with an error
                    document[step.into or ""] = as_answered(shape, step.at, tags)
            else:
                left.append(document)
        return left

    def _tells_of_absence(
        self, entry: Entry, region: str, listed: _Region, asked: set[str]
    ) -> bool:
        at_home = entry.scope == "regional" or entry.key.region or region == GLOBAL_HOME
        if not (self._is_aws and at_home and entry.type in self._covered) or listed.error:
            return False
        named: set[str] = set().union(*(listed.kinds[kind] for kind in set(map(_kind, asked))))
        return named <= asked


def services_of(catalog: Catalog, entries: Iterable[Entry]) -> frozenset[str]:
    """Return the services, as ARNs name them, whose tags the Tagging API is asked for."""
    asking = [entry for entry in entries if any(map(entry.is_for_tags, entry.describe))]
    found = (catalog.tagged_in_bulk.get(entry.type) for entry in asking)
    return frozenset(service for service in found if service)


def as_answered(shape: Any, at: str, tags: Tags) -> Any:
    """Return tags in the form in which an operation answers `at` a place of its output shape.

    The catalog's expressions and the stored properties are the same whoever told the tags.
    """
    for part in at.partition("||")[0].strip().split("."):
        name, bracket, _ = part.partition("[")
        shape = shape.members[name].member if bracket else shape.members[name]
    if shape.type_name == "map":
        return dict(tags)
    key, value = (
        next(name for name in shape.member.members if name.lower().endswith(end))
        for end in ("key", "value")
    )
    return [{key: name, value: text} for name, text in tags.items()]


def _by_region(place: Place, entry: Entry, documents: list[Document]) -> dict[str, Known]:
    """Return the documents with their ARNs by the region that names them: a bucket's is its own."""
    found: dict[str, Known] = defaultdict(list)
    for document in documents:
        own = search(entry.key.region, document) if entry.key.region else None
        found[own or place.region].append((_arn(entry, document), document))
    return found


def _arn(entry: Entry, document: Document) -> str:
    try:
        identify(entry, known := dict(document))
    except (CatalogError, JMESPathError):
        return ""
    return str(known["_arn"])


def _is_settled(entry: Entry, document: Document) -> bool:
    created: datetime | None = (
        as_time(search(entry.key.created, document)) if entry.key.created else None
    )
    return created is not None and created < utc_now() - SETTLED


def _kind(arn: str) -> tuple[str, str]:
    """Return what the ARNs of one type have in common: their service, and the word in front."""
    parsed = identity.parse_arn(arn)
    if parsed is None:
        return "", ""
    word = parsed.resource.replace("/", ":").partition(":")
    return parsed.service, word[0] if word[1] else ""
