"""CloudFront, verified on the emulator."""

from __future__ import annotations

from typing import Any

from tests.catalog.look import look
from tests.catalog.places import arn, tags
from tests.world import World


def config(access_control: str) -> dict[str, Any]:
    origin = {
        "Id": "assets", "DomainName": "assets.s3.amazonaws.com",
        "OriginAccessControlId": access_control, "S3OriginConfig": {"OriginAccessIdentity": ""},
        "CustomHeaders": {
            "Quantity": 1, "Items": [{"HeaderName": "x-secret", "HeaderValue": "hunter2"}]
        },
    }  # fmt: skip
    behaviour = {
        "TargetOriginId": "assets", "ViewerProtocolPolicy": "https-only", "MinTTL": 0,
        "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
    }  # fmt: skip
    return {
        "CallerReference": "t", "Comment": "", "Enabled": True, "DefaultCacheBehavior": behaviour,
        "Origins": {"Quantity": 1, "Items": [origin]},
    }  # fmt: skip


def test_distribution_and_its_access_control(world: World) -> None:
    cloudfront = world.client("cloudfront")
    control = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": "assets", "SigningProtocol": "sigv4", "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]  # fmt: skip
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={
            "DistributionConfig": config(control), "Tags": {"Items": tags(team="shop")}
        }
    )["Distribution"]  # fmt: skip
    found = look(world, "AWS::CloudFront::Distribution")
    assert found.row["arn"] == arn(world, "cloudfront", f"distribution/{made['Id']}", "")
    assert found.row["keys"] == [found.row["arn"], made["Id"]]
    assert found.row["region"] == "global"
    assert found.row["tags"] == {"team": "shop"}
    assert "hunter2" not in str(found.row["properties"])
    access = look(world, "AWS::CloudFront::OriginAccessControl").row
    assert access["arn"] == arn(world, "cloudfront", f"origin-access-control/{control}", "")
    assert access["keys"] == [access["arn"], control]
    assert access["name"] == "assets"


def test_public_key_and_its_group(world: World) -> None:
    cloudfront = world.client("cloudfront")
    key = cloudfront.create_public_key(
        PublicKeyConfig={"CallerReference": "t", "Name": "signer", "EncodedKey": "x"}
    )["PublicKey"]["Id"]
    group = cloudfront.create_key_group(KeyGroupConfig={"Name": "signers", "Items": [key]})[
        "KeyGroup"
    ]["Id"]
    assert look(world, "AWS::CloudFront::PublicKey").row["resource_id"] == key
    found = look(world, "AWS::CloudFront::KeyGroup")
    assert found.row["resource_id"] == group
    assert found.links == {("uses", "AWS::CloudFront::PublicKey", key, None)}
