"""`--from` and `[[terraform]] from` -> the states they name, in driftctl's grammar.

    tfstate://path-or-glob              files; `~` and `**`; `-` is standard input
    tfstate+s3://bucket/key-or-glob     S3; a workspace is a key of its own (`env:/NAME/key`)
    tfstate+http(s)://host/path         one GET, basic authentication

A place that cannot be read is a source too, and says why when it is read: it never stops others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from scanner.aws import Aws
from scanner.claims import file_source, s3_source
from scanner.claims.file_source import file_states
from scanner.claims.http_source import http_state
from scanner.claims.s3_source import s3_states
from scanner.claims.source import StateSource, failed
from scanner.config import TerraformSource
from scanner.errors import CredentialsError, SourceError


def _files(source: TerraformSource, _: Aws) -> Iterator[StateSource]:
    return file_states(source.from_.removeprefix(file_source.SCHEME))


def _url(source: TerraformSource, _: Aws) -> Iterator[StateSource]:
    yield http_state(source.from_.removeprefix("tfstate+"))


_SCHEMES: dict[str, Callable[[TerraformSource, Aws], Iterator[StateSource]]] = {
    file_source.SCHEME: _files,
    s3_source.SCHEME: s3_states,
    "tfstate+http://": _url,
    "tfstate+https://": _url,
}


def open_sources(froms: Sequence[TerraformSource], aws: Aws) -> Iterator[StateSource]:
    """Yield every state that the configuration names; nothing is read before it is asked for.

    `aws` serves the S3 places; one with a `profile` of its own gets its own door.
    """
    doors: dict[str, Aws] = {}
    for source in froms:
        scheme = next((known for known in _SCHEMES if source.from_.startswith(known)), None)
        if scheme is None:
            yield failed(_name(source.from_), _unknown_scheme(source.from_))
            continue
        try:
            door = aws
            if source.profile and scheme == s3_source.SCHEME:
                door = doors.setdefault(source.profile, Aws(source.profile))
        except CredentialsError as error:
            yield failed(source.from_, SourceError(str(error)))
            continue
        yield from _SCHEMES[scheme](source, door)


def _name(place: str) -> str:
    """Return a place without the user and the parameters that a URL may hold."""
    scheme, mark, rest = place.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2].partition('?')[0]}" if mark else place


def _unknown_scheme(place: str) -> SourceError:
    known = ", ".join(_SCHEMES)
    if "://" not in place:
        return SourceError(f"it has no scheme: for a file write {file_source.SCHEME}{place}")
    return SourceError(f"{place.partition('://')[0]}:// is not known; known are {known}")
