"""The roles and S3 places that a configuration names, as ARNs for policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scanner import identity
from scanner.claims import discovery
from scanner.claims.s3_source import SCHEME, VERSION
from scanner.config import Config
from scanner.drift.nightly import S3
from scanner.errors import UsageError
from scanner.events import trail

_PULUMI = "pulumi+s3://"


@dataclass(frozen=True)
class Objects:
    """ARNs of buckets, of objects in them (with `*`), and of objects of which a version is read."""

    buckets: list[str]
    objects: list[str]
    versions: list[str]


def partition_of_regions(regions: Iterable[str]) -> str:
    """Return the partition of the configured regions (or globs); `aws` where none is told."""
    return next((identity.partition_of(region) for region in regions), "aws")


def role_arns(config: Config) -> list[str]:
    """Return the roles that a scan assumes: in each account, for the organization, for sources."""
    scan, partition = config.scan, partition_of_regions(config.scan.regions)
    accounts = scan.accounts or ["*"]
    found = {f"arn:{partition}:iam::{account}:role/{scan.role_name}" for account in accounts}
    if not scan.role_name:
        found.clear()
    found |= {source.role_arn for source in config.terraform if source.role_arn}
    found |= {source.role_arn for source in config.events if source.role_arn}
    found |= {source.role_arn for source in config.plan if source.role_arn}
    if scan.organization_role_arn:
        found.add(scan.organization_role_arn)
    return sorted(found)


def read_objects(config: Config) -> Objects:
    """Return what is read in S3: states, trail files, plans.

    Raises `UsageError` for a broken folder. The states of a `terraform://` folder are those that
    its backends name now.
    """
    states = [place for source in config.terraform for place in _states(source.from_)]
    trails = [source.from_ for source in config.events if source.from_.startswith(trail.SCHEME)]
    plans = [one.from_.removeprefix(S3) for one in config.plan if one.from_.startswith(S3)]
    return _objects(
        config,
        [
            *states,
            *(_trail_files(place) for place in trails),
            *(place if place.endswith(".json") else f"{place}*" for place in plans),
        ],
    )


def written_objects(config: Config) -> Objects:
    """Return what is written to S3: the reports of `[[output]]` that go there."""
    places = [one.to.partition("://")[2] for one in config.output]
    found = [place.removeprefix("s3://") for place in places if place.startswith("s3://")]
    return _objects(config, [f"{key}*" if key.endswith("/") else key for key in found])


def work_objects(config: Config) -> Objects:
    """Return what the shards of scans are read from and written to, where that is in S3."""
    parent = config.work or ""
    found = parent.removeprefix("s3://").rstrip("/") if parent.startswith("s3://") else ""
    return _objects(config, [f"{found}/*"] if found else [])


def _states(place: str) -> Iterator[str]:
    if place.startswith(discovery.SCHEME):
        folder = Path(place.removeprefix(discovery.SCHEME)).expanduser().absolute()
        for found in discovery.backends(folder):
            if isinstance(found, discovery.Trouble):
                raise UsageError(f"{found.folder}: {found.why}")
            yield from _states(found.source.from_)
    for scheme in (SCHEME, _PULUMI):
        if place.startswith(scheme):
            yield place.removeprefix(scheme)


def _trail_files(place: str) -> str:
    bucket, _, prefix = place.removeprefix(trail.SCHEME).partition("/")
    return "/".join(part for part in (bucket, prefix.strip("/"), "AWSLogs/*") if part)


def _objects(config: Config, places: list[str]) -> Objects:
    start = f"arn:{partition_of_regions(config.scan.regions)}:s3:::"
    buckets = {f"{start}{place.partition('/')[0]}" for place in places}
    pinned = {place.partition(VERSION)[0] for place in places if VERSION in place}
    plain = {_widened(place) for place in places if VERSION not in place}
    return Objects(
        sorted(buckets), *(sorted(start + key for key in keys) for keys in (plain, pinned))
    )


def _widened(place: str) -> str:
    """Return a place with its glob as IAM knows them: what follows the first mark is any text."""
    cuts = [place.index(mark) for mark in "*?[" if mark in place]
    return f"{place[: min(cuts)]}*" if cuts else place
