"""Cross-checks: what AWS's own inventories count in a region, beside what a scan lists there.

AWS Config, Resource Explorer and CloudFormation's resource scans are asked where they are on, and
never switched on: `StartResourceScan` writes, so only scans that somebody else started are read.
IAM counts its own.
Each tells types by CloudFormation's names; Resource Explorer has names of its own for the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from scanner.aws import GLOBAL_REGIONS, Aws, Place
from scanner.catalog import Catalog
from scanner.config import ScanConfig
from scanner.errors import CallError
from scanner.identity import canonical_arn, partition_of
from scanner.model import GLOBAL, Account, CrossCheck
from scanner.resource_explorer import index_of, resources

RECORDS = frozenset(
    {
        "AWS::Config::ConformancePackCompliance",
        "AWS::Config::ResourceCompliance",
        "AWS::SSM::AssociationCompliance",
        "AWS::SSM::FileData",
        "AWS::SSM::ManagedInstanceInventory",
        "AWS::SSM::PatchCompliance",
    }
)
"""What AWS Config records about resources as if they were some.

https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html
"""

EXAMPLES = 5


@dataclass
class Counts:
    """Resources by region (of the thing itself: `global` for some) and type, with a few ARNs.

    ARNs are kept of types that have no name of CloudFormation's: by them they are recognised.
    """

    numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, region: str, kind: str, number: int = 1, arn: str | None = None) -> None:
        """Count so many more; `arn` is one of them."""
        self.numbers[region, kind] += number
        if arn and len(self.examples[region, kind]) < EXAMPLES:
            self.examples[region, kind].append(canonical_arn(arn))


class OffError(Exception):
    """The source is not on in this region; says why."""


def _config(aws: Aws, place: Place) -> Counts:
    """Count what AWS Config records.

    https://docs.aws.amazon.com/config/latest/APIReference/API_GetDiscoveredResourceCounts.html
    """
    told = aws.call(place, "config", "DescribeConfigurationRecorderStatus")
    if not any(one.get("recording") for one in told.get("ConfigurationRecordersStatus", ())):
        raise OffError("AWS Config records nothing here")
    found = Counts()
    token = ("nextToken", "nextToken")
    for page in aws.pages(place, "config", "GetDiscoveredResourceCounts", {"limit": 100}, token):
        for one in page.get("resourceCounts", ()):
            found.add(place.region, one["resourceType"], one["count"])
    return found


def _resource_explorer(aws: Aws, place: Place) -> Counts:
    """Count what the region's index holds of this account and region, global things at home."""
    index = index_of(aws, place)
    if isinstance(index, str):
        raise OffError(index)
    home = place.region == GLOBAL_REGIONS[partition_of(place.region)]
    found = Counts()
    for region in (place.region, GLOBAL) if home else (place.region,):
        for one in resources(aws, place, region):
            named = one.get("CfnResourceType")
            found.add(region, named or one["ResourceType"], arn=None if named else one["Arn"])
    return found


def _cloudformation(aws: Aws, place: Place) -> Counts:
    """Count what the newest complete resource scan found: scans are kept for thirty days.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListResourceScanResources.html
    """
    newest = None
    for page in aws.pages(place, "cloudformation", "ListResourceScans", {"MaxResults": 10}):
        scans = page.get("ResourceScanSummaries", ())
        newest = next((one for one in scans if one.get("Status") == "COMPLETE"), None)
        if newest:
            break
    if newest is None:
        raise OffError("there is no complete resource scan here")
    params = {"ResourceScanId": newest["ResourceScanId"], "MaxResults": 100}
    found = Counts()
    for page in aws.pages(place, "cloudformation", "ListResourceScanResources", params):
        for one in page.get("Resources", ()):
            found.add(place.region, one["ResourceType"])
    return found


SUMMARY = {
    "Groups": "AWS::IAM::Group",
    "InstanceProfiles": "AWS::IAM::InstanceProfile",
    "Policies": "AWS::IAM::ManagedPolicy",
    "Roles": "AWS::IAM::Role",
    "ServerCertificates": "AWS::IAM::ServerCertificate",
    "Users": "AWS::IAM::User",
}
"""What IAM counts, and the types it is of: `Policies` are the customer's own.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
"""


def _iam(aws: Aws, place: Place) -> Counts:
    """Count what IAM holds: one call for an account, made in the region that IAM is called in."""
    found = Counts()
    if place.region == GLOBAL_REGIONS[partition_of(place.region)]:
        summary = aws.call(place, "iam", "GetAccountSummary").get("SummaryMap", {})
        for name, kind in SUMMARY.items():
            if number := summary.get(name):
                found.add(GLOBAL, kind, number)
    return found


Count = Callable[[Aws, Place], Counts]


@dataclass(frozen=True)
class _Source:
    service: str
    count: Count
    calls: frozenset[tuple[str, str]]
    once: bool = False


def _source(count: Count, service: str, *operations: str, once: bool = False) -> _Source:
    return _Source(service, count, frozenset((service, name) for name in operations), once)


SOURCES = {
    "config": _source(
        _config, "config", "DescribeConfigurationRecorderStatus", "GetDiscoveredResourceCounts"
    ),
    "resource-explorer": _source(
        _resource_explorer, "resource-explorer-2", "GetIndex", "ListResources"
    ),
    "cloudformation": _source(
        _cloudformation, "cloudformation", "ListResourceScans", "ListResourceScanResources"
    ),
    "iam": _source(_iam, "iam", "GetAccountSummary", once=True),
}


def operations(scan: ScanConfig) -> frozenset[tuple[str, str]]:
    """Return what the configured cross-checks call."""
    return frozenset().union(*(SOURCES[name].calls for name in scan.cross_check))


def readers(scan: ScanConfig, catalog: Catalog) -> tuple[CrossChecker, ...]:
    """Return a reader for each configured cross-check."""
    return tuple(CrossChecker(name, catalog) for name in scan.cross_check)


@dataclass(frozen=True)
class CrossChecker:
    """Asks one source in an account and region; a `Reader` of `scanner/collect.py`."""

    name: str
    catalog: Catalog

    @property
    def service(self) -> str:
        """The service that is asked."""
        return SOURCES[self.name].service

    def __call__(
        self,
        aws: Aws,
        account: Account,  # noqa: ARG002 (a Reader's)
        place: Place,
    ) -> dict[str, list[Any]]:
        """Return a row per type counted, or one that says why nothing was."""
        try:
            counts = SOURCES[self.name].count(aws, place)
        except OffError as why:
            return {"cross_check": [self._silent(place, "off", str(why))]}
        except CallError as error:
            return {"cross_check": [self._silent(place, error.outcome, str(error))]}
        return {"cross_check": list(self._rows(place, counts))}

    def _rows(self, place: Place, counts: Counts) -> Iterator[CrossCheck]:
        for (region, counted), number in sorted(counts.numbers.items()):
            if counted in RECORDS or counted in self.catalog.not_inventory:
                continue
            entry = self.catalog.cloudformation.get(counted)
            yield CrossCheck(
                place.account_id,
                GLOBAL if entry and entry.scope == "global" else region,
                self.name,
                "counted",
                counted,
                entry.type if entry else None,
                number,
                examples=tuple(counts.examples[region, counted]),
            )

    def _silent(self, place: Place, outcome: str, why: str) -> CrossCheck:
        return CrossCheck(place.account_id, place.region, self.name, outcome, message=why)
