"""Rules: one SQL file each; the file name is the rule's id, front matter stands in comments.

    -- title: ...              one line
    -- severity: medium        critical | high | medium | low | info
    -- kind: ownership         ownership | intruder | hygiene | sight | exception
    -- fix: ...                what to do about it
    -- about: ...              why it matters
    -- params: minimum = 10    optional; used as $minimum
    SELECT arn, message, ... FROM inventory ...

A rule returns `message` and either `arn` (of something in `inventory`) or `subject` (any stable
text), and may return `severity`, `status`, `evidence` and any identity column of `finding`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from scanner.config import RulesConfig
from scanner.errors import RuleError
from scanner.model import Severity

_LINE = re.compile(
    r"^--\s?(?P<key>title|severity|kind|fix|about|references|controls|params):\s*(?P<value>.*)$"
)
_MORE = re.compile(r"^--\s{2,}(?P<value>\S.*)$")
KINDS = ("ownership", "intruder", "hygiene", "sight", "exception")


@dataclass(frozen=True)
class Rule:
    """One rule: what it looks for, how bad that is, and what to do.

    `regraded` says that the configuration sets the severity, whatever the rule's rows say.
    """

    rule_id: str
    title: str
    severity: Severity
    kind: str
    fix: str
    about: str
    sql: str
    params: dict[str, Any] = field(default_factory=dict)
    references: str = ""
    controls: str = ""
    path: str = ""
    regraded: bool = False

    @property
    def select(self) -> str:
        """The statement without a final semicolon, to stand inside another."""
        return self.sql.rstrip().rstrip(";")


def load(config: RulesConfig | None = None) -> list[Rule]:
    """Return the shipped rules and those of the configured folders, re-graded as configured.

    Raises `RuleError` naming the file where one is malformed, and the id where a disabled or
    configured rule does not exist.
    """
    config = config or RulesConfig()
    found = {rule.rule_id: rule for rule in _read_all(config.folders)}
    for name in {*config.disable, *config.settings}:
        if name not in found:
            raise RuleError(
                f"[rules] names {name!r}, and there is no such rule: see `strays rules`"
            )
    return [
        _adjusted(rule, config)
        for name, rule in sorted(found.items())
        if name not in config.disable
    ]


def _adjusted(rule: Rule, config: RulesConfig) -> Rule:
    settings = config.settings.get(rule.rule_id)
    if settings is None:
        return rule
    unknown = set(settings.params) - set(rule.params)
    if unknown:
        raise RuleError(
            f"[rules.{rule.rule_id}] params: {sorted(unknown)[0]!r} is no parameter of it"
        )
    params = {**rule.params, **settings.params}
    if settings.severity is None:
        return replace(rule, params=params)
    return replace(rule, params=params, severity=Severity(settings.severity), regraded=True)


def _read_all(folders: Iterable[str]) -> Iterator[Rule]:
    for path in sorted(files(__name__).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".sql"):
            yield parse(path)
    for folder in folders:
        if not Path(folder).is_dir():
            raise RuleError(f"[rules] folders: {folder} is no folder")
        for own in sorted(Path(folder).glob("*.sql")):
            yield parse(own)


def parse(path: Traversable) -> Rule:
    """Return the rule of a file; raises `RuleError` naming it."""
    text = path.read_text("utf-8")
    facts = _front_matter(text)
    missing = [key for key in ("title", "severity", "kind", "fix", "about") if not facts.get(key)]
    if missing:
        raise RuleError(f"rule {path}: its front matter lacks `-- {missing[0]}:`")
    if facts["severity"] not in set(Severity):
        raise RuleError(
            f"rule {path}: severity {facts['severity']!r} is none of {', '.join(Severity)}"
        )
    if facts["kind"] not in KINDS:
        raise RuleError(f"rule {path}: kind {facts['kind']!r} is none of {', '.join(KINDS)}")
    return Rule(
        path.name.removesuffix(".sql"),
        facts["title"],
        Severity(facts["severity"]),
        facts["kind"],
        facts["fix"],
        facts["about"],
        text,
        params=_params(facts.get("params", ""), path),
        references=facts.get("references", ""),
        controls=facts.get("controls", ""),
        path=str(path),
    )


def _front_matter(text: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    key = None
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if begins := _LINE.match(line):
            key = begins["key"]
            facts[key] = begins["value"].strip()
        elif key and (more := _MORE.match(line)):
            facts[key] = f"{facts[key]} {more['value'].strip()}".strip()
    return facts


def _params(text: str, path: Traversable) -> dict[str, Any]:
    params = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, _, value = part.partition("=")
        try:
            params[name.strip()] = json.loads(value)
        except ValueError as error:
            raise RuleError(
                f"rule {path}: parameter {part!r} is not `name = JSON value`"
            ) from error
    return params
