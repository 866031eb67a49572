"""The nouns of Strays as frozen dataclasses. Imports nothing of ours.

The fields of `Resource`, `Link`, `Coverage`, `CrossCheck`, `Claim` and `Source` are the columns of
the tables of the same names in `schema.sql`, less `scan_id`; times are naive UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

GLOBAL = "global"
"""The region of services that AWS runs once per partition."""


class Outcome(StrEnum):
    """What happened when a cell was listed. The first two are complete, the others are not."""

    OK = "ok"
    UNAVAILABLE = "unavailable"
    DENIED = "denied"
    THROTTLED = "throttled"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    UNTRIED = "untried"

    @property
    def complete(self) -> bool:
        """Whether a cell with this outcome supports a verdict about what is not in it."""
        return self in (Outcome.OK, Outcome.UNAVAILABLE)


class Status(StrEnum):
    """Whose a resource is."""

    MANAGED = "managed"
    DERIVED = "derived"
    DEFAULT = "default"
    UNMANAGED = "unmanaged"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How much a finding matters, most first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Trust(StrEnum):
    """What an ownership link rests on, strongest first (the order of `TRUST_ORDER`)."""

    PARENT_LIST = "parent_list"
    API_FIELD = "api_field"
    AWS_TAG = "aws_tag"
    USER_TAG = "user_tag"
    NAME = "name"


TRUST_ORDER = tuple(Trust)


@dataclass(frozen=True, slots=True)
class Account:
    """An account to scan: who it is, how to get in, and which regions it has enabled."""

    account_id: str
    partition: str
    regions: tuple[str, ...] = ()
    name: str | None = None
    organizational_unit: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    role_arn: str | None = None
    outcome: Outcome = Outcome.OK
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing AWS lists."""

    arn: str
    resource_type: str
    terraform_type: str | None
    resource_id: str
    terraform_id: str | None
    name: str | None
    account_id: str
    region: str
    cell_region: str
    partition: str
    created_at: datetime | None
    tags: dict[str, str]
    properties: dict[str, Any]
    keys: tuple[str, ...]
    parent_arn: str | None
    default_rule: str | None
    default_evidence: str | None
    unreviewed: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """One resource (`arn`) names another (`target_type`, `target_key`).

    `owns` is `target` where the first passes ownership to the second, `self` where it takes it
    from it, and None where it only refers. `contains` links (a rule in a group, a policy of a
    role) pass on that the whole is a stray, never that it is managed.
    """

    account_id: str
    region: str
    arn: str
    kind: str
    target_type: str
    target_key: str
    owns: str | None
    rule: str | None
    trust: Trust
    evidence: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the listing of one cell ended."""

    account_id: str
    region: str
    resource_type: str
    service: str
    outcome: Outcome
    error_code: str | None
    message: str | None
    resources: int
    calls: int
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """How many resources of a type another inventory of AWS counts, or why it does not say.

    `outcome` is `counted`, `off`, or that of the call that failed.
    """

    account_id: str
    region: str
    source: str
    outcome: str
    counted_type: str | None = None
    resource_type: str | None = None
    resources: int = 0
    examples: tuple[str, ...] = ()
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One state, stack or trail: read or not, and why."""

    source_id: str
    kind: str
    outcome: str
    message: str | None = None
    account_id: str | None = None
    region: str | None = None
    serial: int | None = None
    lineage: str | None = None
    version: str | None = None
    resources: int = 0
    claims: int = 0
    other_providers: dict[str, int] = field(default_factory=dict)
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A state, a stack or a tag says: I manage this.

    `keys` are tried in order, canonical ARN first; `account_id` and `region` are None where
    nothing tells. `resource_type` is None where the catalog does not know `claimed_type`;
    `ignored` says why a known type is no inventory (an attachment, a setting).
    """

    claim_id: str
    source_kind: str
    source_id: str
    owner: str
    address: str
    claimed_type: str
    resource_type: str | None
    account_id: str | None
    region: str | None
    keys: tuple[str, ...]
    inline: bool = False
    ignored: str | None = None
    evidence: str | None = None
