"""A format: how to know its entries, and how to read one."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from timbre_spider.histories.play import Entry, NoPlay, Play


class Container(StrEnum):
    """What holds the entries."""

    JSON = "JSON"
    LINES = "JSON lines"
    TABLE = "table"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Format:
    """`name` is for people; `source` is what the plays are kept under. Two formats of one service that tell the same
    plays have two sources, so that they are never added up.

    `holds`: whether an entry is of this format. `read`: the play of an entry, or why it is none; raises ValueError
    with the reason for a broken one. `inside`: where in a JSON document the entries are, as ijson's prefixes.
    `only_named`: other things look alike, so it is no history unless the user named the file itself.
    `is_of_videos`: whether a file of this name holds videos.
    """

    name: str
    source: str
    containers: frozenset[Container]
    holds: Callable[[Entry], bool]
    read: Callable[[Entry], Play | NoPlay]
    inside: tuple[str, ...] = ("item",)
    only_named: bool = False
    is_of_videos: Callable[[str], bool] = lambda name: False


def has(*keys: str) -> Callable[[Entry], bool]:
    """Whether an entry has all these keys."""

    def holds(entry: Entry) -> bool:
        return all(key in entry for key in keys)

    return holds


def named(artist: str | None, title: str | None) -> tuple[str, str]:
    """Both names. Raises ValueError where one is missing."""
    if artist is None or title is None:
        raise ValueError("no artist" if artist is None else "no title")
    return artist, title
