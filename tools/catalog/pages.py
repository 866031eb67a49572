"""The generated pages of docs/: the types, and the coverage of what other tools list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from scanner import catalog
from scanner.catalog.language import Entry
from scanner.catalog.proof import STATES, proved
from tools.catalog.peers import HOWS, PEERS, counts, coverage

HEAD = "<!-- Written by `make catalog`. -->\n"
SAID = {
    "generated": "scanned with `--all-types`; nobody has reviewed it",
    "reviewed": "a person has settled parameters, identity and ownership",
    "documented": "reviewed, and a test reads an answer that AWS documents",
    "verified": "reviewed, and a test makes the thing on the emulator and reads it back",
}


def types_page() -> str:
    """Return docs/types.md."""
    entries = sorted(catalog.load(all_types=True).entries.values(), key=lambda e: e.type)
    reviewed = [entry for entry in entries if entry.state == "reviewed"]
    return "\n".join([
        HEAD, "# Resource types", "",
        "The first three states are scanned by default.", "",
        *_states(entries), "",
        "## Reviewed types", "",
        "| type | state | Terraform | scope | what the model does not tell |",
        "| --- | --- | --- | --- | --- |",
        *map(_row, reviewed), "",
        "## Generated types", "",
        "By service, as botocore calls it.", "",
        *_services(entry for entry in entries if entry.state == "generated"), "",
    ])  # fmt: skip


def _states(entries: list[Entry]) -> Iterator[str]:
    proof = proved()
    states = Counter(proof.state(entry) for entry in entries)
    yield "| state | types | services | means |"
    yield "| --- | ---: | ---: | --- |"
    for state in reversed(STATES):
        services = {entry.service for entry in entries if proof.state(entry) == state}
        yield f"| {state} | {states[state]} | {len(services)} | {SAID[state]} |"


def _row(entry: Entry) -> str:
    terraform = ", ".join(f"`{name}`" for name in entry.terraform)
    why = " ".join(entry.why.split()).replace("|", "\\|")
    scope = entry.scope if entry.home is None else f"{entry.scope}, {entry.home}"
    return f"| `{entry.type}` | {proved().state(entry)} | {terraform} | {scope} | {why} |"


def _services(entries: Iterable[Entry]) -> Iterator[str]:
    found: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        found[entry.service].append(entry.type.partition("::")[2])
    for service in sorted(found):
        yield f"- **{service}**: {', '.join(found[service])}"


def peers_page() -> str:
    """Return docs/coverage-of-peers.md."""
    rows = {peer: coverage(peer) for peer in PEERS}
    lines = [
        HEAD, "# What other tools list, and Strays", "",
        "Scanned is by default; `--all-types` adds generated types that nobody has reviewed. What"
        " is no inventory is neither a row nor a stray, for the reason given.", "",
        "| tool | types | " + " | ".join(HOWS) + " |",
        "| --- | ---: |" + " ---: |" * len(HOWS),
    ]  # fmt: skip
    for peer, found in rows.items():
        told = counts(found)
        numbers = " | ".join(str(told[how]) for how in HOWS)
        lines.append(f"| {peer} | {len(found)} | {numbers} |")
    for peer, found in rows.items():
        lines += ["", f"## {peer}", "", "| type | how | as, or why not |", "| --- | --- | --- |"]
        lines += [f"| `{row.name}` | {row.how} | {row.told} |" for row in found]
    return "\n".join([*lines, ""])
