"""Which host of HCP Terraform or Terraform Enterprise is meant, and the token for it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from scanner.errors import SourceError

HOST = "app.terraform.io"


def own_host() -> str:
    """Return the host that the environment names, HCP Terraform's where it names none."""
    address = urlsplit(os.environ.get("TFE_ADDRESS", "")).netloc
    named = (os.environ.get(name) for name in ("TFE_HOSTNAME", "TF_CLOUD_HOSTNAME"))
    return address or next((host for host in named if host), HOST)


def token(host: str) -> str:
    """Return the token as Terraform finds it, after TFE_TOKEN, which is for our own host alone.

    A folder of HCL may name any host, so that token must not go where the HCL says.
    https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
    """
    plain = re.sub(r":\d+$", "", host)
    variable = "TF_TOKEN_" + plain.replace("-", "__").replace(".", "_")
    ours = os.environ.get("TFE_TOKEN") if host == own_host() else None
    found = ours or os.environ.get(variable) or _login(plain)
    if not found:
        way = "TFE_TOKEN" if host == own_host() else variable
        raise SourceError(f"there is no token for {host}: set {way}, or run `terraform login`")
    return found


def _login(host: str) -> str | None:
    """Return the token that `terraform login` keeps."""
    path = Path.home() / ".terraform.d" / "credentials.tfrc.json"
    try:
        found = json.loads(path.read_bytes())["credentials"][host]["token"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None
