"""The flags that several commands share, each said once. Every one has a `STRAYS_…` twin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from scanner.config import Config

CONFIG_FILE = "strays.toml"


def _option(*names: str, help: str, panel: str | None = None, **more: Any) -> Any:
    twin = "STRAYS_" + names[0].removeprefix("--").replace("-", "_").upper()
    return typer.Option(
        *names, help=help, envvar=twin, rich_help_panel=panel, show_default=False, **more
    )


ConfigPath = Annotated[
    Path | None,
    _option("--config", help="Configuration file [default: strays.toml, where there is one]."),
]
Database = Annotated[str | None, _option("--db", help="DuckDB file [default: strays.duckdb].")]
Quiet = Annotated[bool, _option("--quiet", "-q", help="Say nothing but results and errors.")]
Verbose = Annotated[bool, _option("--verbose", "-v", help="Say what is done.")]
NoColor = Annotated[bool, _option("--no-color", help="No colour.")]

Accounts = Annotated[
    list[str], _option("--account", help="Account to scan; repeat, or separate by commas.")
]
Regions = Annotated[list[str], _option("--region", help="Region, or glob over regions.")]
Types = Annotated[
    list[str], _option("--type", help="Resource type, or glob (AWS::EC2::*, aws_iam_*).")
]
ExcludedTypes = Annotated[
    list[str], _option("--exclude-type", help="Resource type, or glob, to leave out.")
]
AllTypes = Annotated[
    bool, _option("--all-types", help="The generated types too, which nobody has reviewed.")
]
Hints = Annotated[
    bool,
    _option("--hints", help="Leave out what Resource Explorer shows none of; says so in coverage."),
]
CrossChecks = Annotated[
    list[str],
    _option(
        "--cross-check",
        help="Inventory of AWS to count against: config, resource-explorer, cloudformation, iam.",
    ),
]
Profile = Annotated[
    str | None, _option("--profile", help="Profile of the AWS configuration files.")
]
RoleName = Annotated[str | None, _option("--role-name", help="Role to assume in each account.")]
ExternalId = Annotated[
    str | None, _option("--external-id", help="External id of that role's trust policy.")
]
Threads = Annotated[
    int | None, _option("--threads", help="Calls under way at once in each process.")
]
MaxCalls = Annotated[
    int | None,
    _option("--max-calls", help="Calls a collection may make; what is left waits for --resume."),
]
MaxMinutes = Annotated[
    float | None,
    _option(
        "--max-minutes", help="Minutes a collection may take; what is left waits for --resume."
    ),
]
Since = Annotated[
    str | None,
    _option(
        "--since",
        help="Look only where something may have changed since: last, or a scan's id.",
    ),
]
Processes = Annotated[
    int | None, _option("--processes", help="Processes that collect [default: by the cores].")
]
Cluster = Annotated[
    str | None,
    _option("--cluster", help="Collect on further machines: tcp://HOST:PORT of dask, or local:N."),
]
Work = Annotated[
    str | None, _option("--work", help="Where shards lie: a folder, or s3://BUCKET/PREFIX.")
]
Resume = Annotated[
    bool,
    _option("--resume", help="Go on with the newest scan that was killed, or cut by its budget."),
]
LockTimeout = Annotated[
    float | None, _option("--lock-timeout", help="Seconds to wait for the database.")
]

From = Annotated[
    list[str],
    _option(
        "--from",
        help="State to read, as tfstate://PATH or tfstate+s3://BUCKET/KEY; globs allowed; repeat.",
    ),
]
TagClaims = Annotated[
    list[str],
    _option("--tag-claim", help="Tag that claims, as KEY=VALUE-GLOB or KEY=VALUE-GLOB=OWNER."),
]

FailOn = Annotated[
    str | None,
    _option(
        "--fail-on", help="Exit with 1 from this severity on: critical, high, medium, low, none."
    ),
]
OnlyNew = Annotated[
    bool, _option("--only-new", help="Fail only on findings first seen by this scan.")
]
DriftIgnore = Annotated[
    str | None,
    _option(
        "--driftignore",
        "--ignore-file",
        help="File in driftctl's ignore grammar [default: .driftignore, where there is one].",
    ),
]
Filter = Annotated[
    str | None,
    _option("--filter", help="JMESPath over Type, Id and Attr, as driftctl's: judge only these."),
]
Outputs = Annotated[
    list[str],
    _option(
        "--output",
        "-o",
        help="Report to write, as FORMAT://PATH (json://stdout, html://report.html); repeat.",
    ),
]
Redact = Annotated[
    bool,
    _option(
        "--redact",
        help="Hash account ids, ARNs, names and texts in the reports; STRAYS_REDACT_KEY makes "
        "the pseudonyms the same in every run.",
    ),
]
Scan = Annotated[str | None, _option("--scan", help="Show the past as it stood after this scan.")]
Format = Annotated[str, _option("--format", help="table, json or csv.")]


def split(values: list[str]) -> list[str]:
    """Return the values of a list flag: repeated or separated by commas."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def configuration(
    config: Path | None,
    db: str | None = None,
    *,
    sources: list[str] | None = None,
    tag_claims: list[str] | None = None,
    **flags: Any,
) -> Config:
    """Return the configuration with the flags over it. Flags are dotted keys with `__`."""
    from scanner import config as configs

    path = config or (Path(CONFIG_FILE) if Path(CONFIG_FILE).exists() else None)
    overrides = {
        key.replace("__", "."): value for key, value in flags.items() if value not in (None, [])
    }
    if db:
        overrides["database"] = db
    if sources:
        overrides["terraform"] = [{"from": source} for source in sources]
    if tag_claims:
        overrides["tag_claim"] = [_tag_claim(text) for text in tag_claims]
    return configs.load(path, overrides)


def _tag_claim(text: str) -> dict[str, str]:
    key, _, rest = text.partition("=")
    value, _, owner = rest.partition("=")
    return {"key": key, "value": value or "*", "owner": owner or f"{key}={value or '*'}"}
