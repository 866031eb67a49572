"""Verdicts: who owns what, and what nothing can be said of."""

from dataclasses import replace
from itertools import pairwise

from scanner.config import Config, TagClaim
from scanner.model import Link, Outcome, Trust
from tests.resolve.build import (
    ACCOUNT,
    REGION,
    cell,
    claim,
    names_gone_owner,
    owns,
    resolved,
    resource,
    statuses,
)


def test_claim_by_arn_makes_managed_and_the_rest_is_unmanaged() -> None:
    jobs, other = resource("jobs"), resource("other")
    store = resolved([jobs, other], [claim("aws_sqs_queue.jobs", jobs.arn)])
    assert statuses(store) == {"jobs": "managed", "other": "unmanaged"}
    row = store.rows("SELECT * FROM inventory WHERE name = 'jobs'")[0]
    assert (row["owner"], row["owner_address"]) == ("tfstate://a", "aws_sqs_queue.jobs")
    assert row["owner_source"] == "terraform"


def test_same_name_in_another_account_or_region_is_not_claimed() -> None:
    here = resource("jobs")
    there = resource("jobs", account_id="222222222222")
    far = resource("jobs", region="eu-west-1")
    store = resolved([here, there, far], [claim("a", "jobs")])
    rows = store.rows("SELECT arn FROM inventory WHERE status = 'managed'")
    assert [row["arn"] for row in rows] == [here.arn]


def test_claim_of_unknown_place_that_fits_two_claims_neither() -> None:
    here, there = resource("jobs"), resource("jobs", account_id="222222222222")
    store = resolved([here, there], [claim("a", "jobs", account_id=None, region=None)])
    assert set(statuses(store).values()) == {"unknown"}
    found = store.rows("SELECT state, candidates FROM claims")[0]
    assert found == {"state": "ambiguous", "candidates": [here.arn, there.arn]}


def test_where_the_first_key_fits_several_the_other_keys_tell_which_is_meant() -> None:
    one, other = (resource(name, keys=("same", name)) for name in ("one", "other"))
    store = resolved([one, other], [claim("a", "same", "other")])
    assert statuses(store) == {"one": "unmanaged", "other": "managed"}


def test_claim_of_unknown_place_that_fits_one_claims_it() -> None:
    store = resolved([resource("jobs")], [claim("a", "jobs", account_id=None, region=None)])
    assert statuses(store) == {"jobs": "managed"}


def test_claimed_and_not_listed_is_missing_only_where_the_cell_was_ok() -> None:
    gone = claim("a", "gone")
    assert resolved([], [gone]).value("SELECT state FROM claims") == "missing"
    for outcome in (Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED, Outcome.UNSUPPORTED):
        store = resolved([], [gone], cells=[cell(outcome)])
        assert store.value("SELECT state FROM claims") == "unseen"


def test_claim_outside_the_scan_is_out_of_scope() -> None:
    store = resolved([], [claim("a", "gone", account_id="999999999999")])
    assert store.value("SELECT state FROM claims") == "out_of_scope"


def test_type_that_the_catalog_does_not_know_is_named_not_lost() -> None:
    store = resolved([], [claim("a", "x", claimed_type="aws_new", resource_type=None)])
    assert store.rows("SELECT state, reason FROM claims") == [
        {"state": "unknown_type", "reason": "the catalog does not know aws_new"}
    ]


def test_ownership_passes_down_and_the_shortest_path_is_kept() -> None:
    top, middle, low = resource("top"), resource("middle"), resource("low")
    store = resolved(
        [top, middle, low], [claim("a", top.arn)], [owns(top, middle), owns(middle, low)]
    )
    assert statuses(store) == {"top": "managed", "middle": "derived", "low": "derived"}
    row = store.rows("SELECT owned_via, owner FROM inventory WHERE name = 'low'")[0]
    assert row["owned_via"] == [top.arn, middle.arn, low.arn]
    assert row["owner"] == "tfstate://a"


def test_containment_does_not_make_a_hand_made_child_managed() -> None:
    group, rule = resource("group"), resource("rule")
    store = resolved([group, rule], [claim("a", group.arn)], [owns(group, rule, kind="contains")])
    assert statuses(store)["rule"] == "unmanaged"
    assert store.value("SELECT root FROM inventory WHERE name = 'rule'") is None


def test_children_of_a_stray_hang_on_its_root() -> None:
    user, key, deep = resource("user"), resource("key"), resource("deep")
    store = resolved([user, key, deep], links=[owns(user, key, kind="contains"), owns(key, deep)])
    roots = {r["name"]: r["root"] for r in store.rows("SELECT name, root FROM inventory")}
    assert roots == {"user": None, "key": user.arn, "deep": user.arn}


def test_cycle_of_strays_has_one_root() -> None:
    one, two = resource("one"), resource("two")
    store = resolved([one, two], links=[owns(one, two), owns(two, one)])
    roots = {r["name"]: r["root"] for r in store.rows("SELECT name, root FROM inventory")}
    assert roots == {"one": None, "two": one.arn}


def test_a_name_alone_hides_nothing() -> None:
    function, group = resource("function"), resource("group")
    store = resolved(
        [function, group], [claim("a", function.arn)], [owns(function, group, trust=Trust.NAME)]
    )
    assert statuses(store)["group"] == "unmanaged"


def test_children_of_default_things_are_default() -> None:
    vpc, table = resource("vpc", default_rule="N1", default_evidence="IsDefault"), resource("table")
    assert set(statuses(resolved([vpc, table], links=[owns(vpc, table)])).values()) == {"default"}


def test_a_claim_says_otherwise_of_a_default_thing() -> None:
    vpc = resource("vpc", default_rule="N1")
    assert statuses(resolved([vpc], [claim("a", vpc.arn)])) == {"vpc": "managed"}


def test_child_of_a_gone_owner_is_a_stray_and_says_whose_it_was() -> None:
    child = resource("child")
    store = resolved([child], links=[names_gone_owner(child, "parent")])
    row = store.rows("SELECT status, evidence->>'$.owner_gone[0]' AS owner FROM inventory")[0]
    assert row == {"status": "unmanaged", "owner": "AWS::SQS::Queue parent"}


def test_child_of_an_owner_in_a_denied_cell_is_unknown() -> None:
    child = resource("child", resource_type="AWS::Lambda::Function")
    store = resolved([child], links=[names_gone_owner(child, "p")], cells=[cell(Outcome.DENIED)])
    assert statuses(store) == {"child": "unknown"}


def test_agreed_tag_claims_after_everything_else() -> None:
    tagged = resource("tagged", tags={"managed-by": "pulumi-prod"})
    config = Config(tag_claim=[TagClaim(key="managed-by", value="pulumi-*", owner="team {value}")])
    store = resolved([tagged, resource("plain")], config=config)
    assert statuses(store) == {"tagged": "managed", "plain": "unmanaged"}
    row = store.rows("SELECT owner, owner_source FROM inventory WHERE name = 'tagged'")[0]
    assert row == {"owner": "team pulumi-prod", "owner_source": "tag"}


def test_resolving_twice_gives_the_same() -> None:
    from scanner import catalog
    from scanner.resolve import resolve
    from tests.resolve.build import SCAN

    store = resolved([resource("a"), resource("b")], [claim("x", "a")])
    before = store.rows("SELECT * FROM inventory ORDER BY arn")
    resolve(store, catalog.load(), Config(), SCAN)
    assert store.rows("SELECT * FROM inventory ORDER BY arn") == before
    assert ACCOUNT in before[0]["arn"]


def test_what_is_listed_as_two_types_is_one_thing_that_a_claim_of_either_finds() -> None:
    one = resource("shared")
    twin = resource("shared", resource_type="AWS::SNS::Topic")
    for kind in (one.resource_type, twin.resource_type):
        store = resolved([one, twin], [claim("a", one.arn, resource_type=kind)])
        assert store.rows("SELECT status FROM inventory") == [{"status": "managed"}] * 2
        assert store.value("SELECT count(*) FROM ownership") == 1


def test_cycle_of_strays_below_it_hangs_on_the_cycle_above() -> None:
    """The first ARN of all that is not rooted may be below the cycle that it hangs on."""
    below, one, two = resource("a-below"), resource("one"), resource("two")
    links = [owns(one, two), owns(two, one), owns(one, below)]
    roots = resolved([below, one, two], links=links).rows("SELECT name, root FROM inventory")
    assert {row["name"]: row["root"] for row in roots} == {
        "a-below": one.arn, "one": None, "two": one.arn,
    }  # fmt: skip


def test_stray_below_a_cycle_and_a_root_hangs_on_the_nearer_one() -> None:
    top, middle, low, one, two = (resource(n) for n in ("top", "middle", "low", "one", "two"))
    links = [owns(top, middle), owns(middle, low), owns(one, two), owns(two, one), owns(one, low)]
    store = resolved([top, middle, low, one, two], links=links)
    assert store.value("SELECT root FROM inventory WHERE name = 'low'") == one.arn


def test_chain_may_be_longer_than_anyone_expects() -> None:
    chain = [resource(f"r{number:02d}") for number in range(40)]
    links = [owns(above, below) for above, below in pairwise(chain)]
    store = resolved(chain, [claim("a", chain[0].arn)], links)
    assert set(statuses(store).values()) == {"managed", "derived"}


def test_code_goes_before_aws_however_far_up_it_is() -> None:
    top, middle, vpc, low = (resource(n) for n in ("top", "middle", "vpc", "low"))
    vpc = replace(vpc, default_rule="N1", default_evidence="AWS made it")
    links = [owns(top, middle), owns(middle, low), owns(vpc, low)]
    store = resolved([top, middle, vpc, low], [claim("a", top.arn)], links)
    assert statuses(store)["low"] == "derived"


def test_what_users_write_points_at_no_cell_that_was_never_tried() -> None:
    child = resource("child")
    far = "arn:aws:sqs:eu-west-9:999999999999:owner"
    for trust, status in ((Trust.AWS_TAG, "unknown"), (Trust.USER_TAG, "unmanaged")):
        link = replace(names_gone_owner(child, far), trust=trust)
        assert statuses(resolved([child], links=[link])) == {"child": status}


def test_child_of_an_owner_whose_type_nothing_lists_is_unknown_and_not_called_orphaned() -> None:
    child = resource("child")
    named = names_gone_owner(child, "env-1", target_type="AWS::Cloud9::EnvironmentEC2")
    store = resolved([child], links=[named])
    assert statuses(store) == {"child": "unknown"}
    assert "not scanned" in store.value("SELECT evidence->>'$.because' FROM inventory")


def test_what_is_attached_to_an_unseen_owner_is_unknown() -> None:
    volume = resource(
        "vol-1",
        resource_type="AWS::EC2::Volume",
        arn="arn:aws:ec2:us-east-1:111111111111:volume/vol-1",
    )
    attached = Link(
        ACCOUNT, REGION, volume.arn, "attached_to", "AWS::EC2::Instance", "i-1", None, None,
        Trust.API_FIELD, "",
    )  # fmt: skip
    instances = cell(resource_type="AWS::EC2::Instance")
    for cells, status in (
        ([replace(instances, outcome=Outcome.DENIED)], "unknown"),
        ([cell()], "unknown"),
        ([instances], "unmanaged"),
    ):
        store = resolved([volume], links=[attached], cells=cells)
        assert statuses(store) == {"vol-1": status}
