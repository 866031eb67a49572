"""strays.toml and flags -> `Config`. Every key has a default and a sentence.

`strays init` prints these fields as a commented starter file, and the docs list them; neither
repeats them. A malformed file stops the run with file, line and what was expected.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scanner.errors import ConfigError

FILE_NAME = "strays.toml"
DURATION = r"^\d+[smhdw]$"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScanConfig(_Section):
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
    threads: int = Field(32, ge=1, le=256, description="Calls under way at once.")
    profile: str | None = Field(
        None, description="Profile of the AWS configuration files to start from."
    )

    def model_post_init(self, _: Any) -> None:
        """Refuse account ids that are none, before anything is called."""
        for account in self.accounts:
            if not re.fullmatch(r"\d{12}", account):
                raise ValueError(f"accounts: {account!r} is no account id (12 digits, in quotes)")


class TerraformSource(_Section):
    """Where Terraform or OpenTofu states are read from."""

    from_: str = Field(
        alias="from",
        description="tfstate://path-or-glob, tfstate+s3://bucket/prefix/**/*.tfstate ...",
    )
    role_arn: str | None = Field(None, description="Role to read it through.")
    region: str | None = Field(
        None, description="Region of the bucket, where it cannot be found out."
    )
    profile: str | None = Field(None, description="Profile to read it with.")
    headers: dict[str, str] = Field(
        {},
        description="Headers for tfstate+http(s); a value such as $GITLAB_TOKEN is taken from the environment.",
    )


class TagClaim(_Section):
    """A tag that claims what it is on. Weak: whoever may tag may forge it."""

    key: str = Field(description="The tag's key.")
    value: str = Field("*", description="Glob over the tag's value.")
    owner: str = Field(description="Who owns it; {value} stands for the tag's value.")


class Environment(_Section):
    """A named group of accounts, regions or tagged resources with a policy. First match wins."""

    name: str = Field(description="Its name.")
    accounts: list[str] = Field([], description="Globs over account ids.")
    organization_units: list[str] = Field([], description="Globs over organizational unit paths.")
    account_tags: dict[str, str] = Field({}, description="Tags of the account, values as globs.")
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


class OutOfScope(_Section):
    """Cells taken out of the verdict, in every report."""

    account: str = Field("*", description="Glob over account ids.")
    region: str = Field("*", description="Glob over regions.")
    type: str = Field("*", description="Glob over resource types.")
    reason: str = Field(min_length=3, description="Why.")
    expires: date | None = Field(None, description="The last day it holds.")


class RuleSettings(_Section):
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


class ExceptionsConfig(_Section):
    """Where approved exceptions stand, and how long one may last."""

    files: list[str] = Field(
        [], description="Files with exceptions. Left out: exceptions.toml, where there is one."
    )
    max_term: str = Field(
        "365d", pattern=DURATION, description="Longest time from `created` to `expires`."
    )


class HistoryConfig(_Section):
    """How long the past is kept."""

    keep: str | None = Field(
        None, pattern=DURATION, description="How long scans stay, as in 400d. Left out: for good."
    )
    documents: str | None = Field(
        None,
        pattern=DURATION,
        description="How long past scans keep the properties and links of resources, as in 60d; their status and owner stay as long as the scan. Left out: as long as the scan.",
    )


class Notify(_Section):
    """A place that hears of each run's new findings: one signed JSON POST a run, none twice."""

    url: str = Field(pattern=r"^https?://", description="Where to POST.")
    secret_env: str | None = Field(
        None,
        description="Environment variable with the secret that signs the body (HMAC-SHA256).",
    )
    min_severity: Literal["critical", "high", "medium", "low", "info"] = Field(
        "high", description="Least severity of a new finding that is told."
    )


class Output(_Section):
    """A report that every scan writes."""

    to: str = Field(description="FORMAT://PATH, as -o takes it.")


class EventSource(_Section):
    """Where write events of CloudTrail are read from."""

    from_: str = Field(
        alias="from",
        description="trail://s3/BUCKET/PREFIX, lookup:// (the last 90 days of each account), or file://PATH-OR-GLOB (JSON, CSV or Parquet).",
    )
    role_arn: str | None = Field(None, description="Role to read a bucket through.")
    region: str | None = Field(
        None, description="Region of the bucket, where it cannot be found out."
    )
    profile: str | None = Field(None, description="Profile to read it with.")
    days: int = Field(90, ge=1, description="How far back the first reading goes.")


class Pipeline(_Section):
    """Who may write in `iac-only` environments."""

    roles: list[str] = Field(
        [], description="Globs over the ARNs of the roles that deploy; any channel of theirs is fine."
    )
    channels: list[str] = Field(
        [], description="Channels they must come through, as in terraform. Left out: any."
    )


class BreakGlassWindow(_Section):
    """A time in which a role may write by hand."""

    role: str = Field(description="Glob over role ARNs.")
    ticket: str = Field(min_length=1, description="Where it stands.")
    approver: str = Field(min_length=1, description="Who allowed it.")
    start: datetime = Field(description="From when, as in 2026-11-20T10:00:00Z.")
    end: datetime = Field(description="Until when.")

    def model_post_init(self, _: Any) -> None:
        """Refuse a window that cannot be told or never opens."""
        for name, moment in (("start", self.start), ("end", self.end)):
            if moment.tzinfo is None:
                raise ValueError(f"{name}: {moment} names no time zone: end it with Z")
        if self.end <= self.start:
            raise ValueError(f"end: {self.end} is not after {self.start}")


class Config(_Section):
    """Everything that a run can be told, with its defaults."""

    database: str = Field("strays.duckdb", description="The DuckDB file.")
    work: str | None = Field(
        None, description="Folder for the shards of running scans. Left out: beside the database."
    )
    lock_timeout: float = Field(
        300, ge=0, description="Seconds to wait for another process to let go of the database."
    )
    fail_on: Literal["critical", "high", "medium", "low", "none"] = Field(
        "low", description="Exit with 1 where an open finding is at least this severe."
    )
    scan: ScanConfig = Field(default_factory=ScanConfig, description="What to scan.")
    terraform: list[TerraformSource] = Field([], description="States to read.")
    tag_claim: list[TagClaim] = Field([], description="Tags that claim.")
    environment: list[Environment] = Field([], description="Environments and their policies.")
    out_of_scope: list[OutOfScope] = Field([], description="Cells taken out of the verdict.")
    events: list[EventSource] = Field([], description="Trails to read.")
    pipeline: Pipeline = Field(
        default_factory=Pipeline, description="Who may write in iac-only environments."
    )
    break_glass_window: list[BreakGlassWindow] = Field(
        [], description="Times in which a role may write by hand."
    )
    rules: RulesConfig = Field(
        default_factory=RulesConfig, description="Which rules run, and how they are graded."
    )
    exceptions: ExceptionsConfig = Field(
        default_factory=ExceptionsConfig, description="Approved exceptions."
    )
    driftignore: str | None = Field(
        None,
        description="File in driftctl's ignore grammar. Left out: .driftignore, where there is one.",
    )
    filter: str | None = Field(
        None, description="JMESPath over Type, Id and Attr: findings it does not select are excepted."
    )
    history: HistoryConfig = Field(
        default_factory=HistoryConfig, description="How long the past is kept."
    )
    notify: list[Notify] = Field([], description="Who hears of new findings.")
    output: list[Output] = Field([], description="Reports that every scan writes.")


def load(path: Path | None, overrides: dict[str, Any] | None = None) -> Config:
    """Return the configuration of a file (the defaults where `path` is None) under the flags.

    `overrides` maps dotted keys (`scan.accounts`) to values that win. Raises `ConfigError` with
    file, line and what was expected.
    """
    text = _text(path) if path else ""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    for key, value in (overrides or {}).items():
        _put(data, key.split("."), value)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_sentence(error, path, text)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the configuration {path} cannot be read: {error}") from error


def _put(data: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        data = data.setdefault(key, {})
    data[keys[-1]] = value


def _sentence(error: ValidationError, path: Path | None, text: str) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = [str(part) for part in first["loc"]]
    dotted = ".".join(where) or "the file"
    told = f"{path}, line {_line(text, first['loc'])}" if path else "flags"
    if first["type"] == "extra_forbidden":
        return f"{told}: unknown key {dotted!r}; known there: {', '.join(_known(first['loc']))}"
    return f"{told}: {dotted}: {first['msg'].removeprefix('Value error, ')}"


def _known(location: tuple[int | str, ...]) -> list[str]:
    model: Any = Config
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = next(iter(getattr(annotation, "__args__", ())), annotation)
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _line(text: str, location: tuple[int | str, ...]) -> int:
    """Return the line of a key: the section's header first, then the key below it."""
    keys = [part for part in location if isinstance(part, str)]
    index = next((part for part in location if isinstance(part, int)), 0)
    lines = text.splitlines()
    start = 0
    if len(keys) > 1:
        header = re.compile(rf"^\s*\[+\s*{re.escape(keys[0])}\b")
        headers = [at for at, line in enumerate(lines) if header.match(line)]
        start = headers[min(index, len(headers) - 1)] if headers else 0
    wanted = re.compile(rf"^\s*\[*\s*\"?{re.escape(keys[-1])}\b") if keys else re.compile("")
    found = [at for at, line in enumerate(lines) if at >= start and wanted.match(line)]
    return (found[0] if found else start) + 1


def duration(text: str) -> timedelta:
    """Return a time such as `90s`, `24h`, `30d` or `2w`."""
    return timedelta(seconds=int(text[:-1]) * _SECONDS[text[-1]])


def as_of_now(expires: date | None, now: datetime) -> bool:
    """Whether something that ends on a day still holds."""
    return expires is None or now.date() <= expires
