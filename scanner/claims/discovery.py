"""`terraform://DIR` -> the backends that the folders below use, from HCL, Terragrunt and `init`.

`.terraform/terraform.tfstate`, which `terraform init` writes, holds a backend's settings with all
variables and `-backend-config` files worked out, so it is believed first.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scanner.claims.backends import Found, places
from scanner.claims.hcl import Scope, blocks, parse
from scanner.errors import SourceError

SCHEME = "terraform://"
_TERRAGRUNT = "terragrunt.hcl"


class Trouble(NamedTuple):
    """A folder whose backend cannot be told, and why."""

    folder: Path
    why: SourceError


def backends(folder: Path) -> Iterator[Found | Trouble]:
    """Yield the places of states below a folder, and what kept one from being told."""
    for at, folders, files in os.walk(folder):
        initialised = ".terraform" in folders
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(at)
        try:
            yield from _of(here, files, initialised)
        except SourceError as error:
            yield Trouble(here, error)


def _of(here: Path, files: list[str], initialised: bool) -> list[Found]:
    kept = _initialised(here) if initialised else None
    if kept:
        return places(*kept, here)
    written = sorted(name for name in files if name.endswith((".tf", ".tf.json", ".tofu")))
    for name in written:
        for kind, settings in _written(parse(here / name)):
            return places(kind, Scope().settle(settings), here)
    if _TERRAGRUNT in files:
        return _terragrunt(here, bool(written))
    if written and "terraform.tfstate" in files:
        return places("local", {}, here)
    return []


def _initialised(here: Path) -> tuple[str, dict[str, Any]] | None:
    """Return the backend that `terraform init` wrote down, None where it wrote none."""
    path = here / ".terraform" / "terraform.tfstate"
    try:
        backend = json.loads(path.read_bytes()).get("backend") if path.exists() else None
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise SourceError(".terraform/terraform.tfstate cannot be read") from error
    if not isinstance(backend, dict) or not isinstance(backend.get("config"), dict):
        return None
    return str(backend.get("type")), backend["config"]


def _written(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in blocks(document, "terraform", "backend"):
        yield from ((kind, next(blocks(given), {})) for kind, given in block.items())
    yield from (("cloud", block) for block in blocks(document, "terraform", "cloud"))


def _terragrunt(here: Path, has_code: bool) -> list[Found]:
    """Return the state of one Terragrunt unit: its `remote_state`, or the one it includes."""
    own = parse(here / _TERRAGRUNT)
    root = _included(here, own)
    if root is None and not has_code and not any(blocks(own, "terraform")):
        return []
    for document, relative in ((own, "."), *([_below(here, root)] if root else ())):
        local = next(blocks(document, "locals"), {})
        for remote in blocks(document, "remote_state"):
            scope = Scope(local, relative)
            settings = scope.settle(next(blocks(remote.get("config")), {}))
            return places(str(scope.settle(remote.get("backend"))), settings, here)
    return []


def _below(here: Path, root: Path) -> tuple[dict[str, Any], str]:
    return parse(root), here.relative_to(root.parent).as_posix()


def _included(here: Path, document: dict[str, Any]) -> Path | None:
    """Return the file that a unit includes by `find_in_parent_folders`.

    https://docs.terragrunt.com/reference/hcl/functions#find_in_parent_folders
    """
    for block in blocks(document, "include"):
        named = [block.get("path"), *(item.get("path") for item in blocks(list(block.values())))]
        for path in named:
            found = re.search(r'find_in_parent_folders\((?:"([^"]+)")?\)', str(path or ""))
            for parent in here.parents if found else ():
                candidate = parent / (found[1] or _TERRAGRUNT) if found else parent
                if candidate.is_file():
                    return candidate
    return None
