"""`--from` and `[[terraform]] from` -> the states they name, in driftctl's grammar.

    tfstate://path-or-glob              files; `~` and `**`; `-` is standard input
    tfstate+s3://bucket/key-or-glob     S3; a workspace is a key of its own (`env:/NAME/key`)
    tfstate+http(s)://host/path         one GET, basic authentication or headers
    tfstate+gs://bucket/key-or-glob     Google Cloud Storage (an extra)
    tfstate+azurerm://container/key     Azure Blob Storage (an extra)
    tfstate+tfcloud://ORG/WORKSPACE     HCP Terraform and Terraform Enterprise
    terraform://folder                  whatever backends the HCL below a folder uses (an extra)
    pulumi://path-or-glob               what `pulumi stack export` wrote; `-` is standard input
    pulumi+s3://bucket/.pulumi/stacks/**/*.json   a self-managed backend of Pulumi

A place that cannot be read is a source too, and says why when it is read: it never stops others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scanner.aws import Aws
from scanner.claims import azure_source, discovery, file_source, gcs_source, s3_source
from scanner.claims import tfcloud_source as tfcloud
from scanner.claims.backends import Found
from scanner.claims.file_source import file_states
from scanner.claims.http_source import http_state
from scanner.claims.pulumi_file import KIND as PULUMI
from scanner.claims.s3_source import s3_states
from scanner.claims.source import StateSource, failed
from scanner.config import TerraformSource
from scanner.errors import CredentialsError, SourceError

Opener = Callable[[TerraformSource, Aws], Iterator[StateSource]]


def _files(source: TerraformSource, _: Aws) -> Iterator[StateSource]:
    return file_states(source.from_.removeprefix(file_source.SCHEME))


def _url(source: TerraformSource, _: Aws) -> Iterator[StateSource]:
    yield http_state(source.from_.removeprefix("tfstate+"), source.headers)


def _placed(scheme: str, opener: Callable[[str], Iterator[StateSource]]) -> Opener:
    return lambda source, _: opener(source.from_.removeprefix(scheme))


def _discovered(source: TerraformSource, aws: Aws) -> Iterator[StateSource]:
    """Yield the states of every backend below a folder; a guess that finds none is passed over."""
    folder = Path(source.from_.removeprefix(discovery.SCHEME)).expanduser().absolute()
    if not folder.is_dir():
        yield failed(source.from_, SourceError("there is no such folder"))
        return
    seen = 0
    for seen, found in enumerate(discovery.backends(folder), 1):  # noqa: B007 (counts)
        if isinstance(found, Found):
            opened = open_sources([found.source], aws)
            yield from (one for one in opened if not (found.guess and one.nothing))
        else:
            yield failed(f"{discovery.SCHEME}{found.folder}", found.why)
    if not seen:
        yield failed(source.from_, SourceError("nothing below it says where states are kept"))


def _pulumi(scheme: str, opener: Opener, inner: str) -> Opener:
    """Return an opener of Pulumi's states where another one finds Terraform's."""

    def opened(source: TerraformSource, aws: Aws) -> Iterator[StateSource]:
        rest = source.from_.removeprefix(scheme)
        for one in opener(source.model_copy(update={"from_": inner + rest}), aws):
            one.kind, one.source_id = PULUMI, scheme + one.source_id.removeprefix(inner)
            yield one

    return opened


_SCHEMES: dict[str, Opener] = {
    file_source.SCHEME: _files,
    s3_source.SCHEME: s3_states,
    "tfstate+http://": _url,
    "tfstate+https://": _url,
    gcs_source.SCHEME: _placed(gcs_source.SCHEME, gcs_source.gcs_states),
    azure_source.SCHEME: _placed(azure_source.SCHEME, azure_source.azure_states),
    tfcloud.SCHEME: _placed(tfcloud.SCHEME, tfcloud.tfcloud_states),
    discovery.SCHEME: _discovered,
    "pulumi://": _pulumi("pulumi://", _files, file_source.SCHEME),
    "pulumi+s3://": _pulumi("pulumi+s3://", s3_states, s3_source.SCHEME),
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
            if source.profile and scheme.endswith("+s3://"):
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
