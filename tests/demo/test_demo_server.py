import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from scanner.demo import EmbeddedAWS
from scanner.demo import server as server_module
from scanner.errors import DemoError

pytestmark = pytest.mark.xdist_group("demo")


def _listens(endpoint):
    try:
        with urllib.request.urlopen(f"{endpoint}/moto-api/data.json", timeout=60):
            return True
    except OSError:
        return False


def test_it_answers_inside_the_block_and_is_gone_after_it():
    with EmbeddedAWS() as aws:
        assert aws.endpoint == f"http://127.0.0.1:{aws.port}"
        assert _listens(aws.endpoint)
    assert not _listens(aws.endpoint)


def test_it_stops_when_the_block_fails():
    with pytest.raises(RuntimeError, match="boom"), EmbeddedAWS() as aws:
        raise RuntimeError("boom")
    assert not _listens(aws.endpoint)


def test_a_busy_port_is_named():
    with (
        EmbeddedAWS() as first,
        pytest.raises(DemoError, match=f"Port {first.port} on 127.0.0.1 cannot be used"),
        EmbeddedAWS(first.port),
    ):
        pass


def test_a_missing_moto_names_the_extra(monkeypatch):
    monkeypatch.setattr(server_module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DemoError, match=r"strays\[demo\]"), EmbeddedAWS():
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_it_ends_with_a_parent_that_is_killed():
    program = (
        "import time; from scanner.demo import EmbeddedAWS\n"
        "with EmbeddedAWS() as aws: print(aws.endpoint, flush=True); time.sleep(600)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        endpoint = parent.stdout.readline().strip()
        assert _listens(endpoint)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 120
    while _listens(endpoint) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _listens(endpoint)
