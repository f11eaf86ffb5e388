"""What is loaded whole or not at all: a song with its aliases and questions, answers, albums or rejects of one call."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from timbre_spider.items import Answer, Reject, Sighting, Song
from timbre_spider.storage.clean import clean_json
from timbre_spider.storage.copy_text import copy_line
from timbre_spider.storage.staging import (
    COLUMNS,
    Row,
    album_row,
    answer_row,
    question_rows,
    reject_row,
    song_rows,
)


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
class PendingWrite:
    """Rows that are loaded together or not at all; `receipt` is set once they are committed or given up.

    `lines` are the rows in COPY's format by kind of table, written while the batch before is still being merged.
    """

    kind: str
    rows: Sequence[Row]
    aliases: Sequence[Row] = ()
    questions: Sequence[Row] = ()
    song_id: UUID | None = None
    settled: bool = False
    lines: dict[str, list[str]] = field(init=False)
    receipt: asyncio.Future[Receipt] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def __post_init__(self) -> None:
        self.lines = {kind: [copy_line(kind, row) for row in rows] for kind, rows in self.tables()}

    def tables(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Its rows by the kind of staging table they go into."""
        yield self.kind, self.rows
        if self.kind == "songs":
            yield "aliases", self.aliases
            yield "questions", self.questions

    @classmethod
    def of_song(cls, song: Song) -> Self:
        row, aliases = song_rows(song)
        return cls("songs", [row], aliases, question_rows(song), song.identity.song_id if song.identity else None)

    @classmethod
    def of_answers(cls, answers: Sequence[Answer]) -> Self:
        return cls("answers", [answer_row(answer) for answer in answers])

    @classmethod
    def of_albums(cls, sightings: Sequence[Sighting]) -> Self:
        return cls("albums", [album_row(each) for each in sightings])

    @classmethod
    def of_rejects(cls, rejects: Sequence[Reject]) -> Self:
        return cls("rejects", [reject_row(reject) for reject in rejects])

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> Self:
        """A write as `as_json` wrote it."""
        song_id = UUID(line["rows"][0][0]) if line["kind"] == "songs" else None
        # Spooled by an earlier version they have no `rule`, or no `listens` either.
        lacking: Row = ([], None)
        last = len(COLUMNS["aliases"]) - len(lacking)
        aliases = [(*alias, *lacking[len(alias) - last :]) for alias in line["aliases"]]
        return cls(line["kind"], line["rows"], aliases, line["questions"], song_id)

    def as_json(self) -> dict[str, Any]:
        """For the spool."""
        return {
            "kind": self.kind,
            "rows": clean_json(self.rows),
            "aliases": clean_json(self.aliases),
            "questions": clean_json(self.questions),
        }

    @property
    def size(self) -> int:
        """Rows that count towards a full batch."""
        return len(self.rows)

    def settle(self, receipt: Receipt) -> None:
        """Tell who waits, if anybody still does."""
        self.settled = True
        if not self.receipt.done():
            self.receipt.set_result(receipt)
