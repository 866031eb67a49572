"""Image Builder, CodeArtifact, GameLift, IVS and Direct Connect, from AWS's own examples.

Each answer is the one that the AWS CLI's reference shows, by the name of its page at
https://docs.aws.amazon.com/cli/latest/reference/SERVICE/OPERATION.html#examples.
"""

from __future__ import annotations

from tests.catalog.replay import replay

ACCOUNT, REGION = "123456789012", "us-west-2"
BUILDER = f"arn:aws:imagebuilder:{REGION}:{ACCOUNT}"
CREATED = "2026-09-09T19:52:05.146Z"


def test_pipeline_names_what_it_is_made_of() -> None:
    """imagebuilder/list-image-pipelines."""
    arn = f"{BUILDER}:image-pipeline/my-example-pipeline"
    recipe = f"{BUILDER}:image-recipe/my-example-recipe/1.0.0"
    place = f"{BUILDER}:infrastructure-configuration/my-example-infrastructure"
    answer = {
        "arn": arn,
        "name": "my-example-pipeline",
        "platform": "Linux",
        "imageRecipeArn": recipe,
        "infrastructureConfigurationArn": place,
        "status": "ENABLED",
        "dateCreated": CREATED,
        "tags": {},
    }
    seen = replay(
        "AWS::ImageBuilder::ImagePipeline",
        ACCOUNT,
        REGION,
        {"ListImagePipelines": {"imagePipelineList": [answer]}},
    )
    assert (seen.row["keys"], seen.row["name"]) == ([arn], "my-example-pipeline")
    assert seen.row["created_at"].year == 2026
    assert seen.links == {
        ("uses", "AWS::ImageBuilder::ImageRecipe", recipe, None),
        ("uses", "AWS::ImageBuilder::InfrastructureConfiguration", place, None),
    }


def test_component_is_its_version_and_terraform_names_a_build_of_it() -> None:
    """imagebuilder/list-components, imagebuilder/list-component-build-versions."""
    arn = f"{BUILDER}:component/my-example-component/1.0.0"
    listed = {
        "arn": arn,
        "name": "my-example-component",
        "version": "1.0.0",
        "type": "BUILD",
        "owner": ACCOUNT,
        "dateCreated": "2026-09-09T18:31:49.661Z",
    }
    build = {"arn": f"{arn}/1", "version": "1.0.0", "tags": {"KeyName": "KeyValue"}}
    row = replay(
        "AWS::ImageBuilder::Component",
        ACCOUNT,
        REGION,
        {
            "ListComponents": {"componentVersionList": [listed]},
            "ListComponentBuildVersions": {"componentSummaryList": [build]},
        },
    ).row
    assert row["arn"] == arn
    assert (row["terraform_id"], row["tags"]) == (f"{arn}/1", {"KeyName": "KeyValue"})


def test_image_is_owned_by_the_pipeline_that_built_it() -> None:
    """imagebuilder/list-images, imagebuilder/get-image."""
    arn = f"{BUILDER}:image/my-example-recipe/1.0.0"
    pipeline = f"{BUILDER}:image-pipeline/my-example-pipeline"
    listed = {
        "arn": arn,
        "name": "MyBasicRecipe",
        "owner": ACCOUNT,
        "dateCreated": "2020-02-14T21:29:18.810Z",
    }
    told = {
        "arn": f"{arn}/1",
        "type": "AMI",
        "name": "my-example-recipe",
        "sourcePipelineArn": pipeline,
        "dateCreated": "2026-09-03T05:44:21.121Z",
        "tags": {},
    }
    seen = replay(
        "AWS::ImageBuilder::Image",
        ACCOUNT,
        REGION,
        {"ListImages": {"imageVersionList": [listed]}, "GetImage": {"image": told}},
    )
    assert (seen.row["arn"], seen.row["terraform_id"]) == (arn, f"{arn}/1")
    assert ("owns", "AWS::ImageBuilder::ImagePipeline", pipeline, "self") in seen.links


def test_recipe_and_configurations() -> None:
    """imagebuilder/list-image-recipes, list-infrastructure-configurations and the like."""
    recipe = {
        "arn": f"{BUILDER}:image-recipe/my-example-linux-recipe/1.0.0",
        "name": "my-example-linux-recipe",
        "platform": "Linux",
        "owner": ACCOUNT,
        "dateCreated": "2026-09-09T19:30:33.064Z",
        "tags": {},
    }
    place = {
        "arn": f"{BUILDER}:infrastructure-configuration/myexampleinfrastructure",
        "name": "MyExampleInfrastructure",
        "dateCreated": "2020-02-19T19:11:51.858Z",
        "tags": {"KeyName": "KeyValue"},
    }
    share = {
        "arn": f"{BUILDER}:distribution-configuration/myexampledistribution",
        "name": "MyExampleDistribution",
        "dateCreated": "2020-02-19T18:40:10.529Z",
        "tags": {"KeyName": "KeyValue"},
    }
    answers = {
        "ListImageRecipes": {"imageRecipeSummaryList": [recipe]},
        "ListInfrastructureConfigurations": {"infrastructureConfigurationSummaryList": [place]},
        "ListDistributionConfigurations": {"distributionConfigurationSummaryList": [share]},
    }
    row = replay("AWS::ImageBuilder::ImageRecipe", ACCOUNT, REGION, answers).row
    assert (row["keys"], row["tags"]) == ([recipe["arn"]], {})
    row = replay("AWS::ImageBuilder::InfrastructureConfiguration", ACCOUNT, REGION, answers).row
    assert (row["keys"], row["tags"]) == ([place["arn"]], {"KeyName": "KeyValue"})
    row = replay("AWS::ImageBuilder::DistributionConfiguration", ACCOUNT, REGION, answers).row
    assert (row["keys"], row["tags"]) == ([share["arn"]], {"KeyName": "KeyValue"})


def test_package_domain_that_is_listed_without_its_arn() -> None:
    """codeartifact/list-domains."""
    key = f"arn:aws:kms:{REGION}:111122223333:key/a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"
    answer = {
        "name": "my-domain",
        "owner": "111122223333",
        "status": "Active",
        "encryptionKey": key,
    }
    seen = replay(
        "AWS::CodeArtifact::Domain", "111122223333", REGION, {"ListDomains": {"domains": [answer]}}
    )
    arn = f"arn:aws:codeartifact:{REGION}:111122223333:domain/my-domain"
    assert seen.row["keys"] == [arn, "my-domain"]
    assert seen.row["terraform_id"] == arn
    assert seen.links == {("encrypted_by", "AWS::KMS::Key", key, None)}


def test_package_repository_in_its_domain() -> None:
    """codeartifact/list-repositories."""
    start = f"arn:aws:codeartifact:{REGION}:111122223333"
    answer = {
        "name": "npm-store",
        "administratorAccount": "111122223333",
        "domainName": "my-domain",
        "domainOwner": "111122223333",
        "arn": f"{start}:repository/my-domain/npm-store",
        "description": "Provides npm artifacts from npm, Inc.",
    }
    seen = replay(
        "AWS::CodeArtifact::Repository",
        "111122223333",
        REGION,
        {"ListRepositories": {"repositories": [answer]}},
    )
    assert seen.row["keys"] == [answer["arn"]]
    domain = f"{start}:domain/my-domain"
    assert seen.links == {("member_of", "AWS::CodeArtifact::Domain", domain, None)}


def test_fleet_without_its_launch_parameters() -> None:
    """gamelift/describe-fleet-attributes."""
    known = "fleet-a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"
    build = "build-a1b2c3d4-5678-90ab-cdef-EXAMPLE33333"
    answer = {
        "FleetId": known,
        "FleetArn": f"arn:aws:gamelift:{REGION}::fleet/{known}",
        "FleetType": "ON_DEMAND",
        "InstanceType": "c4.large",
        "Name": "MegaFrogRaceServer.NA.v2-od",
        "CreationTime": 1568836191.995,
        "Status": "ACTIVE",
        "BuildId": build,
        "BuildArn": f"arn:aws:gamelift:{REGION}::build/{build}",
        "ServerLaunchParameters": "+gamelift_start_server",
        "OperatingSystem": "WINDOWS_2012",
    }
    seen = replay(
        "AWS::GameLift::Fleet",
        ACCOUNT,
        REGION,
        {"DescribeFleetAttributes": {"FleetAttributes": [answer]}},
    )
    assert seen.row["keys"] == [answer["FleetArn"], known]
    assert seen.row["created_at"].year == 2019
    assert "ServerLaunchParameters" not in seen.row["properties"]
    assert seen.links == {("uses", "AWS::GameLift::Build", build, None)}


def test_build_and_queue() -> None:
    """gamelift/list-builds, gamelift/describe-game-session-queues."""
    known = "build-a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"
    build = {
        "BuildArn": f"arn:aws:gamelift:{REGION}::build/{known}",
        "BuildId": known,
        "CreationTime": 1495664528.723,
        "Name": "My_Game_Server_Build_One",
        "Status": "READY",
    }
    row = replay("AWS::GameLift::Build", ACCOUNT, REGION, {"ListBuilds": {"Builds": [build]}}).row
    assert (row["keys"], row["name"]) == ([build["BuildArn"], known], build["Name"])
    arn = f"arn:aws:gamelift:{REGION}::gamesessionqueue/MegaFrogRace-NA"
    queue = {"Name": "MegaFrogRace-NA", "TimeoutInSeconds": 600, "GameSessionQueueArn": arn}
    row = replay(
        "AWS::GameLift::GameSessionQueue",
        ACCOUNT,
        REGION,
        {"DescribeGameSessionQueues": {"GameSessionQueues": [queue]}},
    ).row
    assert row["arn"] == f"arn:aws:gamelift:{REGION}:{ACCOUNT}:gamesessionqueue/MegaFrogRace-NA"
    assert row["keys"][1:] == ["MegaFrogRace-NA", arn]


def test_recordings_and_keys_of_interactive_video() -> None:
    """ivs/list-recording-configurations and -playback-key-pairs, ivschat/list-logging-..."""
    ivs = f"arn:aws:ivs:{REGION}:{ACCOUNT}"
    recording = {
        "arn": f"{ivs}:recording-configuration/ABcdef34ghIJ",
        "name": "test-recording-config-1",
        "destinationConfiguration": {"s3": {"bucketName": "demo-recording-bucket-1"}},
        "state": "ACTIVE",
        "tags": {},
    }
    answers = {"ListRecordingConfigurations": {"recordingConfigurations": [recording]}}
    seen = replay("AWS::IVS::RecordingConfiguration", ACCOUNT, REGION, answers)
    assert (seen.row["keys"], seen.row["name"]) == ([recording["arn"]], recording["name"])
    assert seen.links == {("delivers_to", "AWS::S3::Bucket", "demo-recording-bucket-1", None)}
    pair = {"arn": f"{ivs}:playback-key/abcd1234efgh", "name": "test-key-0", "tags": {}}
    answers = {"ListPlaybackKeyPairs": {"keyPairs": [pair]}}
    row = replay("AWS::IVS::PlaybackKeyPair", ACCOUNT, REGION, answers).row
    assert (row["keys"], row["name"]) == ([pair["arn"]], "test-key-0")
    logging = {
        "arn": f"arn:aws:ivschat:{REGION}:{ACCOUNT}:logging-configuration/ABcdef34ghIJ",
        "createTime": "2022-09-14T17:48:00.653000+00:00",
        "destinationConfiguration": {"s3": {"bucketName": "demo-logging-bucket"}},
        "id": "ABcdef34ghIJ",
        "name": "test-logging-config",
        "state": "ACTIVE",
        "tags": {"key1": "value1", "key2": "value2"},
    }
    answers = {"ListLoggingConfigurations": {"loggingConfigurations": [logging]}}
    seen = replay("AWS::IVSChat::LoggingConfiguration", ACCOUNT, REGION, answers)
    assert (seen.row["keys"], seen.row["tags"]) == ([logging["arn"]], logging["tags"])
    assert seen.links == {("delivers_to", "AWS::S3::Bucket", "demo-logging-bucket", None)}


def test_virtual_interface_without_its_keys() -> None:
    """directconnect/describe-virtual-interfaces."""
    answer = {
        "virtualInterfaceState": "down",
        "asn": 65000,
        "vlan": 101,
        "ownerAccount": ACCOUNT,
        "connectionId": "dxcon-ffjrkx17",
        "virtualGatewayId": "vgw-aba37db6",
        "virtualInterfaceId": "dxvif-ffhhk74f",
        "authKey": "asdf34example",
        "customerRouterConfig": "<bgp_auth_key>asdf34example</bgp_auth_key>",
        "virtualInterfaceType": "private",
        "virtualInterfaceName": "PrivateVirtualInterface",
    }
    seen = replay(
        "Ext::DirectConnect::VirtualInterface",
        ACCOUNT,
        REGION,
        {"DescribeVirtualInterfaces": {"virtualInterfaces": [answer]}},
    )
    arn = f"arn:aws:directconnect:{REGION}:{ACCOUNT}:dxvif/dxvif-ffhhk74f"
    assert seen.row["keys"] == [arn, "dxvif-ffhhk74f"]
    assert "asdf34example" not in str(seen.row["properties"])
    assert seen.links == {
        ("uses", "AWS::DirectConnect::Connection", "dxcon-ffjrkx17", None),
        ("uses", "AWS::EC2::VPNGateway", "vgw-aba37db6", None),
    }


def test_gateway_of_dedicated_lines_is_global() -> None:
    """directconnect/describe-direct-connect-gateways."""
    answer = {
        "amazonSideAsn": 64512,
        "directConnectGatewayId": "cf68415c-f4ae-48f2-87a7-3b52cexample",
        "ownerAccount": ACCOUNT,
        "directConnectGatewayName": "DxGateway2",
        "directConnectGatewayState": "available",
    }
    row = replay(
        "AWS::DirectConnect::DirectConnectGateway",
        ACCOUNT,
        "us-east-1",
        {"DescribeDirectConnectGateways": {"directConnectGateways": [answer]}},
    ).row
    known = answer["directConnectGatewayId"]
    assert row["keys"] == [f"arn:aws:directconnect::{ACCOUNT}:dx-gateway/{known}", known]
    assert (row["name"], row["region"]) == ("DxGateway2", "global")
