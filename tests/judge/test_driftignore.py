"""driftctl's ignore grammar, rule by rule, and its filter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.driftignore import DriftIgnore, selects
from scanner.errors import ConfigError, UsageError

CASES = [
    # what, the file, what it ignores, what it leaves
    ("a name and id", "aws_s3_bucket.logs", ["aws_s3_bucket.logs"], ["aws_s3_bucket.l", "a.logs"]),
    ("fields below a name", "aws_s3_bucket.logs", ["aws_s3_bucket.logs.tags"], []),
    ("a bare type", "aws_s3_bucket", ["aws_s3_bucket.logs"], ["aws_s3_bucket_policy.logs"]),
    ("all of a type", "aws_s3_bucket.*", ["aws_s3_bucket.logs"], ["aws_s3_bucket_policy.logs"]),
    ("comment", "# aws_s3_bucket.*", [], ["aws_s3_bucket.logs", "# aws_s3_bucket.x"]),
    ("no comment behind a pattern", "a.b # why", ["a.b # why"], ["a.b"]),
    ("comment only at the line's start", " # a.b", [" # a.b"], ["a.b", "# a.b"]),
    ("escaped hash", r"\#odd.id", ["#odd.id"], ["odd.id"]),
    ("empty lines", "\n   \n\na.b\n", ["a.b"], ["a.c"]),
    ("escaped exclamation mark", r"\!odd.id", ["!odd.id"], ["odd.id"]),
    ("star spans dots", "aws_*.prod*", ["aws_x.prod.1", "aws_s3_bucket.production"], ["aws_x.dev"]),
    ("star spans slashes", "aws_log_group.*fn", ["aws_log_group./aws/lambda/fn"], []),
    ("many stars", "a**.**b", ["ax.yb", "a.b"], ["a.c"]),
    ("star may be nothing", "a.b*", ["a.b", "a.bc"], ["a."]),
    ("question mark is one character", "a.b?", ["a.bc"], ["a.b", "a.bcd"]),
    ("question mark is no slash", "a.b?c", ["a.bxc"], ["a.b/c"]),
    ("class", "a.b[12]", ["a.b1", "a.b2"], ["a.b3", "a.b[12]"]),
    ("range", "a.b[0-4x]", ["a.b3", "a.bx"], ["a.b5", "a.b-"]),
    ("negated class", "a.b[^0-4]", ["a.b5"], ["a.b3", "a.b"]),
    ("no other negation in classes", "a.b[!x]", ["a.b!", "a.bx"], ["a.by"]),
    ("escaped bracket", r"a.b\[1\]", ["a.b[1]"], ["a.b1"]),
    ("escape inside a class", r"a.b[\]\-]", ["a.b]", "a.b-"], [r"a.b\\"]),
    ("reversed range fits nothing", "a.b[z-a]", [], ["a.bm", "a.bz"]),
    ("class that never ends fits nothing", "a.b[12", [], ["a.b1", "a.b[12"]),
    ("final backslash fits nothing", "a.b\\", [], ["a.b", "a.b\\"]),
    ("escaped star", r"a.b\*", ["a.b*"], ["a.bc"]),
    ("escaped question mark", r"a.b\?", ["a.b?"], ["a.bc"]),
    ("escaped dot is a dot", r"a.id\.with\.dots", ["a.id.with.dots"], ["a.idxwith"]),
    ("plain dot is a dot", "a.id.with.dots", ["a.id.with.dots"], ["a.idxwith.dots"]),
    ("escaped backslash", r"a.b\\c", ["a.b\\c"], ["a.bc"]),
    ("slash in an id", "a./aws/lambda/fn", ["a./aws/lambda/fn"], ["a./aws/lambda/fn2"]),
    ("ARN", "a.arn:aws:iam::1:role/x/y", ["a.arn:aws:iam::1:role/x/y"], ["a.arn:aws:iam::1:r"]),
    ("slash at the end is no folder", "a.b/", ["a.b/"], ["a.b"]),
    ("trailing blanks", "a.b  ", ["a.b"], ["a.b  "]),
    ("escaped trailing blank", "a.b\\ ", ["a.b "], ["a.b"]),
    ("case counts", "a.Bucket", ["a.Bucket"], ["a.bucket"]),
    ("windows line ends", "a.b\r\na.c\r\n", ["a.b", "a.c"], []),
    ("all but a type", "*\n!aws_s3_bucket", ["aws_sqs_queue.x"], ["aws_s3_bucket.logs"]),
    ("all but a type, starred", "*\n!aws_s3_bucket.*", ["a.x"], ["aws_s3_bucket.logs"]),
    ("all but one of a type", "a.*\n!a.logs", ["a.x"], ["a.logs"]),
    ("last line wins", "!a.b\na.b", ["a.b"], []),
    ("taken back and ignored again", "a.*\n!a.b*\na.bad", ["a.x", "a.bad"], ["a.b", "a.bet"]),
    ("taking back alone ignores nothing", "!a.b", [], ["a.b", "a.c"]),
    ("one mark only takes back", "*\n!!a.b", ["a.b"], ["!a.b"]),
    ("lines that are no resource", "foobar\n4(\"è-(_ç\n.id\n\\\\\n.\na.b", ["a.b"], ["x.y"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ignored", "kept"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_grammar(text: str, ignored: list[str], kept: list[str]) -> None:
    read = DriftIgnore.parse(text)
    verdicts = {name: read.ignoring(*_split(name)) is not None for name in ignored + kept}
    assert verdicts == dict.fromkeys(ignored, True) | dict.fromkeys(kept, False)


def _split(name: str) -> tuple[str, list[str | None]]:
    resource_type, _, resource_id = name.partition(".")
    return resource_type, [resource_id]


def test_the_line_that_ignores_is_named_with_the_comment_above_it() -> None:
    read = DriftIgnore.parse("# first\n\n# made by hand,\n# on purpose\na.b\n")
    line = read.ignoring("a", ["b"])
    assert line is not None
    assert (line.number, line.comment) == (5, "made by hand, on purpose")


def test_first_name_that_any_line_speaks_of_decides() -> None:
    read = DriftIgnore.parse("a.url\n!a.id\n")
    assert read.ignoring("a", ["url", "id"]) is not None
    assert read.ignoring("a", ["id", "url"]) is None
    assert read.ignoring("a", [None, "other", "url"]) is not None
    assert read.ignoring(None, ["url"]) is None


@given(st.text(alphabet="ab*?[]^-\\!./ #"), st.text(alphabet="ab*?[]^-\\!./ #", min_size=1))
def test_no_text_is_too_odd_to_read(text: str, name: str) -> None:
    DriftIgnore.parse(text).ignoring("a", [name])


@given(st.text(alphabet=st.characters(exclude_characters="\n\r", codec="utf-8"), min_size=1))
def test_every_id_can_be_written_with_escapes(resource_id: str) -> None:
    escaped = "".join(f"\\{char}" for char in resource_id)
    read = DriftIgnore.parse(f"aws_x.{escaped}")
    assert read.ignoring("aws_x", [resource_id]) is not None
    assert read.ignoring("aws_x", [resource_id + "x"]) is None


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gone"):
        DriftIgnore.read(tmp_path / "gone")


BUCKET = {
    "Type": "aws_s3_bucket",
    "Id": "logs-1",
    "Attr": {"tags": {"team": "a"}, "name": "logs-1"},
}
FILTERS = [
    ("Type=='aws_s3_bucket' && Id=='logs-1'", True),
    ("Type=='aws_s3_bucket' && Id!='logs-1'", False),
    ("Attr.tags.team == 'a'", True),
    ("Attr.tags.owner == 'a'", False),
    ("!(Type=='aws_s3_bucket' && starts_with(Id, 'logs-'))", False),
    ("contains(Id, '-')", True),
]


@pytest.mark.parametrize(("expression", "kept"), FILTERS)
def test_filter(expression: str, kept: bool) -> None:
    assert selects(expression, BUCKET) is kept


@pytest.mark.parametrize("expression", ["Type==", "starts_with(Attr.gone, 'x')", "nonsense(Id)"])
def test_filter_that_fails_hides_nothing_but_stops(expression: str) -> None:
    with pytest.raises(UsageError, match="--filter"):
        selects(expression, BUCKET)
