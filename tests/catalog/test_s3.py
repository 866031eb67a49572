"""S3, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import tags
from tests.world import World


def test_buckets_of_every_region_are_in_one_cell(world: World) -> None:
    names = {f"{world.account_id}-us": "us-east-1", f"{world.account_id}-eu": "eu-central-1"}
    for name, region in names.items():
        where = {} if region == "us-east-1" else {"LocationConstraint": region}
        more = {"CreateBucketConfiguration": where} if where else {}
        world.client("s3", region).create_bucket(Bucket=name, **more)
    found = look(world, "AWS::S3::Bucket")
    assert {row["name"]: row["region"] for row in found.rows} == names
    assert {row["cell_region"] for row in found.rows} == {"global"}


def test_bucket(world: World) -> None:
    name = f"{world.account_id}-assets"
    s3 = world.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags(team="shop")})
    found = look(world, "AWS::S3::Bucket")
    assert found.row["arn"] == f"arn:aws:s3:::{name}"
    assert found.row["keys"] == [found.row["arn"], name]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
