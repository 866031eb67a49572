"""The embedded AWS and the demo organization that `strays demo` and the tests scan."""

from scanner.demo.organization import build
from scanner.demo.server import EmbeddedAWS
from scanner.demo.world import ClientFactory, DemoOrganization

__all__ = ["ClientFactory", "DemoOrganization", "EmbeddedAWS", "build"]
