"""What a value looks like in a cell of a table: never as Python writes it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

# What a spreadsheet takes for a formula, at the start of a cell: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


def cell(value: Any) -> Any:
    """`value` as text or a number; None, which a CSV writer leaves empty, stays None.

    Lists, maps and what is true or false as JSON writes them, times in ISO 8601 and UTC.
    """
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=cell)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with every value as a cell."""
    return {name: cell(value) for name, value in record.items()}


def harmless(value: Any) -> Any:
    """A cell for a person's spreadsheet: text it would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
