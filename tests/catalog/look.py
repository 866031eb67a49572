"""What listing one type on the emulator gives, for the tests of the catalog."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.world import World

Row = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """The rows of one type, and the (kind, type, key, owns) of the links that start at them."""

    rows: list[Row]
    links: set[tuple[str, str, str, str | None]]

    @property
    def row(self) -> Row:
        """The one row; fails where there are more or none."""
        assert len(self.rows) == 1, [row["arn"] for row in self.rows]
        return self.rows[0]

    def named(self, name: str) -> Row:
        """The one row of this name."""
        (row,) = (row for row in self.rows if row["name"] == name)
        return row


def look(world: World, resource_type: str, *regions: str) -> Look:
    """List a type and its ancestors; fails where a cell is not complete."""
    store = world.collect(resource_type, regions=regions or ("us-east-1",))
    cells = store.rows("SELECT * FROM coverage")
    assert resource_type in {cell["resource_type"] for cell in cells}, "no such type"
    for cell in cells:
        assert cell["outcome"] == "ok", cell["message"]
    rows = store.rows(
        "SELECT * FROM current_resource WHERE resource_type = ? ORDER BY arn", [resource_type]
    )
    arns = {row["arn"] for row in rows}
    links = store.rows("SELECT * FROM current_link")
    return Look(
        [{**row, "properties": json.loads(row["properties"])} for row in rows],
        {
            (link["kind"], link["target_type"], link["target_key"], link["owns"])
            for link in links
            if link["arn"] in arns
        },
    )
