"""Adds what nobody named to the expectations of one account and region."""

from typing import Any

from .clients import Clients
from .expectation import Expectation


class Walk:
    """`known` (by ARN, else resource id) grows; what this walk added is `found`."""

    def __init__(
        self, clients: Clients, account: str, region: str, known: dict[str, Expectation]
    ) -> None:
        self.clients, self.account, self.region, self.known = clients, account, region, known
        self.found: list[Expectation] = []

    def client(self, service: str) -> Any:
        return self.clients(self.account, service, self.region)

    def arn(self, noun: str, resource_id: str) -> str:
        return f"arn:aws:ec2:{self.region}:{self.account}:{noun}/{resource_id}"

    def child(
        self, resource_type: str, resource_id: str, parent: str | None, why: str,
        arn: str | None = None, *, region: str | None = None,
    ) -> None:  # fmt: skip
        """Add a thing that nothing named yet; `parent` is a key of `known`, None: AWS itself."""
        if (arn or resource_id) in self.known:
            return
        owner = self.known[parent] if parent else None
        status = owner.status if owner else "default"
        status = {"managed": "derived", "missing": "unmanaged"}.get(status, status)
        root = (owner.root or owner.arn) if owner and status == "unmanaged" else None
        one = Expectation(
            resource_type, self.account, region or self.region, resource_id, status, why,
            arn=arn, root=root,
        )  # fmt: skip
        self.known[arn or resource_id] = one
        self.found.append(one)
