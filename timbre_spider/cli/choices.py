"""Options with a few known values, and what the spiders' arguments are typed as."""

from typing import Any

from timbre_spider.errors import UsageError

OPTIONS = {"max": "--max-songs", "period": "--period", "users": "--users", "user": "--user"}
"""{argument of a spider: option of `timbre`}"""


def one_of(option: str, value: str, *known: str) -> Any:
    """`value`, if it is `known`. Raises UsageError naming the others."""
    if value not in known:
        raise UsageError(f"{option} {value} is unknown: use {' or '.join(known)}.")
    return value
