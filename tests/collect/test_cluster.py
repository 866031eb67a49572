"""What is said where a cluster cannot be had."""

from __future__ import annotations

from contextlib import ExitStack
from types import SimpleNamespace
from typing import NoReturn

import pytest

from scanner.crew import cluster
from scanner.errors import ClusterError


def test_workers_that_do_not_come_up_are_told_of() -> None:
    def die(**_: object) -> NoReturn:
        raise RuntimeError("Nanny failed to start.")

    distributed = SimpleNamespace(LocalCluster=die)
    with ExitStack() as stack, pytest.raises(ClusterError, match=r"3 workers .* Nanny failed"):
        cluster._client(distributed, "local:3", stack)
