"""deploy/: each file passes the linter of its kind, and its commands are ours."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from scanner.cli import app

DEPLOY = Path(__file__).parents[2] / "deploy"
TEMPLATES = sorted((DEPLOY / "cloudformation").glob("*.yaml"))
WORKFLOW = yaml.safe_load((DEPLOY / "github" / "strays.yml").read_text("utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's short functions as plain values."""


_Template.add_multi_constructor(
    "!",
    lambda loader, _, node: (
        loader.construct_yaml_str(node) if isinstance(node, yaml.ScalarNode) else None
    ),
)  # type: ignore[no-untyped-call]


def template(name: str) -> dict[str, Any]:
    text = (DEPLOY / "cloudformation" / name).read_text("utf-8")
    return yaml.load(text, Loader=_Template)  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.stem for path in TEMPLATES])
def test_template_passes_cfn_lint(path: Path) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    ran = subprocess.run([linter, path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_units_pass_systemd(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NO systemd-analyze HERE: the units are not verified")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/opt/strays/bin/strays", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = [str(path) for path in tmp_path.iterdir()]
    ran = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def command_lines() -> dict[str, str]:
    """Every `strays` command line of deploy/ by where it stands."""
    cron = (DEPLOY / "cron" / "strays").read_text("utf-8")
    unit = (DEPLOY / "systemd" / "strays.service").read_text("utf-8")
    task = template("scanner.yaml")["Resources"]["Task"]["Properties"]["ContainerDefinitions"][0]
    steps = WORKFLOW["jobs"]["audit"]["steps"]
    return {
        "cron": re.findall(r"&& (strays .*) >>", cron)[0],
        "systemd": "strays " + re.findall(r"^ExecStart=\S+ (.*)$", unit, re.MULTILINE)[0],
        "fargate": shlex.join(["strays", *task["Command"]]),
        "github": next(step["run"] for step in steps if step.get("name") == "Scan"),
    }


@pytest.mark.parametrize("place", ["cron", "systemd", "fargate", "github"])
def test_command_line_is_one_of_ours(place: str) -> None:
    program, name, *arguments = shlex.split(command_lines()[place])
    assert program == "strays"
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    command.make_parser(command.make_context(name, [], resilient_parsing=True)).parse_args(
        arguments
    )


def test_cron_line_has_a_user_and_no_percent_sign() -> None:
    [line] = [
        line
        for line in (DEPLOY / "cron" / "strays").read_text("utf-8").splitlines()
        if "strays scan" in line
    ]
    assert line.split()[5] == "strays"
    assert "%" not in line


def test_image_is_pinned_and_not_root() -> None:
    assert re.search(r"^ARG PYTHON=python:\d+\.\d+\.\d+-\S+$", DOCKERFILE, re.MULTILINE)
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${PYTHON}", "${PYTHON}"]
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert "--constraint constraints.txt" in DOCKERFILE


def test_image_copies_what_there_is() -> None:
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert [
        name for name in names if not (DEPLOY.parent / name).exists() or f"!{name}" not in allowed
    ] == []


def test_workflow_is_pinned_and_may_only_read() -> None:
    job = WORKFLOW["jobs"]["audit"]
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []
    assert (WORKFLOW["permissions"], job["permissions"]) == (
        {},
        {"contents": "read", "id-token": "write"},
    )


def test_member_role_allows_no_change_and_denies_data() -> None:
    role = template("member-role.yaml")["Resources"]["AuditRole"]["Properties"]
    effects = {
        s["Effect"] for policy in role["Policies"] for s in policy["PolicyDocument"]["Statement"]
    }
    assert effects == {"Deny"}
    assert [arn.rpartition("/")[2] for arn in role["ManagedPolicyArns"]] == [
        "SecurityAudit",
        "ViewOnlyAccess",
    ]
    conditions = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
    assert set(conditions) == {"sts:ExternalId", "aws:PrincipalOrgID"}


def test_the_kubernetes_example_runs_a_command_of_ours_with_its_real_options() -> None:
    """It was not run on a cluster: docs/scale.md says so."""
    text = (DEPLOY / "kubernetes" / "strays.yaml").read_text("utf-8")
    job = next(each for each in yaml.safe_load_all(text) if each["kind"] == "CronJob")
    [container] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    name, command, *rest = container["command"]
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    options = {option for parameter in known.params for option in parameter.opts}
    assert name == "strays"
    assert {word for word in rest if word.startswith("--")} <= options
