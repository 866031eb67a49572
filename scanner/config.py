"""strays.toml and flags -> `Config`. Every key has a default and a sentence.

`strays init` prints these fields as a commented starter file, and the docs list them; neither
repeats them. A malformed file stops the run with file, line and what was expected.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from scanner.config_changes import (
    BreakGlassWindow,
    DriftConfig,
    EventSource,
    Pipeline,
    PlanSource,
)
from scanner.config_sections import (
    DURATION,
    Environment,
    ExceptionsConfig,
    HistoryConfig,
    Notify,
    OutOfScope,
    Output,
    RulesConfig,
    RuleSettings,
    ScanConfig,
    Section,
    TagClaim,
    TerraformSource,
    as_of_now,
    duration,
)
from scanner.errors import ConfigError

FILE_NAME = "strays.toml"


class Config(Section):
    """Everything that a run can be told, with its defaults."""

    database: str = Field("strays.duckdb", description="The DuckDB file.")
    work: str | None = Field(
        None,
        description="Folder, or s3://BUCKET/PREFIX, for the shards of running scans; S3 needs the grant `work`. Left out: beside the database.",
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
    plan: list[PlanSource] = Field([], description="Plans to read for drift.")
    drift: DriftConfig = Field(
        default_factory=DriftConfig, description="What else every scan asks about drift."
    )
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
        None,
        description="JMESPath over Type, Id and Attr: findings it does not select are excepted.",
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
    overrides = overrides or {}
    for key, value in overrides.items():
        _put(data, key.split("."), value)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_sentence(error, path, text, overrides)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the configuration {path} cannot be read: {error}") from error


def _put(data: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        below: Any = data.setdefault(key, {})
        if not isinstance(below, dict):
            return  # no table: the file's fault, which is told of
        data = below
    data[keys[-1]] = value


def _sentence(
    error: ValidationError, path: Path | None, text: str, overrides: Container[str]
) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = [str(part) for part in first["loc"]]
    dotted = ".".join(where) or "the file"
    by_flag = ".".join(where[:2]) in overrides or where[0] in overrides if where else False
    told = f"{path}, line {_line(text, first['loc'])}" if path and not by_flag else "flags"
    if first["type"] == "extra_forbidden":
        return f"{told}: unknown key {dotted!r}; known there: {', '.join(_known(first['loc']))}"
    if first.get("ctx", {}).get("pattern") == DURATION:
        return f"{told}: {dotted}: a time is a number and one of s, m, h, d and w, such as 24h"
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


__all__ = [
    "FILE_NAME",
    "BreakGlassWindow",
    "Config",
    "DriftConfig",
    "Environment",
    "EventSource",
    "ExceptionsConfig",
    "HistoryConfig",
    "Notify",
    "OutOfScope",
    "Output",
    "Pipeline",
    "PlanSource",
    "RuleSettings",
    "RulesConfig",
    "ScanConfig",
    "TagClaim",
    "TerraformSource",
    "as_of_now",
    "duration",
    "load",
]
