"""The alarm's pattern lets the pipeline through and nobody else; both forms are valid."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from scanner.actions.alarm import pattern, template, write_alarm
from scanner.config import Config
from scanner.errors import UsageError
from tests.actions.linting import cfn_lint
from tests.actions.terraform import find_terraform
from tests.events.records import assumed, record, root

CONFIG = Config.model_validate({"pipeline": {"roles": ["arn:aws:iam::*:role/deploy-*"]}})


def fires(told: Any, detail: Any) -> bool:
    """Whether EventBridge's rules match: every field, any of its alternatives."""
    if isinstance(told, list):
        return any(_matches(one, detail) for one in told)
    return all(
        any(fires(one, detail) for one in value)
        if name == "$or"
        else fires(value, (detail or {}).get(name))
        for name, value in told.items()
    )


def _matches(one: Any, value: Any) -> bool:
    if not isinstance(one, dict):
        return bool(one == value)
    if "exists" in one:
        return (value is not None) == one["exists"]
    if "prefix" in one:
        return str(value).startswith(one["prefix"])
    globs = one["anything-but"]["wildcard"]
    return value is not None and not any(fnmatchcase(value, glob) for glob in globs)


def rings(**changes: Any) -> bool:
    return fires(pattern(CONFIG)["detail"], record(**changes))


def test_the_pipeline_and_services_are_let_through_and_others_ring() -> None:
    assert not rings()
    assert rings(userIdentity=assumed("admin", "eve"))
    assert rings(userIdentity=root())
    assert rings(userIdentity={"type": "IAMUser", "arn": "arn:aws:iam::1:user/x"})
    assert not rings(
        userIdentity={**assumed("admin", "x"), "invokedBy": "autoscaling.amazonaws.com"}
    )
    assert not rings(userIdentity=root(), readOnly=True)
    assert not rings(userIdentity=root(), errorCode="AccessDenied")


def test_without_a_pipeline_there_is_nothing_to_watch() -> None:
    with pytest.raises(UsageError, match="roles first"):
        template(Config())


def test_terraform_has_nothing_against_it(tmp_path: Path) -> None:
    terraform = find_terraform("http://127.0.0.1:1", tmp_path)
    folder = tmp_path / "alarm"
    write_alarm(CONFIG, folder)
    assert terraform.validate(folder) == []


def test_cfn_lint_has_nothing_against_it(tmp_path: Path) -> None:
    write_alarm(CONFIG, tmp_path)
    assert cfn_lint([tmp_path / "alarm.template.json"]) == []
