"""Every grant of the runtime has its policy, and the policy has its calls and no others."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import reports
import rules
import scanner
from scanner import catalog
from scanner.catalog.actions import load_actions
from scanner.config import Config
from scanner.cross_check import SOURCES
from scanner.errors import UsageError
from scanner.grants import scan_grant
from scanner.places import IDENTITY, Grant
from scanner.policy import GRANTS, LARGEST, policies, size

ROOT = Path(__file__).parents[2]
HOUSE: tuple[ModuleType, ...] = (scanner, rules, reports)
VIA_S3 = {
    "sources": {"kms:Decrypt"},
    "deliver": {"kms:GenerateDataKey"},
    "work": {"kms:Decrypt", "kms:GenerateDataKey"},
}
"""What S3 does with a key on the caller's behalf: no call of ours, so no grant holds it."""
FULL: dict[str, Any] = {
    "scan": {
        "role_name": "Audit",
        "types": ["AWS::SQS::Queue", "AWS::S3::Bucket"],
        "cross_check": list(SOURCES),
        "hints": True,
    },
    "terraform": [{"from": "tfstate+s3://acme/prod/**/*.tfstate"}],
    "events": [{"from": "lookup://"}, {"from": "trail://s3/trails/org"}],
    "work": "s3://acme-shards/strays",
    "output": [{"to": "json://s3://out/strays.json"}],
}


def config(**more: Any) -> Config:
    return Config.model_validate(FULL | more)


def entries() -> list[Any]:
    return catalog.load().matching(FULL["scan"]["types"])


def runtime_grants() -> Iterator[Grant]:
    """Every grant that a module keeps, and the one that a scan of the entries is made under."""
    for package in HOUSE:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith("scanner.demo"):
                found = vars(import_module(module.name)).values()
                yield from (value for value in found if isinstance(value, Grant))
    yield scan_grant(config().scan, entries())


def statements(grant: str, settings: Config) -> list[dict[str, Any]]:
    return [s for p in policies(settings, entries(), grant) for s in p.document["Statement"]]


def actions(grant: str, settings: Config) -> set[str]:
    return {action for each in statements(grant, settings) for action in each["Action"]}


def test_grants_are_made_where_this_test_finds_them() -> None:
    """At the top of a module, but for that of a scan, which depends on the types."""
    inside = []
    for path in [p for package in HOUSE for p in Path(package.__path__[0]).rglob("*.py")]:
        for node in ast.parse(path.read_text("utf-8")).body:
            made = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            if isinstance(node, ast.Assign):
                continue
            named = [n for n in made if isinstance(n.func, ast.Name) and n.func.id == "Grant"]
            inside += [path.relative_to(ROOT).as_posix() for _ in named]
    assert inside == ["scanner/grants.py"]


def test_every_grant_of_the_runtime_has_a_policy_of_its_name() -> None:
    """Whoever calls GetCallerIdentity needs no permission for it:
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    assert {grant.name for grant in runtime_grants()} - {IDENTITY.name} == set(GRANTS)


@pytest.mark.parametrize("name", GRANTS)
def test_a_policy_holds_exactly_the_calls_of_its_grants(name: str) -> None:
    known = load_actions()
    allowed = {pair for grant in runtime_grants() if grant.name == name for pair in grant.allowed}
    called = {action for pair in allowed for action in known.of(*pair)}
    assert actions(name, config()) == called | VIA_S3.get(name, set())


def test_events_are_looked_up_only_where_that_is_configured() -> None:
    assert "cloudtrail:LookupEvents" in actions("scan", config())
    assert "cloudtrail:LookupEvents" not in actions("scan", config(events=[]))


def test_what_an_option_asks_is_allowed_only_where_it_is_on() -> None:
    plain = actions("scan", config(scan={"bulk_tags": False}))
    assert not [
        action for action in plain if action.startswith(("tag:", "resource-explorer", "config:"))
    ]


def test_trail_files_are_read_below_their_prefix_only() -> None:
    reading, listing, decrypting = statements("sources", config(terraform=[]))
    assert reading["Resource"] == ["arn:aws:s3:::trails/org/AWSLogs/*"]
    assert listing["Resource"] == ["arn:aws:s3:::trails"]
    context = decrypting["Condition"]["StringLike"]["kms:EncryptionContext:aws:s3:arn"]
    assert context == ["arn:aws:s3:::trails", "arn:aws:s3:::trails/org/AWSLogs/*"]


def test_a_pinned_version_is_read_by_the_action_for_versions_and_that_object_only() -> None:
    settings = config(terraform=[{"from": "tfstate+s3://acme/a.tfstate?versionId=7"}], events=[])
    reading, *_ = statements("sources", settings)
    assert reading["Action"] == ["s3:GetObjectVersion"]
    assert reading["Resource"] == ["arn:aws:s3:::acme/a.tfstate"]


def test_states_of_pulumi_and_of_a_folder_with_code_are_read_too(tmp_path: Path) -> None:
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "terraform.tfstate").write_text(
        '{"backend": {"type": "s3", "config": {"bucket": "code", "key": "app.tfstate"}}}', "utf-8"
    )
    froms = [{"from": "pulumi+s3://pu/.pulumi/**"}, {"from": f"terraform://{tmp_path}"}]
    _, listing, _ = statements("sources", config(terraform=froms, events=[]))
    assert listing["Resource"] == ["arn:aws:s3:::code", "arn:aws:s3:::pu"]


def test_a_folder_whose_backend_cannot_be_told_is_no_policy_that_lacks_it(tmp_path: Path) -> None:
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "terraform.tfstate").write_text("{", "utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        policies(config(terraform=[{"from": f"terraform://{tmp_path}"}]), [], "sources")


def test_reports_are_written_to_the_named_places_only() -> None:
    outputs = [{"to": "json://s3://out/strays.json"}, {"to": "html://s3://out/pages/"}]
    writing, keys = statements("deliver", config(output=outputs))
    assert writing["Action"] == ["s3:PutObject"]
    assert writing["Resource"] == ["arn:aws:s3:::out/pages/*", "arn:aws:s3:::out/strays.json"]
    assert keys["Condition"]["StringLike"]["kms:ViaService"] == "s3.*.amazonaws.com*"


def test_shards_are_read_and_written_below_their_prefix_only_and_never_deleted() -> None:
    objects, listing, *_ = statements("work", config())
    assert objects["Action"] == ["s3:GetObject", "s3:PutObject"]
    assert objects["Resource"] == ["arn:aws:s3:::acme-shards/strays/*"]
    assert listing["Resource"] == ["arn:aws:s3:::acme-shards"]
    with pytest.raises(UsageError, match="--work"):
        policies(config(work="folder"), [], "work")


def test_many_states_make_several_policies_within_the_limit() -> None:
    froms = [{"from": f"tfstate+s3://acme/{'x' * 80}/{n}.tfstate"} for n in range(200)]
    found = policies(config(terraform=froms), [], "sources")
    assert len(found) > 1
    assert max(size(policy.document) for policy in found) <= LARGEST


def test_the_docs_tell_of_every_grant() -> None:
    page = (ROOT / "docs" / "grants.md").read_text("utf-8")
    assert [name for name in GRANTS if f"| `{name}` |" not in page] == []


def test_plans_are_read_below_their_prefix_only() -> None:
    places = [{"from": "s3://plans/nightly/"}, {"from": "s3://one/a.json"}, {"from": "folder"}]
    reading, listing, _ = statements("sources", config(terraform=[], events=[], plan=places))
    assert reading["Resource"] == ["arn:aws:s3:::one/a.json", "arn:aws:s3:::plans/nightly/*"]
    assert listing["Resource"] == ["arn:aws:s3:::one", "arn:aws:s3:::plans"]
