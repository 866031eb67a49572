"""Config -> the accounts to scan, how to get into each, and their enabled regions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from scanner.aws import GLOBAL_REGIONS, Aws, Caller
from scanner.config import ScanConfig
from scanner.errors import CallError, TargetError
from scanner.identity import partition_of
from scanner.model import Account, Outcome
from scanner.places import ORGANIZATION, REGIONS, Place

if TYPE_CHECKING:
    from botocore.credentials import Credentials

log = logging.getLogger(__name__)


Entered = tuple[Account, "Credentials | None"]
"""An account with its regions and a way in; without one where it cannot be entered."""
Entrance = Callable[[Account], Entered]


@dataclass(frozen=True)
class Targets:
    """The accounts of a scan, credentials of those that can be entered, and what was left out."""

    caller: Caller
    accounts: tuple[Account, ...]
    credentials: dict[str, Credentials] = field(repr=False)
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """The accounts that a configuration chooses, not entered yet, and what was left out."""

    caller: Caller
    accounts: tuple[Account, ...]
    skipped: tuple[str, ...] = ()


def choose_accounts(aws: Aws, config: ScanConfig, *, tags: bool = False) -> Chosen:
    """Return every account of the configuration, without its regions.

    With `tags` those of an organization's accounts are asked for: a call for each, four a second.
    Raises `TargetError` where the list of accounts cannot be had, and `CredentialsError` without
    credentials.
    """
    caller = aws.caller()
    skipped: list[str] = []
    if config.organization:
        wanted = _organization(aws, config, caller, skipped, tags)
    else:
        wanted = [
            Account(i, caller.partition)
            for i in dict.fromkeys(config.accounts or [caller.account_id])
        ]
    wanted = [a for a in wanted if not _excluded(a, config, skipped)]
    if not wanted:
        raise TargetError(
            "no account is left to scan: look at [scan] accounts and exclude_accounts"
        )
    return Chosen(caller, tuple(wanted), tuple(skipped))


def resolve_targets(aws: Aws, config: ScanConfig) -> Targets:
    """Return every account of the configuration with its regions, and credentials of each.

    An account that cannot be entered is in the result with the outcome `denied` or `failed` and a
    message. Raises what `choose_accounts` raises.
    """
    chosen = choose_accounts(aws, config)
    entered = [enter(aws, account, config, chosen.caller) for account in chosen.accounts]
    credentials = {account.account_id: way for account, way in entered if way is not None}
    accounts = tuple(_with_regions([account for account, _ in entered]))
    return Targets(chosen.caller, accounts, credentials, chosen.skipped)


def _excluded(account: Account, config: ScanConfig, skipped: list[str]) -> bool:
    excluded = any(fnmatchcase(account.account_id, glob) for glob in config.exclude_accounts)
    if excluded:
        skipped.append(f"{account.account_id}: excluded by [scan] exclude_accounts")
    return excluded


def enter(aws: Aws, account: Account, config: ScanConfig, caller: Caller) -> Entered:
    """Return the account with its regions and a way in, or with why it cannot be entered."""
    role = None
    try:
        if config.role_name and "*" not in config.role_name:
            role = f"arn:{account.partition}:iam::{account.account_id}:role/{config.role_name}"
        credentials = _credentials(aws, role, config, account.account_id == caller.account_id)
        place = Place(account.account_id, _home(aws, caller), credentials, REGIONS)
        regions = enabled_regions(aws, place, config.regions)
    except CallError as error:
        log.info("account %s cannot be entered: %s", account.account_id, error)
        outcome = Outcome(error.outcome) if error.outcome != Outcome.UNAVAILABLE else Outcome.FAILED
        return replace(account, role_arn=role, outcome=outcome, message=str(error)), None
    return replace(account, role_arn=role, regions=regions), credentials


def entrance(aws: Aws, config: ScanConfig, caller: Caller) -> Entrance:
    """Return what enters an account of this configuration."""
    return lambda account: enter(aws, account, config, caller)


def regions_of_caller(aws: Aws, config: ScanConfig) -> tuple[str, ...]:
    """Return the chosen regions that the caller's own account has enabled; none where denied."""
    own = aws.caller()
    place = Place(own.account_id, _home(aws, own), aws.own_credentials(), REGIONS)
    try:
        return enabled_regions(aws, place, config.regions)
    except CallError:
        return ()


def _credentials(aws: Aws, role: str | None, config: ScanConfig, own: bool) -> Credentials:
    """The caller's own account keeps its own credentials where the role is absent there."""
    if role is None:
        if own:
            return aws.own_credentials()
        raise CallError("no [scan] role_name to assume there", Outcome.DENIED, "NoRole")
    try:
        return aws.assume(role, external_id=config.external_id)
    except CallError:
        if own:
            return aws.own_credentials()
        raise


def _home(aws: Aws, caller: Caller) -> str:
    """A region that surely exists in the caller's partition."""
    return aws.region if caller.partition == "aws" else GLOBAL_REGIONS[caller.partition]


def enabled_regions(aws: Aws, place: Place, globs: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the regions that the account has enabled and the globs choose, sorted.

    Raises `CallError` where AWS names none at all, `TargetError` where a glob fits none of them.
    """
    answer = aws.call(place, "ec2", "DescribeRegions", {"AllRegions": True})
    partition = partition_of(place.region)
    known = {
        region["RegionName"]: region.get("OptInStatus")
        for region in answer.get("Regions", ())
        if partition_of(region["RegionName"]) == partition
    }
    if not known:
        raise CallError("ec2:DescribeRegions named no region", Outcome.FAILED, "NoRegions")
    enabled = sorted(name for name, status in known.items() if status != "not-opted-in")
    chosen = list(globs)
    for glob in chosen:
        if not any(fnmatchcase(name, glob) for name in known):
            raise TargetError(
                f"region {glob!r} fits no AWS region: see `aws ec2 describe-regions --all-regions`"
            )
    return tuple(n for n in enabled if not chosen or any(fnmatchcase(n, g) for g in chosen))


def _with_regions(accounts: list[Account]) -> Iterator[Account]:
    """Give accounts that cannot be entered the regions of the others: their cells are not seen."""
    known = tuple(sorted({region for account in accounts for region in account.regions}))
    for account in accounts:
        yield (
            account
            if account.regions or account.outcome is Outcome.OK
            else replace(account, regions=known)
        )


def _organization(
    aws: Aws, config: ScanConfig, caller: Caller, skipped: list[str], tags: bool
) -> list[Account]:
    """Return the organization's active accounts with the path of their unit, and their tags."""
    credentials = aws.own_credentials()
    region = GLOBAL_REGIONS[caller.partition]
    try:
        if config.organization_role_arn:
            credentials = aws.assume(config.organization_role_arn, region, config.external_id)
        place = Place(caller.account_id, region, credentials, ORGANIZATION)
        units = dict(_units(aws, place))
        listed = list(_members(aws, place, units))
    except CallError as error:
        raise TargetError(
            f"the organization cannot be listed: {error}; run from the management account or a "
            "delegated administrator, or set [scan] organization_role_arn to a role there"
        ) from error
    if caller.account_id not in {item["Id"] for item, _ in listed}:
        raise TargetError(
            f"the organization lists {len(listed)} accounts and not the caller's own "
            f"({caller.account_id}): from a member account the list may come back empty; set "
            "[scan] organization_role_arn to a role in the management account"
        )
    active = []
    for item, path in listed:
        if item.get("Status", "ACTIVE") != "ACTIVE":
            skipped.append(f"{item['Id']}: {item['Status'].lower()}")
        elif not _unit_chosen(path, config):
            skipped.append(f"{item['Id']}: in {path}, not chosen by [scan] organization_units")
        else:
            held = _tags(aws, place, item["Id"]) if tags else {}
            active.append(Account(item["Id"], caller.partition, (), item.get("Name"), path, held))
    return active


def _units(aws: Aws, place: Place) -> Iterator[tuple[str, str]]:
    """Yield (unit or root id, path of names) for the whole tree."""
    for page in aws.pages(place, "organizations", "ListRoots"):
        waiting = [(root["Id"], root["Name"]) for root in page["Roots"]]
        while waiting:
            parent, path = waiting.pop()
            yield parent, path
            below = {"ParentId": parent}
            for units in aws.pages(
                place, "organizations", "ListOrganizationalUnitsForParent", below
            ):
                waiting += [(u["Id"], f"{path}/{u['Name']}") for u in units["OrganizationalUnits"]]


def _members(aws: Aws, place: Place, units: dict[str, str]) -> Iterator[tuple[dict[str, Any], str]]:
    for unit, path in units.items():
        for page in aws.pages(place, "organizations", "ListAccountsForParent", {"ParentId": unit}):
            for item in page["Accounts"]:
                yield item, path


def _unit_chosen(path: str, config: ScanConfig) -> bool:
    """Units are globs over the path of names or over the unit's own name; `!` excludes."""

    def fits(glob: str) -> bool:
        names = [path, *path.split("/")[1:]]
        return any(fnmatchcase(name, glob) for name in names) or fnmatchcase(path, f"{glob}/*")

    wanted = [glob for glob in config.organization_units if not glob.startswith("!")]
    unwanted = [glob[1:] for glob in config.organization_units if glob.startswith("!")]
    return (not wanted or any(map(fits, wanted))) and not any(map(fits, unwanted))


def _tags(aws: Aws, place: Place, account_id: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    asked = {"ResourceId": account_id}
    try:
        for page in aws.pages(place, "organizations", "ListTagsForResource", asked):
            tags.update({tag["Key"]: tag["Value"] for tag in page["Tags"]})
    except CallError as error:
        log.warning("tags of account %s are not known: %s", account_id, error)
    return tags
