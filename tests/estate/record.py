"""Record the estate again with real Terraform: ``python -m tests.estate.record``.

Starts a moto server and the recording proxy, makes the world, writes `fixtures/` and
`expected.json`. Takes about five minutes, mostly waiting of the provider's own.
Exits with 2 and says why where terraform or the provider mirror is absent.
"""

import logging
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import EXPECTED, FIXTURES, expectation, tape
from .clients import STATE_BUCKET
from .proxy import RecordingProxy
from .server import moto
from .terraform_run import TerraformError, find_terraform
from .world import build

log = logging.getLogger(__name__)


@contextmanager
def recording(upstream: str) -> Iterator[RecordingProxy]:
    proxy = RecordingProxy(upstream, private=f"/{STATE_BUCKET}/")
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()


def record(work: Path) -> None:
    """Make the world under `work` and write the fixtures."""
    with moto() as endpoint, recording(endpoint) as proxy:
        states, known = build(proxy.endpoint, work)
        netloc = proxy.netloc
        FIXTURES.mkdir(exist_ok=True)
        tape.save(proxy.calls, FIXTURES / "tape.jsonl.gz")
        reads = proxy.reads
    for name, content in states.items():
        (FIXTURES / f"{name}.tfstate").write_bytes(tape.readdress(content, netloc, tape.PLACE))
    expectation.save(known, EXPECTED)
    text = EXPECTED.read_bytes()
    EXPECTED.write_bytes(tape.readdress(text, netloc, tape.PLACE))
    log.info("%d calls on tape, %d reads left out", len(proxy.calls), reads)


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    started = time.monotonic()
    try:
        find_terraform()
        with tempfile.TemporaryDirectory(prefix="strays-estate-") as work:
            record(Path(work))
    except TerraformError as error:
        log.error("NOT RECORDED: %s", error)
        return 2
    log.info("recorded in %.0f s", time.monotonic() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main())
