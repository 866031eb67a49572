"""Who owns what: what each rule finds, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

from rules.run import check
from scanner.config import Config, TagClaim
from scanner.model import Source
from tests.resolve.build import SCAN, claim, names_gone_owner, owns, resolved, resource
from tests.rules.things import found, only


def test_unmanaged_resource_is_one_finding_that_counts_its_dependents() -> None:
    user, key = resource("user"), resource("key")
    store = resolved([user, key], links=[owns(user, key, kind="contains")])
    check(store, only("unmanaged_resource"), SCAN)
    rows = store.rows("SELECT arn, dependents, severity, state FROM findings")
    assert rows == [{"arn": user.arn, "dependents": 1, "severity": "medium", "state": "open"}]


def test_claim_missing_names_address_and_owner() -> None:
    store = resolved([], [claim("aws_sqs_queue.gone", "gone")])
    assert found(store, "claim_missing") == [
        (
            "medium",
            "aws_sqs_queue.gone in tfstate://a says that it manages aws_sqs_queue gone,"
            " and there is no such thing",
        )
    ]


def test_claim_missing_leaves_unseen_ones_alone() -> None:
    unseen = claim("aws_sqs_queue.far", "far", region="eu-west-1")
    assert found(resolved([], [unseen]), "claim_missing") == []


def test_claim_ambiguous_names_its_candidates() -> None:
    one, two = resource("jobs"), resource("jobs", account_id="222222222222")
    store = resolved([one, two], [claim("a", "jobs", account_id=None, region=None)])
    [(severity, message)] = found(store, "claim_ambiguous")
    assert (severity, one.arn in message, two.arn in message) == ("low", True, True)


def test_claimed_twice_names_both() -> None:
    jobs = resource("jobs")
    second = claim("b", jobs.arn, source_id="tfstate://b", owner="tfstate://b")
    rows = found(resolved([jobs], [claim("a", jobs.arn), second]), "claimed_twice")
    assert rows == [("low", "claimed 2 times: tfstate://a as a, tfstate://b as b")]
    again = claim("a2", jobs.arn)
    assert found(resolved([jobs], [claim("a", jobs.arn), again]), "claimed_twice") == []


def test_tag_only_is_said_of_what_no_code_claims() -> None:
    config = Config(tag_claim=[TagClaim(key="owner", value="*", owner="{value}")])
    tagged, owned = (resource(name, tags={"owner": "pulumi"}) for name in ("tagged", "owned"))
    store = resolved([tagged, owned], [claim("a", owned.arn)], config=config)
    assert found(store, "tag_only") == [("info", "owned by the tag owner=pulumi alone")]


def test_tag_says_code_is_said_of_forged_tags() -> None:
    forged = [
        resource("x", tags={"ManagedBy": "terraform"}),
        resource("y", tags={"Terraform": "true"}),
    ]
    plain = [resource("z", tags={"ManagedBy": "hand"}), resource("w", tags={"team": "terraform"})]
    assert len(found(resolved([*forged, *plain]), "tag_says_code")) == 2


def test_tag_says_code_takes_another_pattern() -> None:
    ansible = resource("x", tags={"managed_by": "Ansible"})
    assert found(resolved([ansible]), "tag_says_code") == []
    assert len(found(resolved([ansible]), "tag_says_code", pattern="ansible")) == 1


def test_retained_from_gone_stack_names_the_stack() -> None:
    tags = {
        "aws:cloudformation:stack-id": "arn:aws:cloudformation:us-east-1:1:stack/s/1",
        "aws:cloudformation:stack-name": "s", "aws:cloudformation:logical-id": "Q",
    }  # fmt: skip
    kept = resource("x", tags=tags)
    assert found(resolved([kept]), "retained_from_gone_stack") == [
        ("medium", "once Q of stack s, which does not list it now")
    ]
    assert found(resolved([kept], [claim("a", kept.arn)]), "retained_from_gone_stack") == []


def test_owner_gone_names_the_owner() -> None:
    child = resource("child")
    link = names_gone_owner(child, "parent")
    rows = found(resolved([child], links=[link]), "owner_gone")
    assert [severity for severity, _ in rows] == ["medium"]
    assert "AWS::SQS::Queue parent, which is gone" in rows[0][1]
    there = [replace(link, target_key=resource("parent").arn)]
    assert found(resolved([child, resource("parent")], links=there), "owner_gone") == []


def test_claim_unknown_type_is_named_and_counted() -> None:
    claims = [claim(f"aws_new.{n}", "x", claimed_type="aws_new", resource_type=None) for n in "ab"]
    told = "2 claims of aws_new, which the catalog does not know, in 1 sources"
    assert found(resolved([], claims), "claim_unknown_type") == [("info", told)]


def test_state_stale_names_the_old_copy_and_leaves_lock_files_alone() -> None:
    sources = [
        Source(
            "tfstate://old", "terraform", "skipped", "an older copy (serial 3) of tfstate://new"
        ),
        Source("tfstate://x.tflock", "terraform", "skipped", "a lock file"),
    ]
    store = resolved([resource("x")], sources=sources)
    told = "tfstate://old: an older copy (serial 3) of tfstate://new"
    assert found(store, "state_stale") == [("info", told)]
