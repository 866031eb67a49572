"""What aws-nuke calls our resource types, and its filter rules as a model of our own.

The rules are those of https://github.com/ekristen/libnuke (pkg/filter, pkg/nuke): a thing is kept
where any filter of its type matches it; an inverted filter matches what it otherwise would not. A
property that a thing does not have is the empty text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
import yaml

from scanner.catalog.expressions import render
from scanner.documents import Document
from scanner.errors import CatalogError

Filter = Mapping[str, str]
"""`type`, `property` (left out: the shown text), `value`, `invert`."""


class NukeType(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """aws-nuke's name of a type and what a filter sees of a thing: property to template.

    `made` maps a property to how it writes the time of creation; `by_name` marks types of which
    nothing tells a thing from another that is made later under the same name.
    """

    name: str
    filters: dict[str, str]
    made: dict[str, Literal["rfc3339", "millis", "go"]] = {}
    by_name: bool = False

    def seen(self, document: Document) -> dict[str, str] | None:
        """Return what filters see of a thing; None where something needed is not known."""
        found = {key: render(template, document) for key, template in self.filters.items()}
        if None in found.values():
            return None
        return {key: str(value) for key, value in found.items()} | self._times(document)

    def only_by_name(self, document: Document) -> bool:
        """Whether something made later under the same name would fit too."""
        return self.by_name or (bool(self.made) and not self._times(document))

    def _times(self, document: Document) -> dict[str, str]:
        created = document.get("_created")
        return {name: _TIMES[how](created) for name, how in self.made.items()} if created else {}


def _go(moment: datetime) -> str:
    """Return a time as Go prints it: the fraction without the noughts at its end."""
    fraction = f".{moment:%f}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} +0000 UTC"


_TIMES: dict[str, Callable[[datetime], str]] = {
    "rfc3339": lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}",
    "millis": lambda moment: str(round(moment.replace(tzinfo=UTC).timestamp() * 1000)),
    "go": _go,
}


class NukeTypes(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The file `data/aws_nuke.yaml`."""

    with_parent: tuple[str, ...]
    types: dict[str, NukeType]


@lru_cache(maxsize=1)
def nuke_types() -> NukeTypes:
    """Return the shipped names; raises `CatalogError` where the file is bad."""
    text = files(__package__).joinpath("data/aws_nuke.yaml").read_text("utf-8")
    try:
        return msgspec.convert(yaml.safe_load(text), NukeTypes)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogError(f"scanner/actions/data/aws_nuke.yaml: {error}") from error


def only(property_: str, values: list[str]) -> dict[str, str]:
    """Return the filter that keeps everything whose property is none of these values.

    Several filters of one type are alternatives, so one inverted filter must know all values.
    """
    written = {"property": property_} if property_ else {}
    if len(values) == 1:
        return {**written, "type": "exact", "value": values[0], "invert": "true"}
    pattern = "|".join(_literally(value) for value in sorted(values))
    return {**written, "type": "regex", "value": f"^(?:{pattern})$", "invert": "true"}


def _literally(value: str) -> str:
    r"""Return a text as a pattern that Go and Python read alike: only ASCII punctuation escaped."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", value)


def kept(filters: list[dict[str, str]], seen: Mapping[str, str]) -> bool:
    """Whether aws-nuke would keep a thing of which it sees this."""
    return any(_matches(one, seen) for one in filters)


def _matches(one: Filter, seen: Mapping[str, str]) -> bool:
    text, value = seen.get(one.get("property", ""), ""), one["value"]
    if one["type"] == "regex":
        # Go's `$` ends the text, Python's also stands before a final line break.
        matched = re.search(value.removesuffix("$") + r"\Z", text) is not None
    else:
        matched = text == value
    return matched != (one.get("invert") == "true")


def would_go(config: dict[str, Any], account: str, kind: NukeType, document: Document) -> bool:
    """Whether a configuration would have aws-nuke remove a thing in its regions."""
    if kind.name not in config["resource-types"]["includes"] or account not in config["accounts"]:
        return False
    filters = config["accounts"][account]["filters"].get(kind.name, [])
    return not kept(filters, kind.seen(document) or {})
