"""Analytics, language and streaming services, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, role, tags
from tests.world import World

COMPREHEND = {"LanguageCode": "en", "Tags": [{"Key": "team", "Value": "ai"}]}


def test_classifier_and_recognizer(world: World) -> None:
    client = world.client("comprehend")
    access = role(world)
    made = client.create_document_classifier(
        DocumentClassifierName="mail", DataAccessRoleArn=access,
        InputDataConfig={"S3Uri": "s3://b/mail"}, **COMPREHEND,
    )["DocumentClassifierArn"]  # fmt: skip
    found = look(world, "AWS::Comprehend::DocumentClassifier")
    assert (found.row["keys"], found.row["name"]) == ([made], "mail")
    assert found.row["tags"] == {"team": "ai"}
    assert ("assumes", "AWS::IAM::Role", access, None) in found.links
    made = client.create_entity_recognizer(
        RecognizerName="parts", DataAccessRoleArn=access,
        InputDataConfig={"EntityTypes": [{"Type": "PART"}]}, **COMPREHEND,
    )["EntityRecognizerArn"]  # fmt: skip
    row = look(world, "AWS::Comprehend::EntityRecognizer").row
    assert (row["keys"], row["name"], row["tags"]) == ([made], "parts", {"team": "ai"})


def test_endpoint_and_flywheel_name_their_model(world: World) -> None:
    client = world.client("comprehend")
    model = arn(world, "comprehend", "document-classifier/mail/version/1")
    made = client.create_endpoint(
        EndpointName="mail", ModelArn=model, DesiredInferenceUnits=1, Tags=tags(team="ai")
    )["EndpointArn"]
    found = look(world, "Ext::Comprehend::Endpoint")
    assert found.row["keys"] == [made]
    assert found.links == {("uses", "AWS::Comprehend::DocumentClassifier", model, None)}
    made = client.create_flywheel(
        FlywheelName="wheel", ActiveModelArn=model, DataAccessRoleArn=role(world),
        DataLakeS3Uri="s3://b/wheel", Tags=tags(team="ai"),
    )["FlywheelArn"]  # fmt: skip
    row = look(world, "AWS::Comprehend::Flywheel").row
    assert (row["keys"], row["name"], row["tags"]) == ([made], "wheel", {"team": "ai"})


def test_dataset_recipe_ruleset_and_job_of_databrew(world: World) -> None:
    client = world.client("databrew")
    where = {"S3InputDefinition": {"Bucket": "raw", "Key": "a.csv"}}
    client.create_dataset(Name="raw", Input=where, Tags={"team": "data"})
    steps = [{"Action": {"Operation": "UPPER_CASE", "Parameters": {"value": "hunter2"}}}]
    client.create_recipe(Name="tidy", Steps=steps, Tags={"team": "data"})
    data = arn(world, "databrew", "dataset/raw")
    rules = [{"Name": "r", "CheckExpression": "x > 1"}]
    client.create_ruleset(Name="sane", TargetArn=data, Rules=rules, Tags={"team": "data"})
    client.create_profile_job(
        Name="look", DatasetName="raw", OutputLocation={"Bucket": "out"}, RoleArn=role(world),
        Tags={"team": "data"},
    )  # fmt: skip
    for kind, name in (
        ("Dataset", "raw"),
        ("Recipe", "tidy"),
        ("Ruleset", "sane"),
        ("Job", "look"),
    ):
        found = look(world, f"AWS::DataBrew::{kind}")
        assert found.row["keys"] == [arn(world, "databrew", f"{kind.lower()}/{name}"), name]
        assert found.row["tags"] == {"team": "data"}
        assert "hunter2" not in str(found.row["properties"])
    assert ("uses", "AWS::DataBrew::Dataset", "raw", None) in look(
        world, "AWS::DataBrew::Job"
    ).links


def test_pipeline_with_what_only_its_description_tells(world: World) -> None:
    client = world.client("datapipeline")
    known = client.create_pipeline(name="nightly", uniqueId="1", tags=[{"key": "a", "value": "b"}])
    row = look(world, "AWS::DataPipeline::Pipeline").row
    assert row["keys"] == [
        arn(world, "datapipeline", f"pipeline/{known['pipelineId']}"), known["pipelineId"]
    ]  # fmt: skip
    assert (row["name"], row["tags"]) == ("nightly", {"a": "b"})


def test_stream_application_without_its_environment(world: World) -> None:
    runs = role(world)
    properties = {"PropertyGroupId": "g", "PropertyMap": {"password": "hunter2"}}
    made = world.client("kinesisanalyticsv2").create_application(
        ApplicationName="counts", RuntimeEnvironment="FLINK-1_18", ServiceExecutionRole=runs,
        ApplicationConfiguration={"EnvironmentProperties": {"PropertyGroups": [properties]}},
        Tags=tags(team="data"),
    )["ApplicationDetail"]  # fmt: skip
    found = look(world, "AWS::KinesisAnalyticsV2::Application")
    assert found.row["keys"] == [made["ApplicationARN"], "counts"]
    assert found.row["tags"] == {"team": "data"}
    assert found.row["created_at"] is not None
    assert "hunter2" not in str(found.row["properties"])
    assert ("assumes", "AWS::IAM::Role", runs, None) in found.links


def test_virtual_cluster_until_it_is_terminated(world: World) -> None:
    client = world.client("emr-containers")
    known = client.create_virtual_cluster(
        name="spark",
        containerProvider={"id": "prod", "type": "EKS", "info": {"eksInfo": {"namespace": "x"}}},
        tags={"team": "data"},
    )["id"]
    found = look(world, "AWS::EMRContainers::VirtualCluster")
    assert found.row["keys"] == [found.row["arn"], known]
    assert (found.row["name"], found.row["tags"]) == ("spark", {"team": "data"})
    assert ("uses", "AWS::EKS::Cluster", "prod", None) in found.links
    client.delete_virtual_cluster(id=known)
    assert look(world, "AWS::EMRContainers::VirtualCluster").rows == []


def test_channel_of_interactive_video(world: World) -> None:
    made = world.client("ivs").create_channel(name="live", tags={"team": "media"})["channel"]
    row = look(world, "AWS::IVS::Channel").row
    assert (row["keys"], row["name"], row["tags"]) == ([made["arn"]], "live", {"team": "media"})
