"""Strangers' text made fit for a place that would act on it: a terminal, a spreadsheet."""

from __future__ import annotations

import re

_FORMULA = re.compile("^[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\\t\\r\\n]")


def visible(text: object, limit: int = 300) -> str:
    """Return text on one line with nothing hidden in it, cut to `limit` characters.

    Control characters, escape sequences and marks that turn the reading direction are written as
    Python would escape them: a resource's name cannot forge a line of the report.
    """
    whole = str(text)
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in whole[:limit]
    )
    return f"{shown}… ({len(whole)} characters)" if len(whole) > limit else shown


def defused(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: a leading quote where it would.

    The characters are those of https://owasp.org/www-community/attacks/CSV_Injection, their
    full-width twins and leading blanks included.
    """
    return f"'{text}" if _FORMULA.match(text) else text


_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def shown(text: object, limit: int = 2_000) -> str:
    """Return text for a page: marks that hide or turn text written out as `⟨U+202E⟩`, cut."""
    whole = str(text)
    plain = _HIDDEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", whole[:limit])
    return f"{plain}… ({len(whole):,} characters)" if len(whole) > limit else plain
