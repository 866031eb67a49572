"""What the finished scan must say about one thing of the estate."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from .tape import PLACE


@dataclass(frozen=True)
class Expectation:
    """One verdict. Things without an ARN in AWS have `arn` None and are found by the other keys.

    `status` uses the design's words plus ``missing``; `root` is the ARN of the stray it hangs on;
    `also` is a second status that the design allows as well. `resource_id` is the catalog's: where
    AWS has none it is made of the parent's and its own, ``role:policy``, ``rtb-1|0.0.0.0/0``,
    ``acl-1|ingress|100``, ``ZONE|fqdn.|TYPE|set identifier``.
    """

    resource_type: str
    account_id: str
    region: str
    resource_id: str
    status: str
    why: str
    arn: str | None = None
    root: str | None = None
    owner_address: str | None = None
    source: str | None = None
    terraform_type: str | None = None
    also: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        if self.arn:
            return (self.resource_type, self.arn)
        return (self.resource_type, self.account_id, self.region, self.resource_id)


def save(expectations: Iterable[Expectation], path: Path) -> None:
    """Write them sorted, without the empty fields, one object a line."""
    rows = [
        json.dumps({name: value for name, value in asdict(one).items() if value is not None})
        for one in sorted(expectations, key=lambda one: (one.status, one.key))
    ]
    path.write_text("[\n" + ",\n".join(rows) + "\n]\n")


def load(path: Path, netloc: str) -> tuple[Expectation, ...]:
    """Read them for the emulator at `netloc` (host:port)."""
    rows = json.loads(path.read_text().replace(PLACE, netloc))
    return tuple(Expectation(**row) for row in rows)
