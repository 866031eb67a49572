"""Runs moto's server with the handful of AWS-managed policies that the demo attaches.

`EmbeddedAWS` starts this file as a program. moto either knows none of AWS's managed policies or
gives all 1,400 to every account of every partition, which costs the demo five seconds.
"""

import gc
import importlib
import json
import sys
from collections.abc import Callable
from threading import Lock
from typing import Any

POLICIES = (
    "AdministratorAccess",
    "AWSLambdaBasicExecutionRole",
    "ReadOnlyAccess",
    "SecurityAudit",
)

Application = Callable[..., Any]


def main(arguments: list[str]) -> None:
    """Serve until terminated; the arguments are those of `moto_server`."""
    models: Any = importlib.import_module("moto.iam.models")
    known = json.loads(models.aws_managed_policies_data)
    models.aws_managed_policies_data = json.dumps({name: known[name] for name in POLICIES})
    serve(arguments)


def serve(arguments: list[str]) -> None:
    """Serve as `moto_server` does, for a scan, at half of what that costs."""
    server: Any = importlib.import_module("moto.server")
    application = server.DomainDispatcherApplication
    application.__call__ = first_alone(application.__call__)
    gc.set_threshold(50_000, 20, 20)  # a collection walks the models that stay: half a second
    server.main(arguments)


def first_alone(answer: Application) -> Application:
    """Return a WSGI application whose first request of each service nobody runs beside.

    A scan asks a service in all accounts and regions at once. moto reads the service's models when
    it is asked, and `functools.cache` holds nobody back meanwhile: six calls read them six times.
    """
    known: set[str] = set()
    locks: dict[str, Lock] = {}

    def ordered(self: Any, environ: dict[str, Any], *more: Any) -> Any:
        service = _service(environ)
        if service in known:
            return answer(self, environ, *more)
        with locks.setdefault(service, Lock()):
            found = answer(self, environ, *more)
            known.add(service)
            return found

    return ordered


def _service(environ: dict[str, Any]) -> str:
    """Return the service that a request is signed for; "" for an unsigned one."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition(",")[0].split("/")
    return str(scope[3]) if len(scope) == 5 else ""


if __name__ == "__main__":
    main(sys.argv[1:])
