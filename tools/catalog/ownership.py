"""Members that may tell whose a thing is: where one is new, somebody should review the type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.catalog.choose import inventory
from tools.catalog.models import services

_OWNERSHIP = re.compile(
    r"^(owner(id|account|accountid)?|createdby|managedby|operator|isdefault|default|awsmanaged"
    r"|servicemanaged|(is)?managed|ismanagedby\w*|requestermanaged|owningservice|serviceprincipal)$",
    re.IGNORECASE,
)


def ownership_members() -> Iterator[str]:
    """Yield `service.Operation Member` for everything that the catalog lists, sorted."""
    for service in services():
        for call in sorted(inventory(service), key=lambda call: call.listing.name):
            members = () if call.listing.bare else service.members(call.listing.item)
            for member in sorted(members):
                if _OWNERSHIP.match(member):
                    yield f"{service.name}.{call.listing.name} {member}"
