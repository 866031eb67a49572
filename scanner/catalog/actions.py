"""Operation -> IAM actions. Mostly they are called alike; what differs is in `generated/`."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files

import msgspec


class Actions(msgspec.Struct, frozen=True):
    """What differs: services' IAM prefixes, operations (globs) named otherwise, narrow resources.

    `resources` holds the ARN to which an action is narrowed that would read data elsewhere.
    """

    prefixes: dict[str, str]
    named: dict[str, list[str]]
    resources: dict[str, str]

    def of(self, service: str, operation: str) -> list[str]:
        """Return the IAM actions that calling an operation needs."""
        own = f"{service}.{operation}"
        for glob, actions in self.named.items():
            if own == glob or fnmatchcase(own, glob):
                return actions
        return [f"{self.prefixes.get(service, service)}:{operation}"]


@lru_cache(maxsize=1)
def load_actions() -> Actions:
    """Return the differences, as found in the service authorization reference."""
    path = files("scanner.catalog") / "generated" / "actions.json"
    return msgspec.json.decode(path.read_bytes(), type=Actions)
