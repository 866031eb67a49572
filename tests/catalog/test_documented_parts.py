"""Parts of well-known services that the emulator lacks, read from botocore's own examples."""

from __future__ import annotations

from tests.catalog.replay import replay


def test_provisioned_concurrency_of_two_aliases() -> None:
    """botocore's examples of lambda ListProvisionedConcurrencyConfigs and ListFunctions."""
    function = {
        "FunctionArn": "arn:aws:lambda:us-west-2:123456789012:function:my-function",
        "FunctionName": "my-function",
    }
    configured = [
        {
            "FunctionArn": f"arn:aws:lambda:us-east-2:123456789012:function:my-function:{alias}",
            "RequestedProvisionedConcurrentExecutions": 100,
            "Status": "READY",
            "LastModified": "2019-12-31T20:29:00+0000",
        }
        for alias in ("GREEN", "BLUE")
    ]
    seen = replay(
        "Ext::Lambda::ProvisionedConcurrencyConfig",
        "123456789012",
        "us-east-2",
        {
            "ListFunctions": {"Functions": [function]},
            "ListProvisionedConcurrencyConfigs": {"ProvisionedConcurrencyConfigs": configured},
        },
    )
    ids = [row["resource_id"] for row in seen.rows]
    assert ids == ["my-function,GREEN", "my-function,BLUE"]
    assert {link[3] for link in seen.links} == {"self"}


def test_volume_of_a_gateway() -> None:
    """botocore's example of storagegateway ListVolumes (its first volume)."""
    gateway = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B"
    volume = {
        "GatewayARN": gateway,
        "GatewayId": "sgw-12A3456B",
        "VolumeARN": f"{gateway}/volume/vol-1122AABB",
        "VolumeId": "vol-1122AABB",
        "VolumeSizeInBytes": 107374182400,
        "VolumeType": "STORED",
    }
    seen = replay(
        "Ext::StorageGateway::Volume",
        "111122223333",
        "us-east-1",
        {"ListVolumes": {"VolumeInfos": [volume]}},
    )
    assert seen.row["keys"] == [volume["VolumeARN"], "vol-1122AABB"]
    assert seen.links == {("uses", "Ext::StorageGateway::Gateway", gateway, None)}


def test_filter_of_received_mail() -> None:
    """botocore's example of ses ListReceiptFilters."""
    answer = {"IpFilter": {"Cidr": "1.2.3.4/24", "Policy": "Block"}, "Name": "MyFilter"}
    row = replay(
        "AWS::SES::ReceiptFilter",
        "123456789012",
        "us-east-1",
        {"ListReceiptFilters": {"Filters": [answer]}},
    ).row
    arn = "arn:aws:ses:us-east-1:123456789012:receipt-filter/MyFilter"
    assert row["keys"] == [arn, "MyFilter"]
