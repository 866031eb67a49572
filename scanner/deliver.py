"""Writing reports to S3: the one call of a scan that changes anything, and only where configured.

The grant `deliver` is made for the outputs that a configuration or `-o` names; without one there is
no way to PutObject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scanner.aws import Aws, Grant, Place
from scanner.errors import CallError, ReportError

DELIVER = Grant("deliver", frozenset({("s3", "PutObject")}))


def wanted(outputs: Iterable[str]) -> bool:
    """Whether any of these `FORMAT://PATH` lies in S3."""
    return any("://s3://" in spec for spec in outputs)


def s3_writer(aws: Aws) -> Callable[[str, bytes], None]:
    """Return what puts bytes at `s3://BUCKET/KEY` with the caller's own credentials.

    It raises `ReportError` for a path without bucket or key, and where S3 refuses.
    """
    place = Place("", aws.region, aws.own_credentials(), DELIVER)

    def put(url: str, content: bytes) -> None:
        bucket, _, key = url.removeprefix("s3://").partition("/")
        if not bucket or not key:
            raise ReportError(f"{url} is not s3://BUCKET/KEY")
        try:
            aws.call(place, "s3", "PutObject", {"Bucket": bucket, "Key": key, "Body": content})
        except CallError as error:
            raise ReportError(f"{url} cannot be written: {error}") from error

    return put
