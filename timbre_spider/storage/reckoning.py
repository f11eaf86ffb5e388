"""How many rows the planner expects, for whoever chooses between two ways to the same songs."""

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg


def rows_reckoned(connection: psycopg.Connection, query: LiteralString, given: Mapping[str, Any]) -> int:
    """Rows of a query by the statistics alone: none is read. At least 1."""
    row = connection.execute("EXPLAIN (FORMAT JSON) " + query, given).fetchone()
    assert row is not None
    return int(row[0][0]["Plan"]["Plan Rows"])
