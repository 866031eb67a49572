"""Rows of `hashicorp/awscc`, hand-made from the provider's documented attributes."""

from __future__ import annotations

from tests.claims.shelf import claims_of, held, keys, row

AWSCC = 'provider["registry.terraform.io/hashicorp/awscc"]'


def test_policies_inside_a_role_are_claimed_weakly() -> None:
    role = held(
        id="worker", arn="arn:aws:iam::111111111111:role/worker",
        policies=[{"policy_name": "inline", "policy_document": "{}"}],
        managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    )  # fmt: skip
    claims = claims_of(row("awscc_iam_role", role, provider=AWSCC))
    assert keys(claims[1:]) == {
        "worker:inline", "worker|arn:aws:iam::aws:policy/ReadOnlyAccess"
    }  # fmt: skip
    assert [claim.inline for claim in claims] == [False, True, True]
    assert claims[1].claimed_type == "awscc_iam_role_policy"
    assert claims[1].address == "awscc_iam_role.x.Policies[0]"


def test_separate_policy_makes_the_roles_own_list_an_observation() -> None:
    role = held(id="worker", policies=[{"policy_name": "seen"}])
    policy = held(id="kept|worker", role_name="worker", policy_name="kept")
    claims = claims_of(
        row("awscc_iam_role", role, provider=AWSCC),
        row("awscc_iam_role_policy", policy, provider=AWSCC),
    )
    assert [claim.claimed_type for claim in claims] == ["awscc_iam_role", "awscc_iam_role_policy"]


def test_composite_id_is_tried_in_every_order() -> None:
    policy = held(id="kept|worker")
    (claim,) = claims_of(row("awscc_iam_role_policy", policy, provider=AWSCC))
    assert claim.keys == ("kept|worker", "worker|kept")
