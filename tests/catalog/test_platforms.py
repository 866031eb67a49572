"""Beanstalk, MSK, MQ, Transfer, AppSync, Cloud Map and SES, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network, tags
from tests.catalog.reading import owned
from tests.world import World


def test_beanstalk_application_and_environment(world: World) -> None:
    client = world.client("elasticbeanstalk")
    client.create_application(ApplicationName="web")
    made = client.create_environment(
        ApplicationName="web", EnvironmentName="live", Tags=tags(team="shop"),
        SolutionStackName="64bit Amazon Linux 2 v5.8.0 running Node.js 18",
    )  # fmt: skip
    application = look(world, "AWS::ElasticBeanstalk::Application").row
    assert application["keys"] == [arn(world, "elasticbeanstalk", "application/web"), "web"]
    found = look(world, "AWS::ElasticBeanstalk::Environment")
    assert found.row["keys"] == [made["EnvironmentArn"], "live"]
    assert found.row["tags"] == {"team": "shop"}
    assert ("member_of", "AWS::ElasticBeanstalk::Application", "web", None) in found.links


def test_kafka_clusters_of_both_kinds(world: World) -> None:
    place = network(world)
    kafka = world.client("kafka")
    kafka.create_cluster(
        ClusterName="events", KafkaVersion="3.5.1", NumberOfBrokerNodes=2,
        BrokerNodeGroupInfo={
            "InstanceType": "kafka.m5.large", "ClientSubnets": place.subnets,
            "SecurityGroups": [place.group],
        },
        Tags={"team": "data"},
    )  # fmt: skip
    kafka.create_cluster_v2(
        ClusterName="serverless", Serverless={"VpcConfigs": [{"SubnetIds": place.subnets}]}
    )
    found = look(world, "AWS::MSK::Cluster")
    assert [row["name"] for row in found.rows] == ["events", "serverless"]
    events = found.named("events")
    assert events["keys"] == [events["arn"]]
    assert events["tags"] == {"team": "data"}
    assert events["created_at"] is not None
    assert ("attached_to", "AWS::EC2::SecurityGroup", place.group, None) in found.links


def test_broker_and_its_configuration(world: World) -> None:
    mq = world.client("mq")
    config = mq.create_configuration(
        EngineType="ACTIVEMQ", EngineVersion="5.16.3", Name="tuned", Tags={"team": "shop"}
    )
    broker = mq.create_broker(
        AutoMinorVersionUpgrade=False, BrokerName="jobs", DeploymentMode="SINGLE_INSTANCE",
        EngineType="ACTIVEMQ", EngineVersion="5.16.3", HostInstanceType="mq.t2.micro",
        PubliclyAccessible=True, Tags={"team": "shop"},
        Users=[{"Username": "root", "Password": "hunter2hunter2"}],
    )  # fmt: skip
    found = look(world, "AWS::AmazonMQ::Broker").row
    assert found["keys"] == [broker["BrokerArn"], broker["BrokerId"]]
    assert found["tags"] == {"team": "shop"}
    assert "hunter2" not in str(found["properties"])
    tuned = look(world, "AWS::AmazonMQ::Configuration").named("tuned")
    assert tuned["keys"] == [config["Arn"], config["Id"]]


def test_transfer_server(world: World) -> None:
    made = world.client("transfer").create_server(Tags=tags(Name="uploads"))["ServerId"]
    found = look(world, "AWS::Transfer::Server").row
    assert found["keys"] == [arn(world, "transfer", f"server/{made}"), made]
    assert found["name"] == "uploads"


def test_graphql_api(world: World) -> None:
    made = world.client("appsync").create_graphql_api(
        name="shop", authenticationType="API_KEY", tags={"team": "shop"}
    )["graphqlApi"]
    found = look(world, "AWS::AppSync::GraphQLApi").row
    assert found["keys"] == [made["arn"], made["apiId"]]
    assert found["tags"] == {"team": "shop"}


def test_event_api(world: World) -> None:
    modes = [{"authType": "API_KEY"}]
    config = {
        "authProviders": modes, "connectionAuthModes": modes, "defaultPublishAuthModes": modes,
        "defaultSubscribeAuthModes": modes,
    }  # fmt: skip
    made = world.client("appsync").create_api(name="events", eventConfig=config)["api"]
    assert look(world, "AWS::AppSync::Api").row["keys"] == [made["apiArn"], made["apiId"]]


def test_namespaces_are_three_types_and_private_ones_own_their_zone(world: World) -> None:
    place = network(world)
    client = world.client("servicediscovery")
    client.create_http_namespace(Name="shop", Tags=tags(team="shop"))
    client.create_private_dns_namespace(Name="inner.example", Vpc=place.vpc)
    client.create_public_dns_namespace(Name="outer.example")
    http = look(world, "AWS::ServiceDiscovery::HttpNamespace").row
    assert http["keys"] == [
        arn(world, "servicediscovery", f"namespace/{http['resource_id']}"), http["resource_id"]
    ]  # fmt: skip
    assert http["name"] == "shop"
    assert http["tags"] == {"team": "shop"}
    private = look(world, "AWS::ServiceDiscovery::PrivateDnsNamespace").row
    zone = client.get_namespace(Id=private["resource_id"])["Namespace"]["Properties"][
        "DnsProperties"
    ]["HostedZoneId"]
    store = world.collect("AWS::ServiceDiscovery::PrivateDnsNamespace")
    owns = ("N38", "target", "AWS::Route53::HostedZone", zone.removeprefix("/hostedzone/"))
    assert owned(store, private["arn"]) == {owns}
    public = look(world, "AWS::ServiceDiscovery::PublicDnsNamespace").row
    assert public["name"] == "outer.example"


def test_cloud_map_service(world: World) -> None:
    client = world.client("servicediscovery")
    client.create_http_namespace(Name="shop")
    namespace = client.list_namespaces()["Namespaces"][0]["Id"]
    made = client.create_service(Name="cart", NamespaceId=namespace, Tags=tags(a="b"))["Service"]
    found = look(world, "AWS::ServiceDiscovery::Service").row
    assert found["keys"] == [made["Arn"], made["Id"]]
    assert found["tags"] == {"a": "b"}


def test_mail_identity_and_configuration_set(world: World) -> None:
    client = world.client("sesv2")
    client.create_email_identity(EmailIdentity="shop.example")
    client.create_configuration_set(ConfigurationSetName="bulk")
    found = look(world, "AWS::SES::EmailIdentity").row
    assert found["keys"] == [arn(world, "ses", "identity/shop.example"), "shop.example"]
    config = look(world, "AWS::SES::ConfigurationSet").row
    assert config["keys"] == [arn(world, "ses", "configuration-set/bulk"), "bulk"]


def test_receipt_rule_set(world: World) -> None:
    world.client("ses").create_receipt_rule_set(RuleSetName="inbound")
    found = look(world, "AWS::SES::ReceiptRuleSet").row
    assert found["keys"] == [arn(world, "ses", "receipt-rule-set/inbound"), "inbound"]
