"""Rules as a whole: front matter, tests, the empty schema, and rules of one's own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rules
from rules.run import check
from scanner.config import Config, RulesConfig
from scanner.errors import RuleError
from scanner.store import Store
from tests.resolve.build import NOW, SCAN, resolved, resource
from tests.rules.things import found, only

ALL = rules.load()
HEAD = "-- title: t\n-- severity: low\n-- kind: hygiene\n-- fix: f\n-- about: a\n"


@pytest.fixture(scope="module")
def empty() -> Store:
    """A database with one scan that saw nothing."""
    store = Store.memory()
    store.run("INSERT INTO scan VALUES (?, 'loaded', ?, ?, 't', NULL, NULL)", [SCAN, NOW, NOW])
    return store


@pytest.mark.parametrize("rule", ALL, ids=[rule.rule_id for rule in ALL])
def test_rule_runs_on_an_empty_inventory_and_finds_nothing(rule: rules.Rule, empty: Store) -> None:
    assert found(empty, rule.rule_id) == []


def test_every_rule_has_a_test_of_its_own() -> None:
    names = {
        node.name
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    untested = [r.rule_id for r in ALL if not any(n.startswith(f"test_{r.rule_id}") for n in names)]
    assert untested == []


def test_every_rule_names_the_controls_that_it_supports() -> None:
    assert [rule.rule_id for rule in ALL if not rule.controls] == []


def test_security_teams_have_enough_to_keep_on() -> None:
    assert len(ALL) >= 25


def own(tmp_path: Path, sql: str, name: str = "mine", disable: list[str] | None = None) -> Config:
    (tmp_path / f"{name}.sql").write_text(HEAD + sql, "utf-8")
    return Config(rules=RulesConfig(folders=[str(tmp_path)], disable=disable or []))


def test_rule_of_ones_own_runs(tmp_path: Path) -> None:
    store = resolved([resource("x")])
    check(store, own(tmp_path, "SELECT arn, 'mine' AS message FROM inventory;\n"), SCAN)
    rows = store.rows("SELECT severity, message FROM findings WHERE rule_id = 'mine'")
    assert rows == [{"severity": "low", "message": "mine"}]


REFUSED = [
    ("writes", "INSERT INTO finding SELECT * FROM finding", "INSERT"),
    ("deletes", "DELETE FROM finding", "DELETE"),
    ("creates", "CREATE TABLE x AS SELECT 1", "CREATE"),
    ("attaches", "ATTACH 'other.duckdb'", "ATTACH"),
    ("copies out", "COPY finding TO 'out.csv'", "COPY"),
    ("sets", "SET enable_external_access = true", "SET"),
    ("pragma", "PRAGMA database_list", "rule is one SELECT"),
    ("loads", "LOAD httpfs", "LOAD"),
    ("two statements", "SELECT arn FROM inventory; DELETE FROM finding", "SELECT, DELETE"),
    ("leaves its brackets", "SELECT 1); DELETE FROM finding; SELECT * FROM (SELECT 1", "syntax"),
    ("nothing", "-- only words\n", "nothing"),
    ("explains", "EXPLAIN SELECT 1", "EXPLAIN"),
    ("reads a file", "SELECT content AS subject FROM read_text('/etc/passwd')", "disabled"),
    ("reads a table file", "SELECT * FROM '/etc/passwd'", "disabled|does not exist"),
    ("reads a CSV", "SELECT * FROM read_csv('/etc/passwd')", "disabled"),
    ("lists files", "SELECT file AS subject FROM glob('/etc/*')", "disabled"),
    ("calls out", "SELECT * FROM read_csv('https://example.com/x.csv')", "disabled"),
    ("reads our variables", "SELECT * FROM rules", "does not exist"),
    ("unknown column", "SELECT nothing FROM inventory", "nothing"),
    ("a column that findings have not", "SELECT arn, 1 AS weight FROM inventory", "weight"),
    ("no SQL", "SELEC arn", "syntax"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "told"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_rule_that_does_more_than_read_is_refused_by_its_file(
    tmp_path: Path, empty: Store, sql: str, told: str
) -> None:
    with pytest.raises(RuleError, match=rf"mine\.sql.*(?i:{told})"):
        check(empty, own(tmp_path, sql), SCAN)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT NULL AS arn, 'x' AS message FROM range(1)", "neither arn nor subject"),
        ("SELECT 'x' AS subject, 'fatal' AS severity FROM range(1)", "severity fatal"),
    ],
)
def test_rule_that_returns_an_unusable_row_is_named(
    tmp_path: Path, empty: Store, sql: str, told: str
) -> None:
    with pytest.raises(RuleError, match=rf"mine\.sql.*{told}"):
        check(empty, own(tmp_path, sql), SCAN)


def test_row_without_a_message_has_the_title_of_its_rule(tmp_path: Path) -> None:
    store = resolved([])
    check(store, own(tmp_path, "SELECT 'x' AS subject, NULL AS message"), SCAN)
    assert store.value("SELECT message FROM findings WHERE rule_id = 'mine'") == "t"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT 1", "lacks `-- title:`"),
        (HEAD.replace("low", "bad") + "SELECT 1", "severity 'bad'"),
        (HEAD.replace("hygiene", "bad") + "SELECT 1", "kind 'bad'"),
        (HEAD + "-- params: days\nSELECT 1", "parameter 'days'"),
    ],
)
def test_malformed_front_matter_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.sql").write_text(text, "utf-8")
    with pytest.raises(RuleError, match=rf"mine\.sql.*{told}"):
        rules.load(RulesConfig(folders=[str(tmp_path)]))


def test_rule_that_does_not_exist_cannot_be_switched_off() -> None:
    with pytest.raises(RuleError, match="no_such_rule"):
        rules.load(RulesConfig(disable=["no_such_rule"]))


def test_parameter_that_does_not_exist_cannot_be_set() -> None:
    with pytest.raises(RuleError, match="maximum"):
        rules.load(only("burst_of_alike_resources", maximum=1).rules)


def test_parameters_of_a_rule_can_be_set() -> None:
    store = resolved([resource(f"i{n}") for n in range(3)])
    assert found(store, "burst_of_alike_resources") == []
    assert len(found(store, "burst_of_alike_resources", minimum=2)) == 1


def test_severity_set_by_the_configuration_outweighs_the_rows_own() -> None:
    user = resource(
        "eve",
        resource_type="AWS::IAM::User",
        properties={"AttachedManagedPolicies": [{"PolicyName": "AdministratorAccess"}]},
    )
    settings = {
        **only("iam_principal_outside_code").rules.model_dump(),
        "iam_principal_outside_code": {"severity": "low"},
    }
    store = resolved([user])
    check(store, Config(rules=RulesConfig.model_validate(settings)), SCAN)
    assert [row["severity"] for row in store.rows("SELECT severity FROM findings")] == ["low"]


def test_folder_of_rules_that_is_not_there_is_named() -> None:
    with pytest.raises(RuleError, match="gone is no folder"):
        rules.load(RulesConfig(folders=["gone"]))


def test_rule_that_takes_too_long_is_stopped_and_named(
    tmp_path: Path, empty: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [rule.rule_id for rule in rules.load()]  # on a loaded machine they are slow as well
    slow = "SELECT 'x' AS subject FROM range(100000) a (i), range(100000) b (j) WHERE i + j < 0"
    monkeypatch.setattr("rules.run.SECONDS", 0.2)
    with pytest.raises(RuleError, match=r"mine\.sql: stopped after 0.2 s"):
        check(empty, own(tmp_path, slow, disable=others), SCAN)
