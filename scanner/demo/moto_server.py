"""Runs moto's server with the handful of AWS-managed policies that the demo attaches.

`EmbeddedAWS` starts this file as a program. moto either knows none of AWS's managed policies or
gives all 1,400 to every account of every partition, which costs the demo five seconds.
"""

import importlib
import json
import sys
from typing import Any

POLICIES = (
    "AdministratorAccess",
    "AWSLambdaBasicExecutionRole",
    "ReadOnlyAccess",
    "SecurityAudit",
)


def main(arguments: list[str]) -> None:
    """Serve until terminated; the arguments are those of `moto_server`."""
    from moto.server import main as serve

    models: Any = importlib.import_module("moto.iam.models")
    known = json.loads(models.aws_managed_policies_data)
    models.aws_managed_policies_data = json.dumps({name: known[name] for name in POLICIES})
    serve(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
