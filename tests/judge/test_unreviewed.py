"""What a generated entry lists is shown, and never alone a reason to fail a build."""

from rules.run import check
from scanner.config import Config
from tests.resolve.build import SCAN, resolved, resource


def test_stray_of_an_unreviewed_type_is_info_and_says_why() -> None:
    store = resolved([resource("known"), resource("generated", unreviewed=True)])
    check(store, Config(), SCAN)
    rows = store.rows(
        "SELECT name, severity, evidence->>'$.severity_because' AS why FROM findings"
        " WHERE rule_id = 'unmanaged_resource' ORDER BY name"
    )
    assert {row["name"]: row["severity"] for row in rows} == {
        "generated": "info",
        "known": "medium",
    }
    assert "no one has reviewed" in rows[0]["why"]
