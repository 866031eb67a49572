"""Types that the emulator lacks, read from AWS's own examples.

Each answer is the one that the AWS CLI's reference shows, by the name of its page at
https://docs.aws.amazon.com/cli/latest/reference/SERVICE/OPERATION.html#examples.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from tests.catalog.replay import Answers, replay


def test_analyzer() -> None:
    """accessanalyzer/list-analyzers."""
    arn = "arn:aws:access-analyzer:us-west-2:111122223333:analyzer/ConsoleAnalyzer-account"
    answer = {
        "arn": arn,
        "createdAt": "2019-12-03T07:28:17+00:00",
        "lastResourceAnalyzed": "arn:aws:sns:us-west-2:111122223333:config-topic",
        "lastResourceAnalyzedAt": "2024-02-15T18:01:53.003000+00:00",
        "name": "ConsoleAnalyzer-account",
        "status": "ACTIVE",
        "tags": {"auto-delete": "no"},
        "type": "ACCOUNT",
    }
    row = replay(
        "AWS::AccessAnalyzer::Analyzer",
        "111122223333",
        "us-west-2",
        {"ListAnalyzers": {"analyzers": [answer]}},
    ).row
    assert row["keys"] == [arn, "ConsoleAnalyzer-account"]
    assert row["tags"] == {"auto-delete": "no"}
    assert str(row["created_at"]) == "2019-12-03 07:28:17"


def test_metric_stream() -> None:
    """cloudwatch/list-metric-streams."""
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:metric-stream/QuickFull-GuaFbs"
    to = "arn:aws:firehose:us-east-1:123456789012:deliverystream/MetricStreams-QuickFull-GuaFbs"
    answer = {
        "Arn": arn,
        "CreationDate": "2024-10-11T18:48:59.187000+00:00",
        "LastUpdateDate": "2024-10-11T18:48:59.187000+00:00",
        "Name": "QuickFull-GuaFbs",
        "FirehoseArn": f"{to}-WnySbECG",
        "State": "running",
        "OutputFormat": "json",
    }
    seen = replay(
        "AWS::CloudWatch::MetricStream",
        "123456789012",
        "us-east-1",
        {"ListMetricStreams": {"Entries": [answer]}},
    )
    assert seen.row["keys"] == [arn, "QuickFull-GuaFbs"]
    target = "AWS::KinesisFirehose::DeliveryStream"
    assert seen.links == {("delivers_to", target, f"{to}-WnySbECG", None)}


def test_association() -> None:
    """ssm/list-associations."""
    answer = {
        "Name": "AWS-UpdateSSMAgent",
        "InstanceId": "i-1234567890abcdef0",
        "AssociationId": "8dfe3659-4309-493a-8755-0123456789ab",
        "AssociationVersion": "1",
        "Targets": [{"Key": "InstanceIds", "Values": ["i-016648b75dd622dab"]}],
        "ScheduleExpression": "cron(0 00 12 ? * SUN *)",
        "AssociationName": "UpdateSSMAgent",
    }
    seen = replay(
        "AWS::SSM::Association",
        "123456789012",
        "us-east-1",
        {"ListAssociations": {"Associations": [answer]}},
    )
    known = "8dfe3659-4309-493a-8755-0123456789ab"
    arn = f"arn:aws:ssm:us-east-1:123456789012:association/{known}"
    assert (seen.row["keys"], seen.row["name"]) == ([arn, known], "UpdateSSMAgent")
    assert seen.links == {("uses", "AWS::SSM::Document", "AWS-UpdateSSMAgent", None)}


def test_resource_data_sync() -> None:
    """ssm/list-resource-data-sync."""
    answer = {
        "SyncName": "MyResourceDataSync",
        "S3Destination": {
            "BucketName": "ssm-resource-data-sync",
            "SyncFormat": "JsonSerDe",
            "Region": "us-east-1",
        },
        "LastSyncTime": 1550261472.003,
        "LastStatus": "Successful",
        "SyncCreatedTime": 1543235736.72,
    }
    seen = replay(
        "AWS::SSM::ResourceDataSync",
        "123456789012",
        "us-east-1",
        {"ListResourceDataSync": {"ResourceDataSyncItems": [answer]}},
    )
    assert seen.row["resource_id"] == "MyResourceDataSync"
    assert seen.row["created_at"].year == 2018
    assert seen.links == {("delivers_to", "AWS::S3::Bucket", "ssm-resource-data-sync", None)}


def test_tracing_group() -> None:
    """xray/get-groups."""
    arn = "arn:aws:xray:us-west-2:123456789012:group/AdminGroup/123456789"
    answer = {"GroupName": "AdminGroup", "GroupARN": arn, "FilterExpression": "responsetime > 2"}
    row = replay(
        "AWS::XRay::Group", "123456789012", "us-west-2", {"GetGroups": {"Groups": [answer]}}
    ).row
    assert (row["keys"], row["name"], row["default_rule"]) == ([arn], "AdminGroup", None)


def test_sampling_rules_but_the_first_are_ones_own() -> None:
    """xray/get-sampling-rules."""
    common = {
        "ResourceARN": "*",
        "FixedRate": 0.01,
        "ReservoirSize": 0,
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "*",
        "URLPath": "*",
        "Version": 1,
        "Attributes": {},
    }
    records = [
        {
            "SamplingRule": {
                "RuleName": name,
                "RuleARN": f"arn:aws:xray:us-east-1::sampling-rule/{name}",
                "Priority": priority,
                "ServiceName": service,
                **common,
            },
            "CreatedAt": created,
            "ModifiedAt": 1530558121.0,
        }
        for name, priority, service, created in (
            ("Default", 10000, "*", 0.0),
            ("base-scorekeep", 9000, "Scorekeep", 1530573954.0),
        )
    ]
    seen = replay(
        "AWS::XRay::SamplingRule",
        "123456789012",
        "us-east-1",
        {"GetSamplingRules": {"SamplingRuleRecords": records}},
    )
    assert seen.named("Default")["default_rule"] == "L17"
    own = seen.named("base-scorekeep")
    assert own["arn"] == "arn:aws:xray:us-east-1:123456789012:sampling-rule/base-scorekeep"
    assert (own["default_rule"], own["created_at"].year) == (None, 2018)


def test_sink_and_link() -> None:
    """oam/list-sinks, oam/list-links, oam/list-tags-for-resource."""
    sink = "arn:aws:oam:us-east-2:123456789012:sink/a1b2c3d4-5678-90ab-cdef-example12345"
    link = "arn:aws:oam:us-east-2:123456789111:link/a1b2c3d4-5678-90ab-cdef-example11111"
    tags = {"ListTagsForResource": {"Tags": {"Team": "Devops"}}}
    known = {"Arn": sink, "Id": "a1b2c3d4-5678-90ab-cdef-example12345", "Name": "DemoSink"}
    row = replay(
        "AWS::Oam::Sink", "123456789012", "us-east-2", {"ListSinks": {"Items": [known]}, **tags}
    ).row
    assert (row["keys"], row["name"], row["tags"]) == ([sink], "DemoSink", {"Team": "Devops"})
    joined = {
        "Arn": link,
        "Id": "a1b2c3d4-5678-90ab-cdef-example11111",
        "Label": "sourceAccount",
        "ResourceTypes": ["AWS::CloudWatch::Metric"],
        "SinkArn": sink,
    }
    seen = replay(
        "AWS::Oam::Link", "123456789111", "us-east-2", {"ListLinks": {"Items": [joined]}, **tags}
    )
    assert seen.row["keys"] == [link]
    assert seen.links == {("delivers_to", "AWS::Oam::Sink", sink, None)}


def test_trusted_addresses_hang_on_their_detector() -> None:
    """guardduty/list-detectors, get-detector, list-ip-sets, get-ip-set."""
    seen = replay("AWS::GuardDuty::IPSet", "123456789012", "us-east-1", TRUSTED)
    detector = "arn:aws:guardduty:us-east-1:123456789012:detector/12abc34d567e8fa901bc2d34e"
    known = "d4b94fc952d6912b8f3060768example"
    assert seen.row["keys"] == [
        f"{detector}example/ipset/{known}",
        f"12abc34d567e8fa901bc2d34eexample:{known}",
        known,
    ]
    assert seen.row["name"] == "test-ip-set-example"
    assert seen.links == {("contains", "AWS::GuardDuty::Detector", f"{detector}example", "self")}


def test_a_member_shows_neither_its_administrators_addresses_nor_a_stray_detector() -> None:
    """As above, with the administrator of guardduty/get-master-account."""
    administrator = {"AccountId": "111122223333", "RelationshipStatus": "Enabled"}
    answers = {**TRUSTED, "GetAdministratorAccount": {"Administrator": administrator}}
    assert replay("AWS::GuardDuty::IPSet", "123456789012", "us-east-1", answers).rows == []
    detector = replay("AWS::GuardDuty::Detector", "123456789012", "us-east-1", answers).row
    assert detector["default_rule"] == "L24"


TRUSTED: Answers = {
    "ListDetectors": {"DetectorIds": ["12abc34d567e8fa901bc2d34eexample"]},
    "GetDetector": {
        "Status": "ENABLED",
        "ServiceRole": "arn:aws:iam::111122223333:role/aws-service-role/guardduty.amazonaws.com/"
        "AWSServiceRoleForAmazonGuardDuty",
        "Tags": {},
        "FindingPublishingFrequency": "SIX_HOURS",
        "UpdatedAt": "2018-11-07T03:24:22.938Z",
        "CreatedAt": "2017-12-22T22:51:31.940Z",
    },
    "ListIPSets": {"IpSetIds": ["d4b94fc952d6912b8f3060768example"]},
    "GetIPSet": {
        "Status": "ACTIVE",
        "Location": "s3://amzn-s3-demo-bucket.s3-us-west-2.amazonaws.com/customlist.csv",
        "Tags": {},
        "Format": "TXT",
        "Name": "test-ip-set-example",
    },
}


def test_service_specific_credential_hangs_on_its_user() -> None:
    """iam/list-service-specific-credentials, iam/get-account-authorization-details."""
    user = "arn:aws:iam::123456789012:user/developer"
    details = {"Path": "/", "UserName": "developer", "UserId": "AIDA1234567890EXAMPLE", "Arn": user}
    answer = {
        "UserName": "developer",
        "Status": "Active",
        "ServiceUserName": "developer+1-at-123456789012",
        "CreateDate": "2019-10-01T04:31:45Z",
        "ServiceSpecificCredentialId": "ACCAQFOXMPL6VW57M7AJP",
        "ServiceName": "codecommit.amazonaws.com",
    }
    seen = replay(
        "Ext::IAM::ServiceSpecificCredential",
        "123456789012",
        "us-east-1",
        {
            "GetAccountAuthorizationDetails": {"UserDetailList": [details]},
            "ListServiceSpecificCredentials": {"ServiceSpecificCredentials": [answer]},
        },
    )
    terraform_id = "codecommit.amazonaws.com:developer:ACCAQFOXMPL6VW57M7AJP"
    assert seen.row["terraform_id"] == terraform_id
    assert "ACCAQFOXMPL6VW57M7AJP" in seen.row["keys"]
    assert seen.links == {("contains", "AWS::IAM::User", user, "self")}


def test_key_of_aws_is_default() -> None:
    """kms/list-keys, kms/describe-key (its first example)."""
    arn = "arn:aws:kms:us-west-2:846764612917:key/b8a9477d-836c-491f-857e-07937918959b"
    key = {
        "AWSAccountId": "846764612917",
        "KeyId": "b8a9477d-836c-491f-857e-07937918959b",
        "Arn": arn,
        "CreationDate": "2017-06-30T21:44:32.140000+00:00",
        "Enabled": True,
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "AWS",
    }
    listed = {"KeyArn": arn, "KeyId": key["KeyId"]}
    row = replay(
        "AWS::KMS::Key",
        "846764612917",
        "us-west-2",
        {"ListKeys": {"Keys": [listed]}, "DescribeKey": {"KeyMetadata": key}},
    ).row
    assert (row["arn"], row["default_rule"]) == (arn, "K1")


def test_signing_certificate_hangs_on_its_user() -> None:
    """iam/list-signing-certificates, iam/get-account-authorization-details."""
    user = "arn:aws:iam::123456789012:user/Bob"
    details = {"Path": "/", "UserName": "Bob", "UserId": "AIDA1234567890EXAMPLE", "Arn": user}
    known = "TA7SMP42TDN5Z26OBPJE7EXAMPLE"
    answer = {
        "UserName": "Bob",
        "CertificateId": known,
        "CertificateBody": "-----BEGIN CERTIFICATE-----<certificate-body>",
        "Status": "Active",
        "UploadDate": "2013-06-06T21:40:08Z",
    }
    row = replay(
        "Ext::IAM::SigningCertificate",
        "123456789012",
        "us-east-1",
        {
            "GetAccountAuthorizationDetails": {"UserDetailList": [details]},
            "ListSigningCertificates": {"Certificates": [answer]},
        },
    ).row
    assert row["keys"] == [f"{user}|signing-certificate|{known}", f"{known}:Bob", known]
    assert "CertificateBody" not in row["properties"]


def test_roles_are_listed_the_dear_way_where_the_cheap_call_is_denied() -> None:
    """iam/list-roles, list-role-policies, list-attached-role-policies, list-role-tags."""
    role = "arn:aws:iam::123456789012:role/ExampleRole"
    policy = "arn:aws:iam::aws:policy/SecurityAudit"
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "GetAccountAuthorizationDetails")
    answers: Answers = {
        "GetAccountAuthorizationDetails": denied,
        "ListRoles": {
            "Roles": [
                {
                    "Path": "/",
                    "RoleName": "ExampleRole",
                    "RoleId": "AROAJ52OTH4H7LEXAMPLE",
                    "Arn": role,
                    "CreateDate": "2017-09-12T19:23:36+00:00",
                }
            ]
        },
        "ListRolePolicies": {"PolicyNames": ["ExamplePolicy"]},
        "ListAttachedRolePolicies": {
            "AttachedPolicies": [{"PolicyName": "SecurityAudit", "PolicyArn": policy}]
        },
        "ListRoleTags": {"Tags": [{"Key": "Department", "Value": "Accounting"}]},
    }
    row = replay("AWS::IAM::Role", "123456789012", "us-east-1", answers).row
    assert (row["arn"], row["tags"]) == (role, {"Department": "Accounting"})
    inline = replay("AWS::IAM::RolePolicy", "123456789012", "us-east-1", answers).row
    assert "ExampleRole:ExamplePolicy" in inline["keys"]
    attached = replay("Ext::IAM::RolePolicyAttachment", "123456789012", "us-east-1", answers).row
    assert f"ExampleRole|{policy}" in attached["keys"]
