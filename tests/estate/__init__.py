"""A recorded estate: three accounts, two regions, made by real Terraform, stacks and hands.

``replay(endpoint, folder)`` loads it into a fresh moto server within seconds and needs no
Terraform; ``python -m tests.estate.record`` makes the recording again.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from . import expectation, tape
from .clients import ACCOUNTS, REGIONS, SECURITY, STATE_BUCKET, Clients
from .dated_names import dated
from .expectation import Expectation
from .states import STATES

FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED = Path(__file__).parent / "expected.json"
# Every secret of the states and of the world starts like this; no output may hold it.
PLANTED = "PLANTED-SECRET-"

__all__ = ["PLANTED", "Estate", "Expectation", "replay"]


@dataclass(frozen=True)
class Estate:
    """A replayed world. `state_uris` is `--from`'s grammar; the bucket is in `state_account`."""

    endpoint: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    state_account: str
    state_uris: tuple[str, ...]
    expected: tuple[Expectation, ...]


def replay(endpoint: str, folder: Path) -> Estate:
    """Load the world into the fresh moto server at `endpoint` (``http://host:port``).

    Local states are written to `folder`, the others are put into the bucket of account
    111111111111. TapeError where the server was not fresh.
    """
    netloc = urlsplit(endpoint).netloc
    player = tape.Player(endpoint)
    player.play(tape.load(FIXTURES / "tape.jsonl.gz"))
    player.close()
    clients = Clients(endpoint)
    bucket = clients(SECURITY, "s3")
    uris = []
    for stored in STATES:
        content = (FIXTURES / f"{stored.name}.tfstate").read_bytes()
        content = tape.readdress(content, tape.PLACE, netloc)
        if stored.key:
            bucket.put_object(Bucket=STATE_BUCKET, Key=stored.key, Body=content)
            uris.append(stored.uri)
        else:
            path = folder / f"{stored.name}.tfstate"
            path.write_bytes(content)
            uris.append(f"tfstate://{path}")
    moved = {stored.uri: uri for stored, uri in zip(STATES, uris, strict=True)}
    expected = tuple(
        replace(dated(clients, one), source=moved.get(one.source or "", one.source))
        for one in expectation.load(EXPECTED, netloc)
    )
    return Estate(endpoint, ACCOUNTS, REGIONS, SECURITY, tuple(uris), expected)
