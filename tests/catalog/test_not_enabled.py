"""Services that an account never turned on have nothing, and say so in ways of their own.

The texts are those that AWS was seen to answer; a denial with another text stays one.
"""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.catalog.replay import replay

OFF = {
    "AWS::Macie::CustomDataIdentifier": (
        "ListCustomDataIdentifiers", "AccessDeniedException", "Macie is not enabled."
    ),
    "AWS::LicenseManager::LicenseConfiguration": (
        "ListLicenseConfigurations",
        "AccessDeniedException",
        "Service role not found. Consult setup procedures in License Manager User Guide and "
        "create the required role for the service.",
    ),
    "AWS::SSMContacts::Rotation": (
        "ListRotations",
        "ValidationException",
        "Invalid value provided - Account not found for the request",
    ),
    "Ext::Mgn::SourceServer": (
        "DescribeSourceServers", "UninitializedAccountException", "Account not initialized"
    ),
    "AWS::QuickSight::Analysis": (
        "ListAnalyses",
        "UnsupportedUserEditionException",
        "Account 123456789012 is not subscribed for QuickSight",
    ),
    "AWS::Shield::Protection": (
        "ListProtections", "ResourceNotFoundException", "The subscription does not exist."
    ),
}  # fmt: skip


def failing(operation: str, code: str, message: str) -> dict[str, ClientError]:
    return {operation: ClientError({"Error": {"Code": code, "Message": message}}, operation)}


@pytest.mark.parametrize("name", OFF)
def test_service_that_is_off_has_none(name: str) -> None:
    assert replay(name, "123456789012", "us-east-1", {**failing(*OFF[name])}).rows == []


@pytest.mark.parametrize(
    "name", ["AWS::Macie::CustomDataIdentifier", "AWS::LicenseManager::LicenseConfiguration"]
)
def test_missing_permission_is_denied_all_the_same(name: str) -> None:
    operation, code, _ = OFF[name]
    answers = failing(operation, code, "User: x is not authorized to perform: y on resource: z")
    with pytest.raises(AssertionError, match="denied"):
        replay(name, "123456789012", "us-east-1", {**answers})
