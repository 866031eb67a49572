import json

import pytest

from scanner.demo.terraform_state import State
from scanner.demo.world import Ledger, Site


@pytest.fixture
def site():
    return Site("123456789012", "us-east-1", lambda *place: None)


def _queue(name="jobs"):
    url = f"http://127.0.0.1/123456789012/{name}"
    return {"arn": f"arn:aws:sqs:us-east-1:123456789012:{name}", "id": url, "url": url}


def test_instances_of_one_address_stand_together(site):
    state = State("x", Ledger())
    for index in range(2):
        state.add(site, "aws_sqs_queue", "q", _queue(), module="module.a", index=index)
    (resource,) = json.loads(state.text(serial=1))["resources"]
    assert resource["module"] == "module.a"
    assert [each["index_key"] for each in resource["instances"]] == [0, 1]


def test_tags_stand_in_tags_all_too(site):
    state = State("x", Ledger())
    state.add(site, "aws_sqs_queue", "q", _queue() | {"tags": {"a": "b"}})
    (resource,) = json.loads(state.text(serial=1))["resources"]
    assert resource["instances"][0]["attributes"]["tags_all"] == {"a": "b"}


def test_an_attribute_that_the_provider_lacks_is_refused(site):
    with pytest.raises(ValueError, match="no attributes"):
        State("x", Ledger()).add(site, "aws_sqs_queue", "q", _queue() | {"colour": "red"})


def test_a_gone_thing_is_missing_and_expected_nowhere(site):
    ledger = Ledger()
    State("x", ledger).add(site, "aws_sqs_queue", "q", _queue(), index="a", gone=True)
    assert [each.address for each in ledger.missing] == ['aws_sqs_queue.q["a"]']
    assert ledger.things == []


def test_a_target_of_an_event_rule_claims_no_function(site):
    ledger = Ledger()
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    State("x", ledger).add(site, "aws_cloudwatch_event_target", "t", {"arn": arn, "id": "r-1"})
    assert ledger.things == []
    assert [each.name for each in ledger.children] == ["r-1"]
