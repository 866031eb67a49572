"""Everything that Strays raises on purpose.

StraysError                 exit code 2, one sentence: what, where, what to do
├── UsageError              flags or arguments that do not fit together
├── ConfigError             strays.toml: file, line, what was expected
├── CatalogError            an entry of the catalog breaks the language
├── CredentialsError        no credentials, expired ones, or ones AWS does not know
├── TargetError             accounts or regions that cannot be worked out
├── GrantError              a call outside the grant it is made under (never sent)
├── ClusterError            further machines that cannot be had, or are lost
├── CallError               an AWS call that failed; carries outcome and code
├── SourceError             a state, stack or trail that cannot be read
├── StoreError              the database file
│   ├── LockedError         another process holds it
│   └── SchemaError         it is of another schema version, or no database of ours
├── QueryError              SQL that was refused or failed
├── RuleError               a rule file that does not fit
├── ReportError             an output that cannot be written
└── DemoError               the embedded AWS cannot be started
"""

from __future__ import annotations

from collections.abc import Iterable


class StraysError(Exception):
    """Base of all: its text is shown to the user as it is, without a traceback."""

    exit_code = 2


class UsageError(StraysError):
    """Flags or arguments that do not fit together."""


class ConfigError(StraysError):
    """A configuration that cannot be used."""


class CatalogError(StraysError):
    """A catalog entry that breaks the language."""


class CredentialsError(StraysError):
    """No usable AWS credentials."""


class TargetError(StraysError):
    """Accounts or regions that cannot be worked out."""


class GrantError(StraysError):
    """A call outside the grant it was made under; it was not sent."""


class ClusterError(StraysError):
    """The scheduler of further machines cannot be reached, or is lost."""


class CallError(StraysError):
    """An AWS call that failed.

    `outcome` is the coverage outcome it amounts to (`denied`, `throttled`, `unavailable`,
    `unsupported`, `failed`), `code` AWS's error code or the client library's class name.
    """

    def __init__(self, message: str, outcome: str, code: str) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.code = code

    def is_any(self, wanted: Iterable[str]) -> bool:
        """Whether it is one of these errors: codes, or `CODE: TEXT` with a part of the message."""
        asked = (each.partition(": ") for each in wanted)
        return any(code == self.code and text in str(self) for code, _, text in asked)


class SourceError(StraysError):
    """A state, stack or trail that cannot be read; the rest goes on without it."""


class StoreError(StraysError):
    """The database file cannot be used."""


class LockedError(StoreError):
    """Another process holds the database."""


class SchemaError(StoreError):
    """A database of another schema version, or none of ours."""


class QueryError(StraysError):
    """SQL that was refused, or failed."""


class RuleError(StraysError):
    """A rule file that does not fit."""


class ReportError(StraysError):
    """An output that cannot be written."""


class DemoError(StraysError):
    """The embedded AWS cannot be started."""
