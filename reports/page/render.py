"""Jinja for pages: everything escaped, strangers' text isolated, style and script hashed."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from reports import reading

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@cache
def assets() -> dict[str, str]:
    """Return style and script with the hashes that the content policy allows them by."""
    folder = files("reports").joinpath("templates")
    style = folder.joinpath("style.css").read_text("utf-8")
    parts = sorted(folder.joinpath("script").iterdir(), key=lambda part: part.name)
    body = "\n".join(part.read_text("utf-8") for part in parts if part.name.endswith(".js"))
    script = f'(() => {{\n"use strict";\n{body}}})();\n'
    return {
        "style": style,
        "script": script,
        "style_hash": _csp_hash(style),
        "script_hash": _csp_hash(script),
    }


def _csp_hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def environment() -> Environment:
    """Return the templates' environment with the filters `told`, `when` and `claimed_id`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"told": told, "when": when, "claimed_id": reading.claimed_id}
    return made


def told(text: object, limit: int = 300) -> Markup:
    """Return a stranger's text: escaped, isolated from the page's reading direction, cut."""
    from markupsafe import Markup

    from reports.text import shown

    return Markup("<bdi>{}</bdi>").format("" if text is None else shown(text, limit))


def when(moment: datetime | None) -> str:
    """Return a time as people write it."""
    return moment.strftime("%d %b %Y, %H:%M UTC").lstrip("0") if moment else "unknown"
