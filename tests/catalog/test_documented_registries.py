"""Services that the emulator lacks, read from AWS's own examples.

As in test_documented.py, each answer is the one that the AWS CLI's reference shows, by the name of
its page at https://docs.aws.amazon.com/cli/latest/reference/SERVICE/OPERATION.html#examples.
"""

from __future__ import annotations

from tests.catalog.replay import replay

ACCOUNT = "123456789012"


def test_event_schema_of_a_registry() -> None:
    """schemas/list-registries, schemas/list-schemas."""
    base = "arn:aws:schemas:us-east-1:012345678912"
    registry = {
        "RegistryArn": f"{base}:registry/example-registry-name",
        "RegistryName": "example-registry-name",
        "Tags": {},
    }
    schema = {
        "LastModified": "2024-04-12T13:56:59+00:00",
        "SchemaArn": f"{base}:schema/example-registry/example-schema",
        "SchemaName": "example-schema",
        "Tags": {},
        "VersionCount": 2,
    }
    answers = {"ListRegistries": {"Registries": [registry]}, "ListSchemas": {"Schemas": [schema]}}
    row = replay("AWS::EventSchemas::Registry", "012345678912", "us-east-1", answers).row
    assert row["keys"] == [registry["RegistryArn"], "example-registry-name"]
    seen = replay("AWS::EventSchemas::Schema", "012345678912", "us-east-1", answers)
    assert seen.row["terraform_id"] == "example-schema/example-registry-name"
    owner = ("contains", "AWS::EventSchemas::Registry", registry["RegistryArn"], "self")
    assert seen.links == {owner}


def test_discoverer() -> None:
    """schemas/list-discoverers."""
    bus = "arn:aws:events:us-east-1:012345678912:event-bus/example-event-bus-name"
    known = "example-discoverer-name"
    answer = {
        "DiscovererArn": f"arn:aws:schemas:us-east-1:012345678912:discoverer/{known}",
        "DiscovererId": known,
        "SourceArn": bus,
        "State": "STARTED",
        "Tags": {},
    }
    answers = {"ListDiscoverers": {"Discoverers": [answer]}}
    seen = replay("AWS::EventSchemas::Discoverer", "012345678912", "us-east-1", answers)
    assert seen.row["keys"] == [answer["DiscovererArn"], known]
    assert seen.links == {("reads_from", "AWS::Events::EventBus", bus, None)}


def test_response_plan_and_replication_set() -> None:
    """ssm-incidents/list-replication-sets, ssm-incidents/list-response-plans."""
    base = "arn:aws:ssm-incidents::111122223333"
    known = f"{base}:replication-set/c4bcb603-4bf9-bb3f-413c-08df53673b57"
    plan = {
        "arn": f"{base}:response-plan/Example-Response-Plan",
        "displayName": "Example response plan",
        "name": "Example-Response-Plan",
    }
    answers = {
        "ListReplicationSets": {"replicationSetArns": [known]},
        "ListResponsePlans": {"responsePlanSummaries": [plan]},
    }
    row = replay("AWS::SSMIncidents::ReplicationSet", "111122223333", "us-east-1", answers).row
    assert (row["keys"], row["region"]) == ([known], "us-east-1")
    row = replay("AWS::SSMIncidents::ResponsePlan", "111122223333", "us-east-1", answers).row
    assert (row["keys"], row["name"]) == ([plan["arn"]], "Example-Response-Plan")


def test_contact() -> None:
    """ssm-contacts/list-contacts (its first and last)."""
    base = "arn:aws:ssm-contacts:us-east-2:111122223333:contact"
    contacts = [
        {
            "ContactArn": f"{base}/{alias}",
            "Alias": alias,
            "DisplayName": shown,
            "Type": kind,
        }
        for alias, shown, kind in (
            ("akuam", "Akua Mansa", "PERSONAL"),
            ("example_escalation", "Example Escalation", "ESCALATION"),
        )
    ]
    answers = {"ListContacts": {"Contacts": contacts}}
    seen = replay("AWS::SSMContacts::Contact", "111122223333", "us-east-2", answers)
    assert seen.named("akuam")["keys"] == [f"{base}/akuam"]
    assert len(seen.rows) == 2


def test_stores_of_genomes() -> None:
    """omics/list-sequence-stores, omics/list-reference-stores."""
    sequences = {
        "arn": "arn:aws:omics:us-west-2:123456789012:sequenceStore/1234567890",
        "creationTime": "2022-11-23T01:24:33.629Z",
        "id": "1234567890",
        "name": "my-seq-store",
    }
    references = {
        "arn": "arn:aws:omics:us-west-2:123456789012:referenceStore/1234567890",
        "creationTime": "2022-11-22T22:13:25.947Z",
        "id": "1234567890",
        "name": "my-ref-store",
    }
    answers = {
        "ListSequenceStores": {"sequenceStores": [sequences]},
        "ListReferenceStores": {"referenceStores": [references]},
    }
    row = replay("AWS::Omics::SequenceStore", ACCOUNT, "us-west-2", answers).row
    assert (row["keys"], row["name"]) == ([sequences["arn"], "1234567890"], "my-seq-store")
    row = replay("AWS::Omics::ReferenceStore", ACCOUNT, "us-west-2", answers).row
    assert (row["keys"], row["name"]) == ([references["arn"], "1234567890"], "my-ref-store")


def test_vocabulary_filters() -> None:
    """transcribe/list-vocabulary-filters (its first two)."""
    answer = [
        {
            "VocabularyFilterName": "testFilter",
            "LanguageCode": "en-US",
            "LastModifiedTime": "2020-05-07T22:39:32.147000+00:00",
        },
        {
            "VocabularyFilterName": "monkey-filter",
            "LanguageCode": "en-US",
            "LastModifiedTime": "2020-05-21T23:29:35.174000+00:00",
        },
    ]
    answers = {"ListVocabularyFilters": {"VocabularyFilters": answer}}
    seen = replay("AWS::Transcribe::VocabularyFilter", ACCOUNT, "us-west-2", answers)
    arn = "arn:aws:transcribe:us-west-2:123456789012:vocabulary-filter/testFilter"
    assert seen.named("testFilter")["keys"] == [arn, "testFilter"]
    assert seen.named("monkey-filter")["created_at"] is None


def test_queues_but_the_default_one_are_ones_own() -> None:
    """mediaconvert/list-queues (its first two)."""
    base = "arn:aws:mediaconvert:us-west-2:123456789012:queues"
    common = {
        "PricingPlan": "ON_DEMAND",
        "Status": "ACTIVE",
        "SubmittedJobsCount": 0,
        "ProgressingJobsCount": 0,
    }
    default = {
        **common,
        "Type": "SYSTEM",
        "CreatedAt": 1503451595,
        "Name": "Default",
        "Arn": f"{base}/Default",
        "LastUpdated": 1534549158,
    }
    own = {
        **common,
        "Type": "CUSTOM",
        "CreatedAt": 1537460025,
        "Name": "Customer1",
        "Description": "Jobs we run for our customer.",
        "Arn": f"{base}/Customer1",
        "LastUpdated": 1537460025,
    }
    answers = {"ListQueues": {"Queues": [default, own]}}
    seen = replay("AWS::MediaConvert::Queue", ACCOUNT, "us-west-2", answers)
    assert seen.named("Default")["default_rule"] == "A15"
    row = seen.named("Customer1")
    assert (row["keys"], row["default_rule"]) == ([f"{base}/Customer1", "Customer1"], None)


def test_license_configuration() -> None:
    """license-manager/list-license-configurations."""
    known = "lic-6eb6586f508a786a2ba4f56c1EXAMPLE"
    arn = f"arn:aws:license-manager:us-west-2:123456789012:license-configuration:{known}"
    answer = {
        "LicenseConfigurationId": known,
        "LicenseConfigurationArn": arn,
        "Name": "my-license-configuration",
        "LicenseCountingType": "Core",
        "LicenseRules": [],
        "LicenseCount": 10,
        "LicenseCountHardLimit": True,
        "ConsumedLicenses": 0,
        "Status": "AVAILABLE",
        "OwnerAccountId": "123456789012",
    }
    answers = {"ListLicenseConfigurations": {"LicenseConfigurations": [answer]}}
    name = "AWS::LicenseManager::LicenseConfiguration"
    assert replay(name, ACCOUNT, "us-west-2", answers).row["keys"] == [arn]
    assert replay(name, "111122223333", "us-west-2", answers).rows == []


def test_network_monitors() -> None:
    """networkmonitor/list-monitors (example 2, its second)."""
    name = "Example_NetworkMonitor2"
    arn = f"arn:aws:networkmonitor:us-east-1:111122223333:monitor/{name}"
    answer = {
        "monitorArn": arn,
        "monitorName": name,
        "state": "ACTIVE",
        "aggregationPeriod": 60,
        "tags": {"Monitor": "Monitor1"},
    }
    answers = {"ListMonitors": {"monitors": [answer]}}
    row = replay("AWS::NetworkMonitor::Monitor", "111122223333", "us-east-1", answers).row
    assert (row["keys"], row["tags"]) == ([arn, name], {"Monitor": "Monitor1"})


def test_policy_store_and_what_is_in_it() -> None:
    """verifiedpermissions/list-policy-stores, list-identity-sources, list-policy-templates."""
    store = "PSEXAMPLEabcdefg111111"
    arn = f"arn:aws:verifiedpermissions::123456789012:policy-store/{store}"
    pool = "arn:aws:cognito-idp:us-west-2:123456789012:userpool/us-west-2_1a2b3c4d5"
    source = {
        "createdDate": "2023-06-12T22:27:49.150035+00:00",
        "details": {
            "clientIds": ["a1b2c3d4e5f6g7h8i9j0kalbmc"],
            "discoveryUrl": "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_1a2b3c4d5",
            "openIdIssuer": "COGNITO",
            "userPoolArn": pool,
        },
        "identitySourceId": "ISEXAMPLEabcdefg111111",
        "lastUpdatedDate": "2023-06-12T22:27:49.150035+00:00",
        "policyStoreId": store,
        "principalEntityType": "User",
    }
    template = {
        "createdDate": "2023-06-12T20:47:42.804511+00:00",
        "lastUpdatedDate": "2023-06-12T20:47:42.804511+00:00",
        "policyStoreId": store,
        "policyTemplateId": "PTEXAMPLEabcdefg111111",
    }
    known = {
        "arn": arn, "createdDate": "2023-06-05T20:16:46.225598+00:00", "policyStoreId": store
    }  # fmt: skip
    answers = {
        "ListPolicyStores": {"policyStores": [known]},
        "ListIdentitySources": {"identitySources": [source]},
        "ListPolicyTemplates": {"policyTemplates": [template]},
    }
    row = replay("AWS::VerifiedPermissions::PolicyStore", ACCOUNT, "us-west-2", answers).row
    assert row["keys"] == [arn, store]
    seen = replay("AWS::VerifiedPermissions::IdentitySource", ACCOUNT, "us-west-2", answers)
    assert seen.row["terraform_id"] == f"{store}:ISEXAMPLEabcdefg111111"
    assert ("trusts", "AWS::Cognito::UserPool", pool, None) in seen.links
    row = replay("AWS::VerifiedPermissions::PolicyTemplate", ACCOUNT, "us-west-2", answers).row
    assert row["terraform_id"] == f"{store}:PTEXAMPLEabcdefg111111"


def test_signing_profile() -> None:
    """signer/list-signing-profiles (its first), which shows no ARN."""
    certificate = (
        "arn:aws:acm:us-west-2:123456789012:certificate/6a55389b-306b-4e8c-a95c-0123456789abc"
    )
    answer = {
        "platformId": "AmazonFreeRTOS-TI-CC3220SF",
        "profileName": "MyProfile4",
        "status": "Active",
        "signingMaterial": {"certificateArn": certificate},
    }
    answers = {"ListSigningProfiles": {"profiles": [answer]}}
    row = replay("AWS::Signer::SigningProfile", ACCOUNT, "us-west-2", answers).row
    arn = "arn:aws:signer:us-west-2:123456789012:/signing-profiles/MyProfile4"
    assert row["keys"] == [arn, "MyProfile4"]


def test_dns_profile_and_its_association() -> None:
    """route53profiles/list-profiles, list-profile-associations."""
    arn = "arn:aws:route53profiles:us-east-1:123456789012:profile/rp-4987774726example"
    profile = {
        "Arn": arn, "Id": "rp-4987774726example", "Name": "test", "ShareStatus": "NOT_SHARED"
    }  # fmt: skip
    association = {
        "CreationTime": 1709338817.148,
        "Id": "rpassoc-489ce212fexample",
        "ModificationTime": 1709338974.772,
        "Name": "test-association",
        "OwnerId": "123456789012",
        "ProfileId": "rp-4987774726example",
        "ResourceId": "vpc-0af3b96b3example",
        "Status": "COMPLETE",
        "StatusMessage": "Created Profile Association",
    }
    answers = {
        "ListProfiles": {"ProfileSummaries": [profile]},
        "ListProfileAssociations": {"ProfileAssociations": [association]},
    }
    row = replay("AWS::Route53Profiles::Profile", ACCOUNT, "us-east-1", answers).row
    assert (row["keys"], row["name"]) == ([arn, "rp-4987774726example"], "test")
    name = "AWS::Route53Profiles::ProfileAssociation"
    seen = replay("AWS::Route53Profiles::ProfileAssociation", ACCOUNT, "us-east-1", answers)
    assert "rpassoc-489ce212fexample" in seen.row["keys"]
    assert seen.links == {
        ("uses", "AWS::Route53Profiles::Profile", "rp-4987774726example", None),
        ("in_vpc", "AWS::EC2::VPC", "vpc-0af3b96b3example", None),
    }
    assert replay(name, "111122223333", "us-east-1", answers).rows == []


def test_product() -> None:
    """servicecatalog/search-products-as-admin."""
    arn = "arn:aws:catalog:us-west-2:123456789012:product/prod-abcdfz3syn2rg"
    answer = {
        "ProductViewSummary": {
            "Name": "my product",
            "Owner": "owner name",
            "Type": "CLOUD_FORMATION_TEMPLATE",
            "ProductId": "prod-abcdfz3syn2rg",
            "HasDefaultPath": False,
            "Id": "prodview-abcdmyuzv2dlu",
            "ShortDescription": "description",
        },
        "ProductARN": arn,
        "CreatedTime": 1562097906.0,
        "Status": "CREATED",
    }
    answers = {"SearchProductsAsAdmin": {"ProductViewDetails": [answer]}}
    row = replay("AWS::ServiceCatalog::CloudFormationProduct", ACCOUNT, "us-west-2", answers).row
    assert (row["keys"], row["name"]) == ([arn, "prod-abcdfz3syn2rg"], "my product")


def test_monitor_of_pages() -> None:
    """rum/list-app-monitors (its first)."""
    answer = {
        "Created": "2024-04-07T12:37:05.326459Z",
        "Id": "5bh7juu8-3dd7-4ccu-b434-8e5t89849g9d",
        "Name": "AWSApp",
        "State": "CREATED",
    }
    answers = {"ListAppMonitors": {"AppMonitorSummaries": [answer]}}
    row = replay("AWS::RUM::AppMonitor", ACCOUNT, "us-east-1", answers).row
    assert row["keys"] == ["arn:aws:rum:us-east-1:123456789012:appmonitor/AWSApp", "AWSApp"]
    assert row["created_at"].year == 2024


def test_collection_of_faces() -> None:
    """rekognition/list-collections, rekognition/describe-collection."""
    arn = "arn:aws:rekognition:us-west-2:123456789012:collection/MyCollection"
    answers = {
        "ListCollections": {"CollectionIds": ["MyCollection"], "FaceModelVersions": ["4.0"]},
        "DescribeCollection": {
            "FaceCount": 200,
            "CreationTimestamp": 1569444828.274,
            "CollectionARN": arn,
            "FaceModelVersion": "4.0",
        },
    }
    row = replay("AWS::Rekognition::Collection", ACCOUNT, "us-west-2", answers).row
    assert (row["keys"], row["created_at"].year) == ([arn, "MyCollection"], 2019)


def test_lexicon() -> None:
    """botocore's own example of polly.ListLexicons."""
    arn = "arn:aws:polly:us-east-1:123456789012:lexicon/example"
    attributes = {
        "Alphabet": "ipa",
        "LanguageCode": "en-US",
        "LastModified": 1478542980.117,
        "LexemesCount": 1,
        "LexiconArn": arn,
        "Size": 503,
    }
    answers = {"ListLexicons": {"Lexicons": [{"Attributes": attributes, "Name": "example"}]}}
    row = replay("Ext::Polly::Lexicon", ACCOUNT, "us-east-1", answers).row
    assert (row["keys"], row["name"]) == ([arn, "example"], "example")


def test_mail_organization() -> None:
    """workmail/list-organizations, workmail/describe-organization, which shows no ARN."""
    known = "m-d281d0a2fd824be5b6cd3d3ce909fd27"
    answers = {
        "ListOrganizations": {
            "OrganizationSummaries": [
                {"OrganizationId": known, "Alias": "exampleAlias", "State": "Active"}
            ]
        },
        "DescribeOrganization": {
            "OrganizationId": known,
            "Alias": "alias",
            "State": "Active",
            "DirectoryId": "d-926726012c",
            "DirectoryType": "VpcDirectory",
            "DefaultMailDomain": "site.awsapps.com",
            "CompletedDate": 1522693605.468,
        },
    }
    seen = replay("Ext::WorkMail::Organization", ACCOUNT, "us-west-2", answers)
    assert (seen.row["resource_id"], seen.row["name"]) == (known, "alias")
    assert seen.links == {("uses", "Ext::DirectoryService::Directory", "d-926726012c", None)}
