"""The demo's `strays.toml`."""

import json
from collections.abc import Mapping
from pathlib import Path

from scanner.demo.landing_zone import AUDIT_ROLE, MANAGEMENT, STATE_BUCKET
from scanner.demo.world import REGIONS


def config_text(accounts: Mapping[str, str], states: Path) -> str:
    """The configuration that scans the organization; `states` is the folder of local states."""
    local = json.dumps(f"tfstate://{states}/*.tfstate")
    return f"""\
# The demo organization: five regions, of which nobody uses the last.
database = "strays.duckdb"

[scan]
organization = true
organization_role_arn = "arn:aws:iam::{MANAGEMENT}:role/{AUDIT_ROLE}"
role_name = "{AUDIT_ROLE}"
regions = {json.dumps(list(REGIONS))}

[[terraform]]
from = "tfstate+s3://{STATE_BUCKET}/**/*.tfstate"
region = "us-east-1"

[[terraform]]
from = {local}

[[tag_claim]]
key = "managed-by"
value = "pulumi"
owner = "pulumi"

[[environment]]
name = "production"
accounts = ["{accounts["production"]}"]
policy = "iac-only"

[[environment]]
name = "staging"
accounts = ["{accounts["staging"]}"]
policy = "report"

[[environment]]
name = "sandbox"
accounts = ["{accounts["test"]}"]
policy = "tolerate"
"""
