"""An AWS of our own: moto's server as a child process on a loopback port."""

import atexit
import ctypes
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from scanner.demo.emulator import answers
from scanner.errors import DemoError

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1


class EmbeddedAWS:
    """A context manager: `with EmbeddedAWS() as aws:` gives `aws.endpoint` (`http://127.0.0.1:N`).

    Without a port it takes a free one. Raises DemoError where moto is not installed, the port is
    busy, or the server ends or stays silent for a minute. The server ends with the block, with
    the interpreter, and on Linux with the parent process, however that ends.
    """

    def __init__(self, port: int | None = None) -> None:
        self._wanted = port
        self._process: subprocess.Popen[bytes] | None = None
        self._log: Path | None = None
        self.port = 0

    @property
    def endpoint(self) -> str:
        """Where AWS clients should send their calls."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        _require_moto()
        self.port = _claim_port(self._wanted)
        with ExitStack() as failed:
            failed.callback(self.stop)
            self._start()
            self._wait()
            failed.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server: ask, and after five seconds insist. Does nothing where none runs."""
        process, self._process = self._process, None
        atexit.unregister(self.stop)
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._log is not None:
            self._log.unlink(missing_ok=True)
            self._log = None

    def _start(self) -> None:
        # -P: a program's own folder stays off the path, so our module names hide nobody's.
        program = str(Path(__file__).with_name("moto_server.py"))
        command = [sys.executable, "-P", program, "-H", HOST, "-p", str(self.port)]
        handle, name = tempfile.mkstemp(prefix="strays-demo-", suffix=".log")
        self._log = Path(name)
        atexit.register(self.stop)
        with os.fdopen(handle, "wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(),
                preexec_fn=_dies_with_parent(),  # noqa: PLW1509 - it takes no lock
            )

    def _wait(self) -> None:
        """Return once the server answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            process = self._process
            if process is None or process.poll() is not None:
                raise DemoError(f"The embedded AWS ended on its start: {self._last_words()}")
            if answers(self.endpoint):
                return
            time.sleep(0.1)
        raise DemoError(
            f"The embedded AWS did not answer on {self.endpoint} within {START_SECONDS:.0f} "
            f"seconds: {self._last_words()}"
        )

    def _last_words(self) -> str:
        text = self._log.read_text(errors="replace").strip() if self._log else ""
        return text.splitlines()[-1] if text else "it said nothing"


def _require_moto() -> None:
    if all(importlib.util.find_spec(name) for name in ("moto", "flask")):
        return
    raise DemoError(
        "The demo needs the embedded AWS (moto), which is not installed: "
        "run pip install 'strays[demo]'."
    )


def _claim_port(wanted: int | None) -> int:
    """Return a port that nobody listens on: `wanted`, or one the system picks."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted or 0))
        except OSError as error:
            raise DemoError(
                f"Port {wanted} on {HOST} cannot be used ({error.strerror}): choose another one, "
                "or none to get a free one."
            ) from error
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    """The caller's environment without what would change how moto behaves.

    It would list every public image's snapshots as the account's own: half a second a region.
    """
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTO_", "AWS_"))
    }
    ours = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"}
    return kept | ours


def _dies_with_parent() -> Callable[[], None] | None:
    """A hook for the child, on Linux only: the kernel ends it when the parent is gone.

    PR_SET_PDEATHSIG of prctl(2) also fires when the *thread* that made the child ends, so start
    the server on a thread that lives as long as the demo.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def hook() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return hook
