"""Hand-made states in the documented shapes: what is claimed, and under which address."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.model import GLOBAL
from tests.claims.shelf import AWS, claims_of, held, read, row, source, state

QUEUE = "arn:aws:sqs:eu-west-1:111111111111:jobs"


def queue(index: int | str | None = None, /, **more: Any) -> dict[str, Any]:
    return {**held(index, arn=QUEUE, id="https://q/jobs", name="jobs"), **more}


def test_a_claim_tells_where_it_was_read_and_by_what_it_matches() -> None:
    (claim,) = claims_of(
        row("aws_sqs_queue", queue(), name="jobs", module='module.a["k"].module.b[0]')
    )
    assert claim.address == 'module.a["k"].module.b[0].aws_sqs_queue.jobs'
    assert (claim.source_kind, claim.source_id) == ("terraform", "tfstate:///0.tfstate")
    assert claim.owner == claim.source_id
    assert claim.resource_type == "AWS::SQS::Queue"
    assert claim.keys == (QUEUE, "https://q/jobs", "jobs")
    assert (claim.account_id, claim.region) == ("111111111111", "eu-west-1")
    assert claim.evidence == "serial 12, provider aws"
    assert not claim.inline
    assert claim.ignored is None


@pytest.mark.parametrize(
    ("index", "printed"),
    [
        (0, "[0]"),
        (12, "[12]"),
        ("a", '["a"]'),
        ("refunds/eu", '["refunds/eu"]'),
        ('say "hi"\n', '["say \\"hi\\"\\n"]'),
        ("${x} %{y} $ %", '["$${x} %%{y} $ %"]'),
        ("back\\slash", '["back\\\\slash"]'),
        ("\x07é", '["\\u0007é"]'),
    ],
)
def test_an_index_is_printed_as_terraform_prints_it(index: int | str, printed: str) -> None:
    (claim,) = claims_of(row("aws_sqs_queue", queue(index)))
    assert claim.address == f"aws_sqs_queue.x{printed}"


def test_data_sources_and_empty_resources_claim_nothing() -> None:
    result = read(state(row("aws_sqs_queue", queue(), mode="data"), row("aws_sqs_queue")))
    assert result.claims == []
    assert result.sources[0].resources == 0


def test_tainted_and_deposed_objects_are_claims_of_their_own() -> None:
    deposed = queue(deposed="0123abcd")
    claims = claims_of(row("aws_sqs_queue", queue(status="tainted"), deposed))
    assert [claim.address for claim in claims] == [
        "aws_sqs_queue.x",
        "aws_sqs_queue.x (deposed object 0123abcd)",
    ]
    assert [claim.evidence for claim in claims] == [
        "serial 12, provider aws, tainted",
        "serial 12, provider aws, deposed",
    ]


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        (AWS, "aws"),
        (f"{AWS}.west", "aws.west"),
        (f'module.x["a.b"].{AWS}.west', "aws.west"),
        ('provider["registry.opentofu.org/hashicorp/aws"]', "aws"),
        ('provider["mirror.example:8443/hashicorp/aws"].eu', "aws.eu"),
        ('provider["registry.opentofu.org/hashicorp/aws"].by["us-east-1"]', 'aws.by["us-east-1"]'),
        ('provider["registry.terraform.io/-/aws"]', "aws"),
        ("provider.aws", "aws"),
        ("module.x.provider.aws.west", "aws.west"),
    ],
)
def test_every_form_of_the_aws_provider_is_claimed(provider: str, told: str) -> None:
    (claim,) = claims_of(row("aws_sqs_queue", queue(), provider=provider))
    assert claim.evidence == f"serial 12, provider {told}"


def test_other_providers_are_counted_by_name_and_not_claimed() -> None:
    others = [
        row(
            "google_storage_bucket",
            held(0),
            held(1),
            provider='provider["registry.terraform.io/hashicorp/google"]',
        ),
        row("aws_sqs_queue", queue(), provider='provider["registry.terraform.io/acme/aws"]'),
        row("random_id", held(), provider="provider.random"),
    ]
    result = read(state(row("aws_sqs_queue", queue()), *others))
    assert [claim.address for claim in result.claims] == ["aws_sqs_queue.x"]
    assert result.sources[0].other_providers == {"google": 2, "acme/aws": 1, "random": 1}
    assert (result.sources[0].resources, result.sources[0].claims) == (5, 1)


def test_an_instance_may_name_its_own_provider_as_opentofu_writes() -> None:
    east, west = (f'{AWS}.by["{region}"]' for region in ("us-east-1", "us-west-2"))
    topics = [{**held(alias[-4:], id="t"), "provider": alias} for alias in (east, west)]
    queues = [
        {**held(alias, arn=f"arn:aws:sqs:{region}:111111111111:q"), "provider": alias}
        for alias, region in ((east, "us-east-1"), (west, "us-west-2"))
    ]
    claims = claims_of(row("aws_sns_topic", *topics), row("aws_sqs_queue", *queues))
    assert [claim.region for claim in claims] == ["us-east-1", "us-west-2"] * 2


def test_cloud_control_rows_are_found_by_their_cloudformation_name() -> None:
    provider = 'provider["registry.terraform.io/hashicorp/awscc"]'
    group = held(id="/app", arn="arn:aws:logs:us-east-1:111111111111:log-group:/app:*")
    (claim,) = claims_of(row("awscc_logs_log_group", group, provider=provider))
    assert claim.resource_type == "AWS::Logs::LogGroup"
    assert claim.keys == ("arn:aws:logs:us-east-1:111111111111:log-group:/app", "/app")


def test_identity_of_provider_6_fills_what_attributes_lack() -> None:
    known = {"account_id": "222222222222", "region": "eu-west-3", "id": "vpc-0123456789abcdef0"}
    (claim,) = claims_of(row("aws_vpc", {**held(id=None), "identity": known}))
    assert claim.keys == ("vpc-0123456789abcdef0",)
    assert (claim.account_id, claim.region) == ("222222222222", "eu-west-3")


def test_both_generations_of_a_database_instance_keep_all_their_names() -> None:
    arn = "arn:aws:rds:us-east-1:111111111111:db:shop"
    old, new = (held(arn=arn, id=own, identifier="shop") for own in ("shop", "db-ABCDEFGHIJKL"))
    claims = claims_of(row("aws_db_instance", old, new))
    assert [claim.keys for claim in claims] == [(arn, "shop"), (arn, "db-ABCDEFGHIJKL", "shop")]


def test_an_autoscaling_group_of_an_old_provider_is_named_without_an_arn() -> None:
    (claim,) = claims_of(row("aws_autoscaling_group", held(id="web", name="web")))
    assert claim.keys == ("web",)


def test_types_without_an_entry_are_named_and_counted_not_lost() -> None:
    target = held(arn="arn:aws:sqs:us-east-1:999999999999:theirs", id="t")
    claims = claims_of(
        row("aws_cloudwatch_event_target", target), row("aws_brand_new", held(id="n"))
    )
    assert [claim.claimed_type for claim in claims] == [
        "aws_cloudwatch_event_target",
        "aws_brand_new",
    ]
    assert [claim.ignored for claim in claims] == ["an attachment", None]
    assert all(claim.resource_type is None and claim.keys == () for claim in claims)
    assert claims[0].account_id is None, "a reference is not ownership"


def test_an_object_without_any_name_is_out_of_scope_rather_than_missing() -> None:
    (claim,) = claims_of(row("aws_vpc", held(id=None)))
    assert claim.keys == ()
    assert claim.ignored is not None


def test_claims_keep_their_ids_from_one_reading_to_the_next() -> None:
    text = state(row("aws_sqs_queue", queue(0), queue(1)))
    first, again = read(text), read(text, step=7)
    assert [one.claim_id for one in first.claims] == [one.claim_id for one in again.claims]
    assert len({one.claim_id for one in first.claims}) == 2


def test_a_state_named_twice_is_read_once() -> None:
    from scanner.claims.terraform import read_states
    from tests.claims.shelf import CATALOG

    both = [source(state(row("aws_sqs_queue", queue())))] * 2
    result = read_states(both, CATALOG)
    assert (len(result.sources), len(result.claims)) == (1, 1)


def test_a_global_type_lives_in_the_global_region_and_a_bucket_in_its_own() -> None:
    role = held(arn="arn:aws:iam::111111111111:role/r", name="r")
    bucket = held(arn="arn:aws:s3:::b", id="b", region="eu-west-1")
    silent = held(arn="arn:aws:s3:::c", id="c")
    claims = claims_of(row("aws_iam_role", role), row("aws_s3_bucket", bucket, silent))
    assert [claim.region for claim in claims] == [GLOBAL, "eu-west-1", None]
    assert {claim.account_id for claim in claims} == {"111111111111"}


def test_the_source_row_tells_serial_lineage_version_and_counts() -> None:
    told = read(state(row("aws_sqs_queue", queue(0), queue(1)))).sources[0]
    assert (told.kind, told.outcome, told.message) == ("terraform", "read", None)
    assert (told.serial, told.lineage, told.version) == (12, "l", "1.11.4")
    assert (told.resources, told.claims) == (2, 2)


def test_the_order_of_the_members_does_not_matter() -> None:
    document = json.loads(state(row("aws_sqs_queue", queue())))
    turned = json.dumps(dict(reversed(document.items()))).encode()
    assert read(turned).claims == read(state(row("aws_sqs_queue", queue()))).claims


def test_a_byte_order_mark_is_stepped_over() -> None:
    result = read(b"\xef\xbb\xbf" + state(row("aws_sqs_queue", queue())))
    assert len(result.claims) == 1


def test_attributes_upgraded_from_format_3_are_read_flat() -> None:
    flat = {"schema_version": 0, "attributes_flat": {
        "id": "sgrule-1", "security_group_id": "sg-1", "type": "ingress", "self": "false",
        "protocol": "tcp", "from_port": "22", "to_port": "22",
        "cidr_blocks.#": "2", "cidr_blocks.0": "10.0.0.0/8", "cidr_blocks.1": "192.0.2.0/24",
    }}  # fmt: skip
    claims = claims_of(row("aws_security_group_rule", flat))
    assert [claim.keys for claim in claims] == [
        ("rule|sg-1|ingress|tcp|22|22|10.0.0.0/8",),
        ("rule|sg-1|ingress|tcp|22|22|192.0.2.0/24",),
    ]


def test_format_3_is_claimed_by_ids_and_arns() -> None:
    def old(kind: str, **more: Any) -> dict[str, Any]:
        return {
            "type": kind,
            "primary": {"id": "i", "attributes": {"id": "i", "arn": QUEUE}},
            **more,
        }

    document = {
        "version": 3, "terraform_version": "0.11.14", "serial": 3, "lineage": "old",
        "modules": [
            {"path": ["root"], "outputs": {}, "resources": {
                "aws_sqs_queue.jobs.1": old("aws_sqs_queue", provider="provider.aws.west"),
                "data.aws_sqs_queue.seen": old("aws_sqs_queue"),
                "random_id.x": old("random_id", provider=""),
            }},
            {"path": ["root", "net", "sub"], "resources": {
                "aws_sqs_queue.jobs": old("aws_sqs_queue", deposed=[{"id": "d"}]),
            }},
        ],
    }  # fmt: skip
    result = read(json.dumps(document).encode())
    assert [claim.address for claim in result.claims] == [
        "aws_sqs_queue.jobs[1]",
        "module.net.module.sub.aws_sqs_queue.jobs",
        "module.net.module.sub.aws_sqs_queue.jobs (deposed)",
    ]
    assert result.claims[0].keys == (QUEUE, "i")
    assert result.sources[0].other_providers == {"random": 1}
    assert result.sources[0].version == "0.11.14"
