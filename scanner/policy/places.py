"""The roles and buckets that a configuration names, as ARNs for policies."""

from __future__ import annotations

from collections.abc import Iterable

from scanner import identity
from scanner.claims.s3_source import SCHEME
from scanner.config import Config


def partition_of_regions(regions: Iterable[str]) -> str:
    """Return the partition of the configured regions (or globs); `aws` where none is told."""
    return next((identity.partition_of(region) for region in regions), "aws")


def role_arns(config: Config) -> list[str]:
    """Return the roles that a scan assumes: in each account, for the organization, for states."""
    scan, partition = config.scan, partition_of_regions(config.scan.regions)
    accounts = scan.accounts or ["*"]
    found = {f"arn:{partition}:iam::{account}:role/{scan.role_name}" for account in accounts}
    if not scan.role_name:
        found.clear()
    found |= {source.role_arn for source in config.terraform if source.role_arn}
    if scan.organization_role_arn:
        found.add(scan.organization_role_arn)
    return sorted(found)


def state_objects(config: Config) -> tuple[list[str], list[str]]:
    """Return the ARNs of the buckets with states, and of the objects in them (globs kept short)."""
    start = f"arn:{partition_of_regions(config.scan.regions)}:s3:::"
    found = [s.from_.removeprefix(SCHEME) for s in config.terraform if s.from_.startswith(SCHEME)]
    buckets = {f"{start}{place.partition('/')[0]}" for place in found}
    return sorted(buckets), sorted({start + _widened(place) for place in found})


def _widened(place: str) -> str:
    """Return a place with its glob as IAM knows them: `*` and `?`, brackets as any character."""
    cuts = [place.index(mark) for mark in "*?[" if mark in place]
    return f"{place[: min(cuts)]}*" if cuts else place
