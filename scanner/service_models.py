"""The models that clients are made from: of a service what is called, read when it is.

botocore holds every operation and shape of a service with its documentation: 300 MiB for 209
services, of whose operations a scan calls an eighth, and of whose shapes it looks into few.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader

from scanner.places import granted

Raws = dict[str, msgspec.Raw]
_HELD_APART = frozenset({"operations", "shapes", "documentation", "examples"})


class Models(JSONFileLoader):
    """What a loader of botocore, which keeps all that it is given, reads its files with."""

    def load_file(self, file_path: str) -> Any:
        """Return what a file holds, None where there is none; its path comes without the ending."""
        files = (Path(f"{file_path}{ending}") for ending in (".json", ".json.gz"))
        path = next((file for file in files if file.is_file()), None)
        if path is None:
            return None
        if path.name.startswith("service-2.json"):
            return _Service(path).model
        return msgspec.json.decode(_payload(path))


def _payload(path: Path) -> bytes:
    read = path.read_bytes()
    return gzip.decompress(read) if path.suffix == ".gz" else read


class _Parts(dict[str, Any]):
    """Operations or shapes by name: `find` gives one that is not here, or raises `KeyError`.

    `in` tells of all that there are, iteration gives those that were asked for.
    """

    def __init__(self, find: Callable[[str], Any]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, name: str) -> Any:
        return self.setdefault(name, self._find(name))

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True


class _Traits(msgspec.Struct):
    """What makes botocore ask a service for its endpoints."""

    endpointoperation: bool = False
    endpointdiscovery: dict[str, Any] = {}


class _Service:
    """Fills the model of one service from its file.

    An operation is read together with all others of the service that the current grant allows, and
    with the shapes that they need, which stay packed until a call looks into them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._operations = _Parts(self._operation)
        self._shapes = _Parts(self._shape)
        self._packed: dict[str, bytes] = {}
        self._file: Raws | None = None
        whole = self._read()
        rest = {name: msgspec.json.decode(whole[name]) for name in whole.keys() - _HELD_APART}
        self.model = {**rest, "operations": self._operations, "shapes": self._shapes}
        self._hold(_discovery(whole), whole)
        self._file = whole  # the first call follows, and needs it again

    def _read(self) -> Raws:
        whole, self._file = self._file, None
        return whole or msgspec.json.decode(_payload(self._path), type=Raws)

    def _operation(self, name: str) -> Any:
        self._hold([name, *granted(self._path.parts[-3])], self._read())
        found = self._operations.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def _shape(self, name: str) -> Any:
        if name not in self._packed:
            self._pack([name], _parts(self._read()["shapes"]))
        return msgspec.json.decode(self._packed[name])

    def _hold(self, names: Iterable[str], whole: Raws) -> None:
        """Hold operations, after the shapes that they need."""
        operations, shapes = _parts(whole["operations"]), _parts(whole["shapes"])
        for name in names:
            if name in operations:
                operation, needed = _lean(operations[name])
                self._pack(needed, shapes)
                self._operations.setdefault(name, operation)

    def _pack(self, names: list[str], shapes: Raws) -> None:
        for name in names:  # it grows on the way
            if name in shapes and name not in self._packed:
                shape, needed = _lean(shapes[name])
                self._packed[name] = msgspec.json.encode(shape)
                names += needed


def _discovery(whole: Raws) -> Iterator[str]:
    """Yield the operations that botocore has to know of before they are called."""
    for name, raw in _parts(whole["operations"]).items():
        traits = msgspec.json.decode(raw, type=_Traits)
        if traits.endpointoperation or traits.endpointdiscovery.get("required"):
            yield name


def _parts(raw: msgspec.Raw) -> Raws:
    return msgspec.json.decode(raw, type=Raws)


def _lean(raw: msgspec.Raw) -> tuple[Any, list[str]]:
    """Return a part without its documentation, and the names of the shapes that it refers to."""
    part, names = msgspec.json.decode(raw), []
    waiting = [part]
    for value in waiting:  # it grows on the way
        if isinstance(value, dict):
            if isinstance(value.get("shape"), str):
                names.append(value["shape"])
            if isinstance(value.get("documentation"), str):  # a member of that name is no text
                del value["documentation"]
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return part, names


def method_of_model(client: Any, event_name: str, **_: Any) -> Callable[..., Any] | None:
    """Botocore's `getattr`: a client's method for an operation that was not read when it was made.

    botocore itself calls two (`head_bucket` to find a region, `create_session`), by these names.
    """
    name = "".join(map(str.capitalize, event_name.rpartition(".")[2].split("_")))
    operations = client.meta.service_model._service_description["operations"]
    return (lambda **given: client._make_api_call(name, given)) if name in operations else None
