"""What AWS Resource Explorer knows of an account and region, where it is on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.aws import Aws, Place
from scanner.errors import CallError
from scanner.failures import is_gone

SERVICE = "resource-explorer-2"
SETTLED = frozenset({"ACTIVE", "UPDATING"})
"""States of an index that can be searched; others are being made or removed."""


def index_of(aws: Aws, place: Place) -> dict[str, Any] | str:
    """Return the region's index, or why there is none to ask; raises `CallError`."""
    try:
        index = aws.call(place, SERVICE, "GetIndex")
    except CallError as error:
        if is_gone(error.code):
            return "Resource Explorer has no index here"
        raise
    if index.get("State") not in SETTLED:
        return f"Resource Explorer's index is {str(index.get('State')).lower()} here"
    return index


def resources(aws: Aws, place: Place, region: str) -> Iterator[dict[str, Any]]:
    """Yield what the region's default view shows of the place's account in a region or `global`.

    An index may aggregate other regions, and its view show other accounts:
    https://docs.aws.amazon.com/resource-explorer/latest/apireference/API_ListResources.html
    """
    params = {"Filters": {"FilterString": f"region:{region}"}, "MaxResults": 1000}
    for page in aws.pages(place, SERVICE, "ListResources", params):
        for one in page.get("Resources", ()):
            if one.get("OwningAccountId", place.account_id) == place.account_id:
                yield one
