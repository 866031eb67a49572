"""What moto can be told about itself, over its own side door (`/moto-api`).

http://docs.getmoto.org/en/latest/docs/server_mode.html
"""

import http.client
from urllib.parse import urlsplit

from scanner.errors import DemoError


def seed(endpoint: str, value: int) -> None:
    """Make the ids that moto draws next the same in every run (while one thread asks)."""
    _post(endpoint, f"/moto-api/seed?a={value}")


def answers(endpoint: str) -> bool:
    """Whether moto listens there."""
    try:
        return _request(endpoint, "GET", "/moto-api/data.json") < 500
    except (OSError, http.client.HTTPException):
        return False


def _post(endpoint: str, path: str) -> None:
    try:
        status = _request(endpoint, "POST", path)
    except (OSError, http.client.HTTPException) as error:
        raise DemoError(f"The embedded AWS on {endpoint} does not answer: {error}.") from error
    if status >= 400:
        raise DemoError(
            f"{endpoint}{path} answered {status}: the demo organization can only be built in "
            "Strays' embedded AWS (moto 5.2 or later)."
        )


def _request(endpoint: str, method: str, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=30)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    finally:
        connection.close()
