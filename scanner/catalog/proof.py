"""How well each type is proved: `proved.json`, recorded from the tests by `make catalog`."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import msgspec

from scanner.catalog.language import Entry

STATES = ("generated", "reviewed", "documented", "verified")
"""Least proved first. A verified or documented type is a reviewed one that a test proves."""


class Proof(msgspec.Struct, frozen=True):
    """The types that a test reads back from the emulator, and those read from AWS's answers."""

    verified: frozenset[str]
    documented: frozenset[str]

    def state(self, entry: Entry) -> str:
        """Return an entry's state, the best of those that hold."""
        if entry.type in self.verified:
            return "verified"
        return "documented" if entry.type in self.documented else entry.state


@lru_cache(maxsize=1)
def proved() -> Proof:
    """Return what the tests prove."""
    return msgspec.json.decode((files(__package__) / "proved.json").read_bytes(), type=Proof)
