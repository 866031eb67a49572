"""`strays demo`: the whole tool on an embedded AWS, with nothing to configure."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from reports import Context, write
from scanner import config as configs
from scanner import pipeline
from scanner.collect import Progress
from scanner.config import Config
from scanner.demo.clients import emulator_clients
from scanner.demo.organization import build
from scanner.demo.server import EmbeddedAWS
from scanner.demo.world import DemoOrganization
from scanner.errors import DemoError
from scanner.store import Store

REPORTS = ("html://report.html", "parquet://findings.parquet", "json://findings.json")

Say = Callable[[str], None]
ProgressMaker = Callable[[], AbstractContextManager[Progress]]


def run_demo(folder: Path, port: int | None, keep: bool, progress: ProgressMaker, say: Say) -> None:
    """Build the demo organization, scan it and leave the results in `folder`.

    Raises `DemoError` where the folder cannot be written, the embedded AWS cannot be started, or a
    verdict is not the expected one.
    """
    _prepare(folder)
    started = time.monotonic()
    with EmbeddedAWS(port) as aws:
        say(f"an embedded AWS answers at {aws.endpoint}; building the demo organization")
        organization = build(emulator_clients(aws.endpoint), aws.endpoint, folder)
        settings = _settings(organization, folder)
        with _environment(organization), progress() as shown:
            pipeline.scan(settings, shown)
        with pipeline.open_store(settings, read_only=True) as store:
            _report(store, folder)
            wrong = list(unexpected(store, organization))
            stray = next(s.arn for s in organization.strays if s.resource_type == "AWS::IAM::User")
        if wrong:
            told = "\n  ".join(wrong[:20])
            raise DemoError(f"{len(wrong)} verdicts of the demo are not as expected:\n  {told}")
        say(_closing(folder, stray, time.monotonic() - started))
        if keep:
            say(f"the embedded AWS stays at {aws.endpoint} until Ctrl-C")
            threading.Event().wait()


def unexpected(store: Store, organization: DemoOrganization) -> Iterator[str]:
    """Yield a sentence for every verdict that is not what the demo's builder meant."""
    rows = store.rows(
        "SELECT arn, resource_type, resource_id, name, parent_arn, status, root FROM inventory"
    )
    seen = {row["arn"]: row for row in rows}
    for arn, expected in organization.expected.items():
        row = seen.get(arn)
        if row is None:
            yield f"{arn} was not seen"
        elif (row["status"], row["root"]) != (expected.status, expected.root):
            told = f"{row['status']} under {row['root']}"
            yield f"{arn} is {told}, not {expected.status} under {expected.root}"
    meant = {a for a, expected in organization.expected.items() if expected.status == "unmanaged"}
    children = {c.name for c in organization.children if c.status == "unmanaged"}
    for row in seen.values():
        named = row["name"] in children or row["resource_id"] in children
        if row["status"] == "unmanaged" and not (
            row["arn"] in meant or row["root"] in meant or named
        ):
            yield f"{row['arn']} is called a stray, and nobody made it so"
    missing = {r["address"] for r in store.rows("SELECT * FROM claims WHERE state = 'missing'")}
    if missing != (wanted := {gone.address for gone in organization.missing}):
        yield f"missing are {sorted(missing)}, not {sorted(wanted)}"


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("strays.duckdb", "strays.duckdb.wal"):
            (folder / name).unlink(missing_ok=True)
        probe = folder / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise DemoError(
            f"{folder} cannot be written ({error.strerror}): choose another with --folder"
        ) from error


def _settings(organization: DemoOrganization, folder: Path) -> Config:
    database = folder / "strays.duckdb"
    text = organization.config_text.replace('"strays.duckdb"', f'"{database}"', 1)
    path = folder / "strays.toml"
    path.write_text(text, "utf-8")
    return configs.load(path)


@contextmanager
def _environment(organization: DemoOrganization) -> Iterator[None]:
    """Point boto3's own variables at the embedded AWS, and put them back."""
    given = {
        "AWS_ENDPOINT_URL": organization.endpoint,
        "AWS_ACCESS_KEY_ID": organization.credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": organization.credentials.secret_access_key,
        "AWS_SESSION_TOKEN": organization.credentials.session_token,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    before = {name: os.environ.get(name) for name in [*given, "AWS_PROFILE"]}
    os.environ.pop("AWS_PROFILE", None)
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _report(store: Store, folder: Path) -> None:
    context = Context.of(store)
    for spec in REPORTS:
        form, _, name = spec.partition("://")
        write(f"{form}://{folder / name}", store, context)
    write("console://stdout", store, context)


def _closing(folder: Path, stray: str, seconds: float) -> str:
    program = Path(sys.argv[0])
    strays = os.path.relpath(program) if program.name == "strays" else "strays"
    options = f"--db {folder / 'strays.duckdb'}"
    return f"""
Every verdict is the expected one ({seconds:.0f} s). Open {folder / "report.html"}, or try:

  {strays} query {options} "SELECT account_id, region, resource_type, count(*) FROM inventory WHERE status = 'unmanaged' GROUP BY ALL ORDER BY 4 DESC"
  {strays} explain {options} {stray}
  {strays} report {options} -o csv://{folder / "findings.csv"}
"""  # noqa: E501, S608 (a command line to copy)
