"""Rules on fields that the emulator never fills, for organizations, networks and applications."""

from __future__ import annotations

from typing import Any

import pytest

from scanner import catalog
from scanner.documents import apply_rules, links_of
from scanner.model import Account

OURS, THEIRS = "111122223333", "999999999999"
PLACE = {"_account": OURS, "_region": "us-east-1", "_partition": "aws", "_tags": {}}


def document(**members: Any) -> dict[str, Any]:
    """A document as the lister makes them, already identified."""
    return {**PLACE, "_arn": f"arn:aws:x:us-east-1:{OURS}:y", **members}


@pytest.mark.parametrize(
    ("resource_type", "members", "rule"),
    [
        ("AWS::SSO::Instance", {"_permission_sets": []}, "I41"),
        ("AWS::SSO::Instance", {"OwnerAccountId": OURS}, None),
        ("AWS::RAM::ResourceShare", {"featureSet": "CREATED_FROM_POLICY"}, "I18"),
        ("AWS::RAM::ResourceShare", {"featureSet": "STANDARD"}, None),
        ("Ext::QuickSight::User", {"IdentityType": "IAM_IDENTITY_CENTER"}, "I24"),
        ("Ext::QuickSight::User", {"IdentityType": "QUICKSIGHT"}, None),
        ("Ext::QuickSight::Namespace", {"Name": "default"}, "D38"),
        ("AWS::VpcLattice::ResourceConfiguration", {"amazonManaged": True}, "N42"),
        ("AWS::VpcLattice::ServiceNetworkResourceAssociation", {"isManagedAssociation": 1}, "N42"),
        ("AWS::SMSVOICE::OptOutList", {"OptOutListName": "Default"}, "A23"),
        ("AWS::SMSVOICE::OptOutList", {"OptOutListName": "mine"}, None),
        ("AWS::EventSchemas::Registry", {"RegistryName": "discovered-schemas"}, "L15"),
        ("AWS::Notifications::NotificationConfiguration", {"subtype": "ADMIN_MANAGED"}, "A45"),
        ("AWS::Notifications::NotificationConfiguration", {"subtype": "ACCOUNT"}, None),
        (
            "Ext::Macie::ClassificationJob",
            {"jobType": "ONE_TIME", "jobStatus": "COMPLETE"},
            "A43",
        ),
        ("Ext::Macie::ClassificationJob", {"jobType": "SCHEDULED", "jobStatus": "IDLE"}, None),
        ("AWS::ServiceCatalogAppRegistry::AttributeGroup", {"createdBy": "x"}, "A35"),
    ],
)
def test_what_comes_with_a_service_is_default(
    resource_type: str, members: dict[str, Any], rule: str | None
) -> None:
    found = document(**{"owningAccountId": OURS, **members})
    assert apply_rules(catalog.load().rules[resource_type], found)
    assert found.get("_default_rule") == rule


@pytest.mark.parametrize(
    ("resource_type", "members"),
    [
        ("AWS::RAM::ResourceShare", {"owningAccountId": THEIRS, "status": "ACTIVE"}),
        ("AWS::NetworkManager::VpcAttachment", {"OwnerAccountId": THEIRS}),
        ("AWS::NetworkManager::CoreNetwork", {"OwnerAccountId": THEIRS}),
        ("AWS::VpcLattice::ResourceGateway", {"_arn": f"arn:aws:vpc-lattice:x:{THEIRS}:y"}),
        ("AWS::Route53RecoveryControl::Cluster", {"Owner": THEIRS}),
        ("AWS::Route53Profiles::Profile", {"ShareStatus": "SHARED_WITH_ME"}),
        ("AWS::Outposts::Outpost", {"OwnerId": THEIRS}),
        ("AWS::Outposts::Site", {"AccountId": THEIRS}),
        ("AWS::SecurityLake::DataLake", {"region": "eu-west-1", "_arn": f":{OURS}:"}),
        ("AWS::SecurityLake::DataLake", {"region": "us-east-1", "_arn": f":{THEIRS}:"}),
        ("AWS::PaymentCryptography::Key", {"KeyState": "DELETE_PENDING"}),
        ("AWS::QuickSight::Analysis", {"Status": "DELETED"}),
        ("AWS::MediaLive::Input", {"State": "DELETED"}),
        ("Ext::Macie::ClassificationJob", {"jobStatus": "CANCELLED"}),
    ],
)
def test_what_is_gone_or_anothers_is_no_row(resource_type: str, members: dict[str, Any]) -> None:
    assert not apply_rules(catalog.load().rules[resource_type], document(**members))


APPLICATION = f"arn:aws:sso::{OURS}:application/ssoins-1/apl-1"
PANEL = f"arn:aws:route53-recovery-control::{OURS}:cluster/1"
GROUP = f"arn:aws:resource-groups:us-east-1:{OURS}:group/AWS_AppRegistry_Application-shop"
PARENT = {"_parent": {"_arn": "arn:aws:x:us-east-1:1:parent"}}


@pytest.mark.parametrize(
    ("resource_type", "members", "link"),
    [
        (
            "AWS::QBusiness::Application",
            {"identityCenterApplicationArn": APPLICATION},
            ("I23", "AWS::SSO::Application", APPLICATION, "target"),
        ),
        (
            "AWS::SageMaker::Domain",
            {"SingleSignOnApplicationArn": APPLICATION},
            ("I23", "AWS::SSO::Application", APPLICATION, "target"),
        ),
        (
            "AWS::Route53RecoveryControl::ControlPanel",
            {"DefaultControlPanel": True, "ClusterArn": PANEL},
            ("N43", "AWS::Route53RecoveryControl::Cluster", PANEL, "self"),
        ),
        (
            "AWS::VpcLattice::Rule",
            {"isDefault": True, **PARENT},
            ("N41", "AWS::VpcLattice::Listener", PARENT["_parent"]["_arn"], "self"),
        ),
        (
            "AWS::Lex::BotAlias",
            {"botAliasId": "TSTALIASID", **PARENT},
            ("A17", "AWS::Lex::Bot", PARENT["_parent"]["_arn"], "self"),
        ),
        (
            "AWS::Timestream::InfluxDBInstance",
            {"dbClusterId": "c1"},
            ("A46", "AWS::Timestream::InfluxDBCluster", "c1", "self"),
        ),
        (
            "AWS::ServiceCatalogAppRegistry::Application",
            {"integrations": {"resourceGroup": {"arn": GROUP}}},
            ("A35", "AWS::ResourceGroups::Group", GROUP, "target"),
        ),
        (
            "AWS::QuickSight::VPCConnection",
            {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}]},
            ("E27", "AWS::EC2::NetworkInterface", "eni-1", "target"),
        ),
    ],
)
def test_owner_that_aws_names_is_linked(
    resource_type: str, members: dict[str, Any], link: tuple[str, ...]
) -> None:
    known = catalog.load()
    entry, rules = known.entries[resource_type], known.rules[resource_type]
    found = links_of(entry, rules, document(**members), Account(OURS, "aws", ()), "us-east-1")
    owned = [(each.rule, each.target_type, each.target_key, each.owns) for each in found]
    assert link in owned
