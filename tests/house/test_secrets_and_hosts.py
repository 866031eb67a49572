"""No secret, no path of a machine and no package registry's address is committed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.house.files import ROOT, tracked

SIGNS = {
    "a package registry": r"p[y]pi\.org|python[h]osted\.org|registry\.n[p]mjs|deb\.d[e]bian\.org",
    "an index": r"://[^\s\"']+/s[i]mple\b|--(extra-)?index-[u]rl|--find-l[i]nks|--trusted-h[o]st",
    "a path of a machine": r"(?<![\w:./*}>%-])/(h[o]me|U[s]ers|r[o]ot|w[o]rk|opt/p[y]pi)/[\w.]",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE K[E]Y",
    "an access key": r"\b(AKIA|ASIA)(?![A-Z0-9]*EXAMPLE)[A-Z2-7]{16}\b",
    "a secret key": r"(?i)secret[a-z_]*[\"']?\s*[=:]\s*[\"'](?!.*EXAMPLE)[A-Za-z0-9/+]{40}[\"']",
}


KEYS = ("an access key", "a secret key")
RECORDED = Path("tests/estate")
"""What real Terraform wrote about the emulator, word for word: keys that nothing ever accepted."""


def _texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        yield path, (ROOT / path).read_text("utf-8", errors="replace")


@pytest.mark.parametrize(("what", "sign"), SIGNS.items())
def test_no_file_holds(what: str, sign: str) -> None:
    found = [
        f"{path}:{number}: {what}: {line.strip()[:100]}"
        for path, text in _texts()
        if not (what in KEYS and path.is_relative_to(RECORDED))
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(sign, line)
    ]
    assert found == []


def test_no_file_names_where_this_machine_gets_its_packages() -> None:
    """What pip and the proxies of this machine are set to is nobody else's business."""
    places = set(_places())
    found = [f"{path}: {place}" for path, text in _texts() for place in places if place in text]
    assert found == []


def _places() -> Iterator[str]:
    command = [sys.executable, "-m", "pip", "config", "list"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    proxies = [value for name, value in os.environ.items() if name.lower().endswith("_proxy")]
    for word in re.findall(r"[a-z]+://[^\s'\"]+", "\n".join([told, *proxies])):
        address = urlsplit(word)
        place = address.hostname or address.path
        if place not in ("localhost", "127.0.0.1", "::1"):
            yield place
