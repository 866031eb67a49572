"""Of two copies of one state, the one with the higher serial counts."""

from __future__ import annotations

from tests.claims.shelf import held, keys, read, row, state

OLD = row("aws_sqs_queue", held(id="https://sqs.us-east-1.amazonaws.com/111111111111/old"))
BOTH = row("aws_sns_topic", held(arn="arn:aws:sns:us-east-1:111111111111:both"))
NEW = row("aws_sqs_queue", held(id="https://sqs.us-east-1.amazonaws.com/111111111111/new"))


def test_older_copy_claims_nothing_and_says_so() -> None:
    result = read(state(OLD, BOTH, serial=3), state(NEW, BOTH, serial=7))
    older, newer = result.sources
    assert (newer.outcome, newer.serial, newer.claims) == ("read", 7, 2)
    assert (older.outcome, older.serial, older.claims, older.resources) == ("skipped", 3, 0, 2)
    assert older.message == (
        "an older copy (serial 3) of tfstate:///1.tfstate (serial 7), which counts in its place"
    )
    assert {claim.source_id for claim in result.claims} == {"tfstate:///1.tfstate"}


def test_older_copy_does_not_decide_what_a_group_s_rules_are() -> None:
    group = row("aws_security_group", held(id="sg-1", ingress=[
        {"protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_blocks": ["10.0.0.0/8"]}
    ]))  # fmt: skip
    separate = row(
        "aws_vpc_security_group_ingress_rule", held(id="sgr-1", security_group_id="sg-1")
    )
    result = read(state(group, separate, serial=1), state(group, serial=2))
    assert keys(result.claims) == {"sg-1", "rule|sg-1|ingress|tcp|1|1|10.0.0.0/8"}


def test_empty_older_copy_is_stale_too() -> None:
    assert [one.outcome for one in read(state(serial=1), state(NEW, serial=2)).sources] == [
        "skipped", "read",
    ]  # fmt: skip


def test_environment_that_began_as_a_copied_file_is_a_state_of_its_own() -> None:
    result = read(state(OLD, serial=3), state(NEW, serial=7))
    assert [one.outcome for one in result.sources] == ["read", "read"]
    assert len(result.claims) == 2


def test_equal_serials_and_other_lineages_are_all_read() -> None:
    twice = read(state(BOTH, serial=3), state(BOTH, serial=3))
    others = read(state(BOTH, serial=3), state(BOTH, serial=7, lineage="another"))
    for result in (twice, others):
        assert [one.outcome for one in result.sources] == ["read", "read"]
