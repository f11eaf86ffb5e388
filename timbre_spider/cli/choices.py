"""Options with a few known values."""

from typing import Any

from timbre_spider.errors import UsageError


def one_of(option: str, value: str, *known: str) -> Any:
    """`value`, if it is `known`. Raises UsageError naming the others."""
    if value not in known:
        raise UsageError(f"{option} {value} is unknown: use {' or '.join(known)}.")
    return value
