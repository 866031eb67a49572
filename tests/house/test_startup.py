"""The command line starts quickly: what is heavy is imported when a command needs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "boto3", "botocore", "duckdb", "jinja2", "jmespath", "moto", "msgspec", "networkx", "pyarrow",
    "pydantic", "reports", "rich", "rules", "yaml",
}  # fmt: skip
LOADED = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
IMPORTED = f"import scanner.cli\n{LOADED}"
HELPED = f"""
import sys
from scanner.cli import main
sys.argv = ["strays", "--help"]
try:
    main()
except SystemExit:
    {LOADED}
"""


@pytest.mark.parametrize("code", [IMPORTED, HELPED], ids=["imported", "with --help"])
def test_the_command_line_loads_nothing_heavy(code: str) -> None:
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in json.loads(ran.stderr)}
    assert "typer" in loaded
    assert loaded & HEAVY == set()
