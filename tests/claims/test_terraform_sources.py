"""`--from` in driftctl's grammar: files, S3 on the emulator, HTTP from a server of the test."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scanner.aws import Aws
from scanner.claims.source import StateSource, glob_pattern, outcome_of
from scanner.claims.sources import open_sources
from scanner.claims.terraform import read_states
from scanner.config import TerraformSource
from scanner.errors import SourceError
from scanner.model import Source
from tests.claims.shelf import CATALOG, held, row, state
from tests.world import World

STATE = state(row("aws_sqs_queue", held(id="q")))


def opened(place: str, **more: Any) -> list[StateSource]:
    return list(open_sources([TerraformSource(**{"from": place, **more})], Aws()))


def rows(*places: str, **more: Any) -> list[Source]:
    froms = [TerraformSource(**{"from": place, **more}) for place in places]
    return read_states(open_sources(froms, Aws()), CATALOG).sources


def only(place: str, **more: Any) -> Source:
    (found,) = rows(place, **more)
    return found


def put(path: Path, data: bytes = STATE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_file_is_named_by_its_whole_path_and_has_an_age(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "a.tfstate")
    monkeypatch.chdir(tmp_path)
    (found,) = opened("tfstate://a.tfstate")
    assert found.source_id == f"tfstate://{tmp_path}/a.tfstate"
    assert found.read() == STATE
    assert found.modified_at is not None
    assert found.modified_at.tzinfo is None


def test_globs_cross_folders_and_tell_states_from_locks_and_backups(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b" / "terraform.tfstate")
    put(tmp_path / "c.tfstate")
    put(tmp_path / ".terraform" / "terraform.tfstate")
    for name in ("c.tfstate.backup", "a/errored.tfstate", "c.tfstate.tflock", "d.tfstate.1.backup"):
        put(tmp_path / name)
    found = {Path(one.source_id).name: one for one in rows(f"tfstate://{tmp_path}/**/*.tfstate*")}
    assert {name for name, one in found.items() if one.outcome == "read"} == {
        "terraform.tfstate", "c.tfstate"
    }  # fmt: skip
    skipped = {name: one.message for name, one in found.items() if one.outcome == "skipped"}
    assert set(skipped) == {
        "c.tfstate.backup", "errored.tfstate", "c.tfstate.tflock", "d.tfstate.1.backup"
    }  # fmt: skip
    assert "state push" in (skipped["errored.tfstate"] or "")


def test_a_glob_goes_no_deeper_than_it_says_and_follows_links_once(tmp_path: Path) -> None:
    put(tmp_path / "a" / "x.tfstate")
    put(tmp_path / "a" / "b" / "x.tfstate")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (tmp_path / "linked").symlink_to(put(tmp_path / "elsewhere" / ".h" / "x.tfstate").parent)

    def names(glob: str) -> list[str]:
        start = f"tfstate://{tmp_path}/"
        return [one.source_id.removeprefix(start) for one in opened(start + glob)]

    assert names("*/x.tfstate") == ["a/x.tfstate", "linked/x.tfstate"]
    assert names("a/**/*.tfstate") == ["a/b/x.tfstate", "a/x.tfstate"]
    assert names("*/.h/*") == ["elsewhere/.h/x.tfstate"]


def test_a_folder_that_cannot_be_looked_into_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "x.tfstate")
    hidden = put(tmp_path / "shut" / "x.tfstate").parent
    scandir = os.scandir

    def refusing(path: Any) -> Any:
        if Path(path) == hidden:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = rows(f"tfstate://{tmp_path}/**/*.tfstate")
    assert [(one.source_id, one.outcome) for one in found] == [
        (f"tfstate://{hidden}", "denied"),
        (f"tfstate://{tmp_path}/x.tfstate", "read"),
    ]


def test_home_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    put(tmp_path / "x.tfstate")
    assert only("tfstate://~/x.tfstate").outcome == "read"
    assert only("tfstate://~/*.tfstate").outcome == "read"


def test_a_name_with_a_glob_s_marks_is_a_name_where_it_exists(tmp_path: Path) -> None:
    put(tmp_path / "[a].tfstate")
    assert only(f"tfstate://{tmp_path}/[a].tfstate").outcome == "read"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STATE)))
    assert only("tfstate://-").outcome == "read"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none.tfstate", "no such file"),
        ("*.nothing", "no file fits"),
        ("", "/**/*.tfstate"),
    ],
)
def test_a_place_without_a_state_is_one_failed_row(tmp_path: Path, name: str, told: str) -> None:
    good = put(tmp_path / "good.tfstate")
    found = rows(f"tfstate://{tmp_path}/{name}", f"tfstate://{good}")
    assert sorted(one.outcome for one in found) == ["failed", "read"]
    (failed,) = (one for one in found if one.outcome == "failed")
    assert told in (failed.message or "")


def test_permission_is_told_from_failure() -> None:
    denied, failed = SourceError("a"), SourceError("b")
    denied.__cause__ = PermissionError(13, "x")
    failed.__cause__ = OSError(5, "x")
    assert (outcome_of(denied), outcome_of(failed)) == ("denied", "failed")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("terraform.tfstate", "write tfstate://terraform.tfstate"),
        ("tfstate+ftp://b/k", "known are tfstate://, tfstate+s3://"),
        ("tfstate+s3://bucket", "needs a bucket and a key"),
        ("tfstate+s3:///key", "needs a bucket and a key"),
        ("tfstate+https://[::1", "malformed"),
    ],
)
def test_an_unknown_place_says_what_is_known(world: World, place: str, told: str) -> None:
    found = only(place)
    assert found.outcome == "failed"
    assert told in (found.message or "")


@pytest.mark.parametrize(
    ("glob", "fits", "not_these"),
    [
        (
            "a/**/*.tfstate",
            ["a/x.tfstate", "a/b/c/x.tfstate"],
            ["b/x.tfstate", "a/x.tfstate.tflock"],
        ),
        ("a/*.tfstate", ["a/x.tfstate"], ["a/b/x.tfstate"]),
        ("**", ["a", "a/b"], []),
        ("a?c[0-9]", ["abc1"], ["a/c1", "abcx"]),
        ("[!a]x", ["bx"], ["ax"]),
        ("env:/*/k.(x)", ["env:/dev/k.(x)"], ["env:/dev/kx(x)"]),
    ],
)
def test_globs_over_keys(glob: str, fits: list[str], not_these: list[str]) -> None:
    pattern = glob_pattern(glob)
    assert all(pattern.fullmatch(key) for key in fits)
    assert not any(pattern.fullmatch(key) for key in not_these)


def bucket(world: World, name: str, *keys: str, region: str = "us-east-1") -> str:
    client = world.client("s3", region)
    where = (
        {}
        if region == "us-east-1"
        else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    )
    whole = f"{name}-{world.account_id}"
    client.create_bucket(Bucket=whole, **where)
    for key in keys:
        client.put_object(Bucket=whole, Key=key, Body=STATE)
    return whole


def test_one_key_of_a_bucket(world: World) -> None:
    name = bucket(world, "states", "env:/staging/app/terraform.tfstate")
    (found,) = opened(f"tfstate+s3://{name}/env:/staging/app/terraform.tfstate")
    assert found.source_id == f"tfstate+s3://{name}/env:/staging/app/terraform.tfstate"
    assert found.read() == STATE
    assert found.modified_at is not None


def test_a_glob_over_keys_tells_states_from_locks(world: World) -> None:
    keys = ("a/x.tfstate", "a/b/c/x.tfstate", "a/x.tfstate.tflock", "b/x.tfstate", "a/folder/")
    name = bucket(world, "some", *keys)
    found = {one.source_id.partition(name)[2]: one for one in rows(f"tfstate+s3://{name}/a/**")}
    assert {key: one.outcome for key, one in found.items()} == {
        "/a/x.tfstate": "read",
        "/a/b/c/x.tfstate": "read",
        "/a/x.tfstate.tflock": "skipped",
    }
    assert found["/a/x.tfstate"].modified_at is not None


def test_a_glob_follows_the_pages_of_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(handler: Handler) -> tuple[int, dict[str, str], bytes]:
        last = "continuation-token=t1" in handler.path
        key, more = ("p/2.tfstate", "false") if last else ("p/1.tfstate", "true")
        token = "" if last else "<NextContinuationToken>t1</NextContinuationToken>"
        text = (
            f"<ListBucketResult><IsTruncated>{more}</IsTruncated>{token}"
            f"<Contents><Key>{key}</Key></Contents></ListBucketResult>"
        )
        return 200, {}, text.encode()

    with serving(answer) as (host, asked):
        use_server(host, monkeypatch)
        found = opened("tfstate+s3://b/p/*.tfstate")
    assert [one.source_id[-9:] for one in found] == ["1.tfstate", "2.tfstate"]
    assert all("prefix=p%2F" in path for path, _ in asked)


def test_a_bucket_of_another_region(world: World) -> None:
    name = bucket(world, "far", "k.tfstate", region="eu-central-1")
    assert only(f"tfstate+s3://{name}/k.tfstate").outcome == "read"
    assert only(f"tfstate+s3://{name}/*", region="eu-central-1").outcome == "read"


def test_a_bucket_of_another_account_by_role(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = bucket(world, "theirs", "k.tfstate")
    role = f"arn:aws:iam::{world.account_id}:role/StateReader"
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "other")
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    assert Aws().caller().account_id != world.account_id
    assert only(f"tfstate+s3://{name}/k.tfstate", role_arn=role).outcome == "read"


@pytest.mark.parametrize(
    ("key", "told"),
    [("none.tfstate", "NoSuchKey"), ("none/*.tfstate", "no key of the bucket fits")],
)
def test_a_key_that_is_not_there(world: World, key: str, told: str) -> None:
    name = bucket(world, "few", "k.tfstate")
    found = only(f"tfstate+s3://{name}/{key}")
    assert found.outcome == "failed"
    assert told in (found.message or "")
    assert found.source_id == f"tfstate+s3://{name}/{key}"


def test_a_bucket_that_is_not_there(world: World) -> None:
    assert "NoSuchBucket" in (only(f"tfstate+s3://gone-{world.account_id}/k").message or "")


def test_no_credentials_and_no_profile_are_rows_too() -> None:
    found = rows("tfstate+s3://b/k") + rows("tfstate+s3://b/k", profile="nobody")
    assert [one.outcome for one in found] == ["failed", "failed"]
    assert "no AWS credentials" in (found[0].message or "")
    assert "nobody" in (found[1].message or "")


class Handler(BaseHTTPRequestHandler):
    """Answers from the server's `answers`, and keeps what was asked."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append((self.path, dict(self.headers)))
        status, headers, body = server.answer(self)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 (the library's name)

    def log_message(self, *_: Any) -> None: ...


@contextmanager
def serving(answer: Any) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """A server on a free port: its host and what it was asked."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answer, server.asked = answer, []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", server.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def use_server(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let AWS be at this host for the rest of the test."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.parametrize(
    ("status", "outcome", "told"),
    [
        (401, "denied", "TF_HTTP_USERNAME"),
        (403, "denied", "TF_HTTP_USERNAME"),
        (404, "failed", "no state there"),
        (204, "failed", "no state there"),
        (500, "failed", "answers 500"),
    ],
)
def test_http_refusals_are_rows(status: int, outcome: str, told: str) -> None:
    with serving(lambda _: (status, {}, b"")) as (host, _):
        found = only(f"tfstate+http://u:hush@{host}/s")
    assert found.outcome == outcome
    assert told in (found.message or "")
    assert "hush" not in repr(found)


def test_a_redirect_is_followed_without_the_password() -> None:
    def answer(handler: Handler) -> tuple[int, dict[str, str], bytes]:
        if handler.path == "/there":
            return 200, {}, STATE
        return 302, {"Location": "/there"}, b""

    with serving(answer) as (host, asked):
        assert only(f"tfstate+http://u:p@{host}/here").outcome == "read"
    assert ["Authorization" in headers for _, headers in asked] == [True, False]


def test_a_redirect_to_another_protocol_is_refused() -> None:
    with serving(lambda _: (302, {"Location": "ftp://example.com/x"}, b"")) as (host, _):
        assert "refused" in (only(f"tfstate+http://{host}/x").message or "")


def test_http_that_breaks_off_or_is_not_there_is_a_row() -> None:
    with serving(lambda _: (200, {"Content-Length": "999999"}, STATE[:50])) as (host, _):
        short = only(f"tfstate+http://{host}/x")
    gone = only(f"tfstate+http://u:hush@{host}/x")
    assert [short.outcome, gone.outcome] == ["failed", "failed"]
    assert "hush" not in repr(gone)
    assert f"{host} cannot be asked" in (gone.message or "")


@pytest.mark.parametrize("status", [301, 400])
def test_s3_in_another_region_is_asked_again_there(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3 as documented: a wrong region is refused with the right one in a header."""
    code = "PermanentRedirect" if status == 301 else "AuthorizationHeaderMalformed"
    refusal = f"<Error><Code>{code}</Code><Message>m</Message><Region>eu-west-1</Region></Error>"

    def answer(handler: Handler) -> tuple[int, dict[str, str], bytes]:
        if "/eu-west-1/s3/" in handler.headers["Authorization"]:
            return 200, {}, STATE
        return status, {"x-amz-bucket-region": "eu-west-1"}, refusal.encode()

    with serving(answer) as (host, _):
        use_server(host, monkeypatch)
        found = only("tfstate+s3://far/k.tfstate")
    assert found.message is None


def test_a_denied_bucket_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
    with serving(lambda _: (403, {}, refusal)) as (host, _):
        use_server(host, monkeypatch)
        found = rows("tfstate+s3://b/k.tfstate", "tfstate+s3://b/**/*.tfstate")
    assert [one.outcome for one in found] == ["denied", "denied"]
