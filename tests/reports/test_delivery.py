"""Reports in S3: written by the one grant that may, and by no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import Context, write
from scanner.aws import Aws, Place
from scanner.deliver import DELIVER, s3_writer, wanted
from scanner.errors import GrantError, ReportError
from tests.reports.sample import estate
from tests.world import World


def test_a_report_arrives_whole(world: World) -> None:
    world.client("s3").create_bucket(Bucket="reports-of-acme")
    store = estate()
    write("csv://s3://reports-of-acme/x.csv", store, Context.of(store, deliver=s3_writer(Aws())))
    body = world.client("s3").get_object(Bucket="reports-of-acme", Key="x.csv")["Body"].read()
    assert body.startswith(b'"finding_id"')


def test_a_bucket_that_is_not_there_is_named(world: World) -> None:
    with pytest.raises(ReportError, match="s3://nobodys-bucket/x cannot be written"):
        s3_writer(Aws())("s3://nobodys-bucket/x", b"")
    with pytest.raises(ReportError, match="is not s3://BUCKET/KEY"):
        s3_writer(Aws())("s3://bucket", b"")


def test_the_grant_allows_putting_objects_and_nothing_else(world: World) -> None:
    assert DELIVER.allowed == {("s3", "PutObject")}
    aws = Aws()
    place = Place("", aws.region, aws.own_credentials(), DELIVER)
    with pytest.raises(GrantError, match="DeleteObject is outside the grant 'deliver'"):
        aws.call(place, "s3", "DeleteObject", {"Bucket": "b", "Key": "k"})


def test_no_writer_is_made_unless_an_output_asks_for_it(tmp_path: Path) -> None:
    assert not wanted([f"json://{tmp_path}/x", "console://stdout"])
    assert wanted(["console://stdout", "parquet://s3://lake/strays/"])
