"""Data inside the page: columns instead of rows, compressed where that pays, never executable."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from markupsafe import Markup

PLAIN_FINDINGS = 1_000
"""Findings up to which a page's data stays readable text, so that grep finds what is in it."""

_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def script(identifier: str, value: object, *, packed: bool) -> Markup:
    """Return a data block: JSON text, or gzip in base64 where it is to be `packed`.

    Neither can end the element or run: JSON keeps no `<`, base64 has none
    (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements).
    """
    data = msgspec.json.encode(value)
    if packed:
        kind, text = "application/gzip", b64encode(gzip.compress(data, 6, mtime=0)).decode()
    else:
        kind, text = "application/json", data.decode().translate(_ESCAPES)
    return Markup('<script id="{}" type="{}">{}</script>').format(identifier, kind, Markup(text))  # noqa: S704


def dictionary(values: Sequence[Any], order: Iterable[str] | None = None) -> dict[str, Any]:
    """Return a column as its distinct values in sort order and a code per row; None sorts last.

    The page sorts and filters by code alone. `order` fixes the first values' places (severities).
    """
    places = {value: place for place, value in enumerate(order or ())}
    distinct = sorted(
        set(values),
        key=lambda v: (v is None, places.get(v, len(places)), str(v).casefold(), str(v)),
    )
    code = {value: number for number, value in enumerate(distinct)}
    return {"values": distinct, "codes": [code[value] for value in values]}
