"""Who made each thing: events matched to resources by what they name; findings told of it."""

from __future__ import annotations

from importlib.resources import files

from scanner.sql_steps import steps
from scanner.store import Store


def match_makers(store: Store, scan_id: str) -> int:
    """Work out `maker` anew from all events and return of how many things the maker is known."""
    script = _script()
    for name in ("match", "dependents", "burst"):
        store.run_all(script[name], scan_id)
    return int(store.value("SELECT count(*) FROM maker"))


def tell_findings(store: Store, scan_id: str) -> None:
    """Write creator and channel into a scan's findings."""
    store.run_all(_script()["findings"], scan_id)


def _script() -> dict[str, list[str]]:
    return steps(files(__package__).joinpath("match.sql").read_text("utf-8"))
