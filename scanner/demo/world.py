"""The nouns of the demo: a place to make things in, and the book of what is expected of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Attributes = dict[str, Any]
"""One thing as the Terraform AWS provider records it in a state."""

ClientFactory = Callable[[str, str, str], Any]
"""(account id, service, region) -> a boto3 client of that account."""

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2")
"""The regions that the demo's configuration names; nothing but strays is in the last."""

IMAGE = "ami-12c6146b"
"""An image that moto publishes in every region."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The verdict a scan must reach about one thing that has an ARN.

    `root` is the ARN of the stray it hangs on, else None; `story` says why it is in the demo.
    """

    arn: str
    resource_type: str
    account_id: str
    region: str
    status: str
    root: str | None = None
    story: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedChild:
    """The verdict about a thing that AWS gives no ARN (a route, an access key, an inline policy).

    `parent` is the ARN of what it belongs to where the demo knows it, `name` its Terraform id or
    its own name within the parent.
    """

    resource_type: str
    parent: str | None
    name: str
    account_id: str
    region: str
    status: str
    root: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedMissing:
    """A claim whose resource is gone."""

    address: str
    resource_type: str
    arn: str
    account_id: str
    region: str


@dataclass(slots=True)
class Ledger:
    """What the builders write down while they build (list.append is safe between threads)."""

    things: list[Expected] = field(default_factory=list)
    children: list[ExpectedChild] = field(default_factory=list)
    missing: list[ExpectedMissing] = field(default_factory=list)
    stacks: list[str] = field(default_factory=list)

    def add(
        self,
        site: "Site",
        resource_type: str,
        arn: str,
        status: str,
        *,
        root: str | None = None,
        story: str = "",
    ) -> None:
        """Expect `status` of the thing with this ARN."""
        self.things.append(
            Expected(arn, resource_type, site.account_id, site.region, status, root, story)
        )

    def child(
        self,
        site: "Site",
        resource_type: str,
        parent: str | None,
        name: str,
        *,
        status: str,
        root: str | None = None,
    ) -> None:
        """Expect `status` of a thing without an ARN."""
        self.children.append(
            ExpectedChild(resource_type, parent, name, site.account_id, site.region, status, root)
        )


@dataclass(frozen=True, slots=True)
class Site:
    """One region of one account, and the way in."""

    account_id: str
    region: str
    clients: ClientFactory

    def client(self, service: str) -> Any:
        """A boto3 client for this place."""
        return self.clients(self.account_id, service, self.region)

    def at(self, region: str) -> "Site":
        """The same account in another region."""
        return Site(self.account_id, region, self.clients)

    def arn(self, service: str, rest: str) -> str:
        """The ARN of a regional thing here."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{rest}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller signs its requests with."""

    access_key_id: str
    secret_access_key: str
    session_token: str


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """The organization as built: where it is, who calls, the configuration, and the truth.

    `accounts` maps names (management, security, production, staging, test) to account ids;
    `expected` maps ARNs to verdicts for all that the demo made, `children` holds those without an
    ARN, `missing` the three claims whose resource is gone, `stacks` the ids of the CloudFormation
    stacks (nested ones too). The credentials are a session in the security account.
    """

    endpoint: str
    credentials: Credentials
    accounts: Mapping[str, str]
    config_text: str
    expected: Mapping[str, Expected]
    children: tuple[ExpectedChild, ...]
    missing: tuple[ExpectedMissing, ...]
    stacks: tuple[str, ...]

    @property
    def strays(self) -> tuple[Expected, ...]:
        """The unmanaged things that hang on nothing else."""
        return tuple(
            item
            for item in self.expected.values()
            if item.status == "unmanaged" and item.root is None
        )
