"""AWS IoT, read from AWS's own examples.

Each answer is the one that the AWS CLI's reference shows, by the name of its page at
https://docs.aws.amazon.com/cli/latest/reference/SERVICE/OPERATION.html#examples.
"""

from __future__ import annotations

from tests.catalog.replay import replay

ACCOUNT, REGION = "123456789012", "us-west-2"
IOT = f"arn:aws:iot:{REGION}:{ACCOUNT}"


def test_policy() -> None:
    """iot/list-policies, iot/get-policy."""
    name = "UpdateDeviceCertPolicy"
    answer = {"policyName": name, "policyArn": f"{IOT}:policy/{name}"}
    row = replay("AWS::IoT::Policy", ACCOUNT, REGION, {"ListPolicies": {"policies": [answer]}}).row
    assert (row["keys"], row["name"]) == ([f"{IOT}:policy/{name}", name], name)


def test_rule_keeps_the_targets_of_its_actions_only() -> None:
    """iot/list-topic-rules, iot/get-topic-rule."""
    name = "MyRPiLowMoistureAlertRule"
    rule = {
        "ruleArn": f"{IOT}:rule/{name}",
        "ruleName": name,
        "topicPattern": "$aws/things/MyRPi/shadow/update/accepted",
        "createdAt": 1558624363.0,
        "ruleDisabled": False,
    }
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:MyRPiLowMoistureTopic"
    acts = f"arn:aws:iam::{ACCOUNT}:role/service-role/MyRPiLowMoistureTopicRole"
    sql = "SELECT * FROM '$aws/things/MyRPi/shadow/update/accepted'"
    told = {
        "ruleName": name,
        "sql": sql,
        "createdAt": 1558624363.0,
        "actions": [{"sns": {"targetArn": topic, "roleArn": acts, "messageFormat": "RAW"}}],
        "ruleDisabled": False,
        "awsIotSqlVersion": "2016-03-23",
    }
    seen = replay(
        "AWS::IoT::TopicRule",
        ACCOUNT,
        REGION,
        {
            "ListTopicRules": {"rules": [rule]},
            "GetTopicRule": {"ruleArn": rule["ruleArn"], "rule": told},
        },
    )
    assert seen.row["keys"] == [f"{IOT}:rule/{name}", name]
    assert seen.row["created_at"].year == 2019
    assert "actions" not in seen.row["properties"]
    assert seen.links == {
        ("assumes", "AWS::IAM::Role", acts, None),
        ("notifies", "AWS::SNS::Topic", topic, None),
    }


def test_endpoints_that_every_account_has_are_default() -> None:
    """iot/list-domain-configurations."""
    arns = {
        "additionalDataDomain": f"{IOT}:domainconfiguration/additionalDataDomain/dikMh",
        "iot:Jobs": f"{IOT}:domainconfiguration/iot:Jobs",
        "iot:Data-ATS": f"{IOT}:domainconfiguration/iot:Data-ATS",
        "iot:CredentialProvider": f"{IOT}:domainconfiguration/iot:CredentialProvider",
    }
    answer = [
        {"domainConfigurationName": name, "domainConfigurationArn": arn}
        for name, arn in arns.items()
    ]
    seen = replay(
        "AWS::IoT::DomainConfiguration",
        ACCOUNT,
        REGION,
        {"ListDomainConfigurations": {"domainConfigurations": answer}},
    )
    rules = {row["name"]: row["default_rule"] for row in seen.rows}
    own = {name for name, rule in rules.items() if rule is None}
    assert own == {"additionalDataDomain"}
    assert set(rules.values()) == {None, "A18"}
    name = "additionalDataDomain"
    assert seen.named(name)["keys"] == [arns[name], name]


def test_provisioning_template() -> None:
    """iot/list-provisioning-templates."""
    arn = f"arn:aws:iot:us-east-1:{ACCOUNT}:provisioningtemplate/widget-template"
    answer = {
        "templateArn": arn,
        "templateName": "widget-template",
        "description": "A provisioning template for widgets",
        "creationDate": 1574800471.367,
        "lastModifiedDate": 1574801192.324,
        "enabled": False,
    }
    row = replay(
        "AWS::IoT::ProvisioningTemplate",
        ACCOUNT,
        "us-east-1",
        {"ListProvisioningTemplates": {"templates": [answer]}},
    ).row
    assert row["keys"] == [arn, "widget-template"]
    assert row["created_at"].year == 2019


def test_authorizer() -> None:
    """iot/list-authorizers."""
    arn = f"{IOT}:authorizer/CustomAuthorizer"
    answer = {"authorizerName": "CustomAuthorizer", "authorizerArn": arn}
    row = replay(
        "AWS::IoT::Authorizer", ACCOUNT, REGION, {"ListAuthorizers": {"authorizers": [answer]}}
    ).row
    assert row["keys"] == [arn, "CustomAuthorizer"]


def test_thing_group() -> None:
    """iot/list-thing-groups."""
    arn = f"{IOT}:thinggroup/HalogenBulbs"
    answer = {"groupName": "HalogenBulbs", "groupArn": arn}
    row = replay(
        "AWS::IoT::ThingGroup", ACCOUNT, REGION, {"ListThingGroups": {"thingGroups": [answer]}}
    ).row
    assert row["keys"] == [arn, "HalogenBulbs"]


def test_billing_group() -> None:
    """iot/list-billing-groups."""
    arn = f"{IOT}:billinggroup/GroupOne"
    answer = {"groupName": "GroupOne", "groupArn": arn}
    row = replay(
        "AWS::IoT::BillingGroup",
        ACCOUNT,
        REGION,
        {"ListBillingGroups": {"billingGroups": [answer]}},
    ).row
    assert row["keys"] == [arn, "GroupOne"]


def test_security_profile() -> None:
    """iot/list-security-profiles."""
    arn = f"{IOT}:securityprofile/Testprofile"
    row = replay(
        "AWS::IoT::SecurityProfile",
        ACCOUNT,
        REGION,
        {
            "ListSecurityProfiles": {
                "securityProfileIdentifiers": [{"name": "Testprofile", "arn": arn}]
            }
        },
    ).row
    assert row["keys"] == [arn, "Testprofile"]


def test_rule_destination_without_its_address() -> None:
    """iot/list-topic-rule-destinations."""
    arn = f"{IOT}:ruledestination/http/a1b2c3d4-5678-90ab-cdef-11111EXAMPLE"
    answer = {
        "arn": arn,
        "status": "ENABLED",
        "httpUrlSummary": {"confirmationUrl": "https://example.com"},
    }
    row = replay(
        "AWS::IoT::TopicRuleDestination",
        ACCOUNT,
        REGION,
        {"ListTopicRuleDestinations": {"destinationSummaries": [answer]}},
    ).row
    assert row["keys"] == [arn]
    assert "example.com" not in str(row["properties"])
