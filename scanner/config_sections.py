"""The tables of strays.toml, every key with a default and a sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

DURATION = r"^(\d{1,9}s|\d{1,7}m|\d{1,5}h|\d{1,4}[dw])$"
"""Up to 191 years: calendars end."""
CLUSTER = re.compile(r"local:[1-9]\d*|[a-z]+://.+")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class Section(BaseModel):
    """A table: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScanConfig(Section):
    """What to scan, and how to get in."""

    accounts: list[str] = Field(
        [],
        description="Accounts to scan, 12 digits each. Neither these nor `organization`: the caller's own account.",
    )
    organization: bool = Field(
        False, description="Scan every active account of the AWS organization."
    )
    organization_role_arn: str | None = Field(
        None,
        description="Role to read AWS Organizations through, where the caller is neither the management account nor a delegated administrator.",
    )
    organization_units: list[str] = Field(
        [],
        description="Globs over organizational units (names or paths such as Root/Workloads/*); a leading `!` excludes.",
    )
    exclude_accounts: list[str] = Field([], description="Globs over account ids that are left out.")
    role_name: str | None = Field(
        None,
        description="Role assumed in each account. The caller's own account keeps its own credentials where the role is absent.",
    )
    external_id: str | None = Field(
        None, description="External id that the role's trust policy asks for."
    )
    regions: list[str] = Field(
        [], description="Globs over regions. Left out: every region that the account has enabled."
    )
    types: list[str] = Field(
        [],
        description="Globs over resource types (AWS::EC2::*) or Terraform types (aws_iam_*). Left out: every reviewed type.",
    )
    exclude_types: list[str] = Field([], description="Globs over resource types that are left out.")
    all_types: bool = Field(
        False,
        description="Scan the generated types too, which nobody has reviewed; their rows say so.",
    )
    bulk_tags: bool = Field(
        True,
        description="Read tags from the Tagging API, a hundred resources a call, and from the services' own calls only where it cannot tell.",
    )
    hints: bool = Field(
        False,
        description="Do not list what Resource Explorer shows none of in a region. Its cells are `untried`, so the verdict is INCOMPLETE.",
    )
    cross_check: list[Literal["config", "resource-explorer", "cloudformation", "iam"]] = Field(
        [],
        description="Inventories of AWS whose counts are held against the scan, where they are on: config, resource-explorer, cloudformation (its resource scans).",
    )
    threads: int = Field(32, ge=1, le=256, description="Calls under way at once in each process.")
    max_calls: int | None = Field(
        None,
        ge=1,
        description="Calls that a collection may make; the cells that are left are not seen, the verdict is INCOMPLETE, and `--resume` goes on.",
    )
    max_minutes: float | None = Field(
        None, gt=0, description="Minutes that a collection may take, likewise."
    )
    since: str | None = Field(
        None,
        description="Look only where [[events]] or the age of the last look say that something may have changed: last, or the id of the oldest scan whose looks count. Left out: look everywhere.",
    )
    full_after: str = Field(
        "7d", pattern=DURATION, description="With `since`: looks older than this are taken anew."
    )
    max_age: str | None = Field(
        None,
        pattern=DURATION,
        description="A cell that was seen longer ago is not complete: no clean verdict rests on it. Left out: full_after with `since`, else any age will do.",
    )
    processes: int | None = Field(
        None,
        ge=1,
        le=256,
        description="Processes that collect. Left out: one a core for many accounts, else one.",
    )
    cluster: str | None = Field(
        None,
        description="Further machines: tcp://HOST:PORT of a dask scheduler whose workers have Strays, or local:N. Left out: this machine's processes.",
    )
    profile: str | None = Field(
        None, description="Profile of the AWS configuration files to start from."
    )

    @field_validator("accounts")
    @classmethod
    def _are_accounts(cls, accounts: list[str]) -> list[str]:
        for account in accounts:
            if not re.fullmatch(r"\d{12}", account):
                raise ValueError(f"{account!r} is no account id (12 digits, in quotes)")
        return accounts

    @field_validator("cluster")
    @classmethod
    def _is_cluster(cls, cluster: str | None) -> str | None:
        if cluster is not None and not CLUSTER.fullmatch(cluster):
            raise ValueError(f"{cluster!r} is no tcp://HOST:PORT and no local:N")
        return cluster


class Source(Section):
    """What is read from a bucket, a file or elsewhere."""

    from_: str = Field(alias="from", description="Where it is.")
    role_arn: str | None = Field(None, description="Role to read it through.")
    region: str | None = Field(
        None, description="Region of the bucket, where it cannot be found out."
    )
    profile: str | None = Field(None, description="Profile to read it with.")


class TerraformSource(Source):
    """Where Terraform or OpenTofu states are read from."""

    from_: str = Field(
        alias="from",
        description="tfstate://path-or-glob, tfstate+s3://bucket/prefix/**/*.tfstate ...",
    )
    headers: dict[str, str] = Field(
        {},
        description="Headers for tfstate+http(s); a value such as $GITLAB_TOKEN is taken from the environment.",
    )


class TagClaim(Section):
    """A tag that claims what it is on. Weak: whoever may tag may forge it."""

    key: str = Field(description="The tag's key.")
    value: str = Field("*", description="Glob over the tag's value.")
    owner: str = Field(description="Who owns it; {value} stands for the tag's value.")


class Environment(Section):
    """A named group of accounts, regions or tagged resources with a policy. First match wins."""

    name: str = Field(description="Its name.")
    accounts: list[str] = Field([], description="Globs over account ids.")
    organization_units: list[str] = Field([], description="Globs over organizational unit paths.")
    account_tags: dict[str, str] = Field(
        {},
        description="Tags of the account, values as globs. An organization's are asked for only "
        "where this is set: a call for each account, four a second.",
    )
    regions: list[str] = Field([], description="Globs over regions.")
    resource_tags: dict[str, str] = Field({}, description="Tags of the resource, values as globs.")
    policy: Literal["tolerate", "report", "iac-only"] = Field(
        "report",
        description="tolerate: reported as info; report; iac-only: every stray is at least high.",
    )
    grace: str | None = Field(
        None, pattern=DURATION, description="How long a new stray is left alone, as in 24h."
    )
    nuke: bool = Field(
        False, description="Whether `strays nuke` may hand over its strays to be removed."
    )


class OutOfScope(Section):
    """Cells taken out of the verdict, in every report."""

    account: str = Field("*", description="Glob over account ids.")
    region: str = Field("*", description="Glob over regions.")
    type: str = Field("*", description="Glob over resource types.")
    reason: str = Field(min_length=3, description="Why.")
    expires: date | None = Field(None, description="The last day it holds.")


class RuleSettings(Section):
    """What a configuration may change about one rule."""

    severity: Literal["critical", "high", "medium", "low", "info"] | None = Field(
        None, description="Severity in place of the rule's own."
    )
    params: dict[str, str | int | float | bool | list[str]] = Field(
        {}, description="Values for the rule's parameters."
    )


class RulesConfig(BaseModel):
    """Which rules run, and how they are graded."""

    model_config = ConfigDict(extra="allow", frozen=True)
    folders: list[str] = Field([], description="Folders with rules of your own.")
    disable: list[str] = Field([], description="Rule ids that do not run.")

    @property
    def settings(self) -> dict[str, RuleSettings]:
        """The [rules.RULE_ID] tables."""
        return {
            name: RuleSettings.model_validate(v) for name, v in (self.model_extra or {}).items()
        }

    def model_post_init(self, _: Any) -> None:
        """Check the [rules.RULE_ID] tables as the file is read."""
        _ = self.settings


class ExceptionsConfig(Section):
    """Where approved exceptions stand, and how long one may last."""

    files: list[str] = Field(
        [], description="Files with exceptions. Left out: exceptions.toml, where there is one."
    )
    max_term: str = Field(
        "365d", pattern=DURATION, description="Longest time from `created` to `expires`."
    )


class HistoryConfig(Section):
    """How long the past is kept."""

    keep: str | None = Field(
        None, pattern=DURATION, description="How long scans stay, as in 400d. Left out: for good."
    )
    documents: str | None = Field(
        None,
        pattern=DURATION,
        description="How long past scans keep the properties and links of resources, as in 60d; their status and owner stay as long as the scan. Left out: as long as the scan.",
    )


class Notify(Section):
    """A place that hears of each run's new findings: one signed JSON POST a run, none twice."""

    url: str = Field(pattern=r"^https?://", description="Where to POST.")
    secret_env: str | None = Field(
        None,
        description="Environment variable with the secret that signs the body (HMAC-SHA256).",
    )
    min_severity: Literal["critical", "high", "medium", "low", "info"] = Field(
        "high", description="Least severity of a new finding that is told."
    )


class Output(Section):
    """A report that every scan writes."""

    to: str = Field(description="FORMAT://PATH, as -o takes it.")


def duration(text: str) -> timedelta:
    """Return a time such as `90s`, `24h`, `30d` or `2w`."""
    return timedelta(seconds=int(text[:-1]) * _SECONDS[text[-1]])


def as_of_now(expires: date | None, now: datetime) -> bool:
    """Whether something that ends on a day still holds."""
    return expires is None or now.date() <= expires
