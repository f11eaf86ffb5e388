"""What is loaded whole or not at all: a song with its aliases, the answers of one call, the rejects of one call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from timbre_spider.items import Answer, Reject, Song
from timbre_spider.storage.staging import Row, answer_row, clean_json, copy_line, reject_row, song_rows


class Status(StrEnum):
    """How a song's load ended."""

    STORED = "stored"
    """Committed under the id it came with."""
    MERGED = "merged"
    """Committed; the row it belonged to had been merged into `Receipt.song_id` meanwhile."""
    CONTESTED = "contested"
    """Not loaded: another song owns one of its keys by now. Identify it again."""
    SPOOLED = "spooled"
    """In a file, to be loaded by `timbre replay`."""
    SET_ASIDE = "set_aside"
    """Not loaded: the database refuses a value of it, for `Receipt.reason`."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a song. `new`: its row was made by this load; `gone`: rows that its batch
    merged into others."""

    status: Status
    song_id: UUID | None = None
    new: bool = False
    reason: str = ""
    gone: tuple[UUID, ...] = ()


@dataclass(slots=True, eq=False)
class Unit:
    """Rows that stay together; `receipt` is set once they are committed or given up.

    `lines` and `alias_lines` are the rows in COPY's format, written while the batch before is still being merged.
    """

    kind: str
    rows: Sequence[Row]
    aliases: Sequence[Row] = ()
    song_id: UUID | None = None
    settled: bool = False
    lines: Sequence[str] = field(init=False)
    alias_lines: Sequence[str] = field(init=False)
    receipt: asyncio.Future[Receipt] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def __post_init__(self) -> None:
        self.lines = [copy_line(self.kind, row) for row in self.rows]
        self.alias_lines = [copy_line("aliases", row) for row in self.aliases]

    @classmethod
    def of_song(cls, song: Song) -> Self:
        row, aliases = song_rows(song)
        return cls("songs", [row], aliases, song.identity.song_id if song.identity else None)

    @classmethod
    def of_answers(cls, answers: Sequence[Answer]) -> Self:
        return cls("answers", [answer_row(answer) for answer in answers])

    @classmethod
    def of_rejects(cls, rejects: Sequence[Reject]) -> Self:
        return cls("rejects", [reject_row(reject) for reject in rejects])

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> Self:
        """A unit as `as_json` wrote it."""
        song_id = UUID(line["rows"][0][0]) if line["kind"] == "songs" else None
        return cls(line["kind"], line["rows"], line["aliases"], song_id)

    def as_json(self) -> dict[str, Any]:
        """For the spool."""
        return {"kind": self.kind, "rows": clean_json(self.rows), "aliases": clean_json(self.aliases)}

    @property
    def size(self) -> int:
        """Rows that count towards a full batch."""
        return len(self.rows)

    def settle(self, receipt: Receipt) -> None:
        """Tell who waits, if anybody still does."""
        self.settled = True
        if not self.receipt.done():
            self.receipt.set_result(receipt)
