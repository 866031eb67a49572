"""Certificates and their authorities, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.world import World

TAGS = [{"Key": "team", "Value": "core"}]


@pytest.mark.parametrize("algorithm", ["RSA_2048", "EC_prime256v1"])
def test_certificate_of_any_key_type_is_listed(world: World, algorithm: str) -> None:
    made = world.client("acm").request_certificate(
        DomainName="shop.example.com", KeyAlgorithm=algorithm, Tags=TAGS
    )
    row = look(world, "AWS::CertificateManager::Certificate").row
    assert row["keys"] == [made["CertificateArn"]]
    assert (row["name"], row["tags"]) == ("shop.example.com", {"team": "core"})
    assert row["created_at"] is not None


def test_deleted_authority_is_no_row(world: World) -> None:
    client = world.client("acm-pca")
    config = {
        "KeyAlgorithm": "RSA_2048",
        "SigningAlgorithm": "SHA256WITHRSA",
        "Subject": {"CommonName": "root.example.com"},
    }
    kept, gone = (
        client.create_certificate_authority(
            CertificateAuthorityConfiguration=config, CertificateAuthorityType="ROOT", Tags=TAGS
        )["CertificateAuthorityArn"]
        for _ in range(2)
    )
    client.delete_certificate_authority(CertificateAuthorityArn=gone)
    row = look(world, "AWS::ACMPCA::CertificateAuthority").row
    assert row["keys"] == [kept]
    assert (row["name"], row["tags"]) == ("root.example.com", {"team": "core"})
