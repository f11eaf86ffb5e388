"""What the workers' queue holds, as it is read: data of a known shape, whoever wrote it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from timbre_spider.items import ChartRow, Listens
from timbre_spider.spiders.arguments import Period
from timbre_spider.spiders.batches import Rows
from timbre_spider.spiders.job import Job

_BIGGEST = 2**62
_Count = Annotated[int, Field(ge=0, le=_BIGGEST)]
# Longer names are damage, and told as such by the stage that looks at names; this bounds what is read at all.
_Text = Annotated[str, StringConstraints(max_length=20_000)]
_Strict = ConfigDict(extra="forbid", strict=True)
# No JSON of UTF-8 can hold them; the stage that looks at names puts a space in their place, too.
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")

Model = TypeVar("Model", bound=BaseModel)


class Unreadable(ValueError):
    """An entry that is none of ours. Raised when the queue is read; it becomes a dead letter."""


class _Job(BaseModel):
    model_config = _Strict

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    listener: Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f-\x9f]{1,64}$")]
    max_songs: Annotated[int, Field(ge=1, le=1_000_000)]
    period: Period


class _Listens(BaseModel):
    model_config = _Strict

    source: _Text
    period: _Text
    plays: _Count
    first_play: _Count | None
    last_play: _Count | None
    album: _Text | None
    spotify_id: _Text | None
    isrc: _Text | None
    mbid: _Text | None


class _Row(BaseModel):
    model_config = _Strict

    artist: _Text
    title: _Text
    playcount: Annotated[int, Field(ge=-_BIGGEST, le=_BIGGEST)]
    rank: _Count
    mbid: _Text | None
    duration_ms: _Count | None
    listens: Annotated[list[_Listens], Field(max_length=100)]

    @classmethod
    def of(cls, row: ChartRow) -> Self:
        told = {name: getattr(row, name) for name in cls.model_fields if name != "listens"}
        return cls(**_shown_all(told), listens=[_Listens(**_shown_all(asdict(each))) for each in row.listens])


class QueuedSong(BaseModel):
    """A folded song of a job: its artist's songs, spelling and albums in the job, and its rows, most played first."""

    model_config = _Strict

    artist_songs: _Count
    artist_spelling: _Text
    is_often_played: bool
    artist_albums: Annotated[list[_Text], Field(max_length=10_000)]
    rows: Annotated[list[_Row], Field(min_length=1, max_length=10_000)]

    @classmethod
    def of(cls, rows: Rows, told: tuple[int, str, bool], albums: Sequence[str]) -> Self:
        """Of a chart's rows, what the chart tells of their artist, and the artist's albums."""
        songs, spelling, often = told
        return cls(
            artist_songs=songs,
            artist_spelling=_shown(spelling),
            is_often_played=often,
            artist_albums=[_shown(album) for album in albums],
            rows=[_Row.of(row) for row in rows],
        )

    def chart_rows(self) -> Rows:
        """Its rows again; who they are is worked out by who reads them."""
        return [
            ChartRow(
                **row.model_dump(exclude={"listens"}),
                listens=tuple(Listens(**each.model_dump()) for each in row.listens),
            )
            for row in self.rows
        ]


class _Batch(BaseModel):
    model_config = _Strict

    listener: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    songs: Annotated[list[QueuedSong], Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job in hand. `stage`: its chart is to be read, or all its batches are done and it may be complete."""

    id: str
    job: Job
    stage: Literal["read", "settle"]


@dataclass(frozen=True, slots=True)
class QueuedBatch:
    """A batch in hand; `id` is that of its job, a colon, and its number."""

    id: str
    listener: str
    songs: list[QueuedSong]


def write_job(job: Job) -> str:
    """A job as the queue holds it."""
    return _Job.model_validate(asdict(job)).model_dump_json()


def read_job(text: bytes) -> Job:
    """The job again. Raises Unreadable."""
    return Job(**_read(_Job, text).model_dump())


def write_batch(listener: str, songs: list[QueuedSong]) -> str:
    """A batch as the queue holds it."""
    return _Batch(listener=listener, songs=songs).model_dump_json()


def read_batch(id: str, text: bytes) -> QueuedBatch:
    """The batch again. Raises Unreadable."""
    read = _read(_Batch, text)
    return QueuedBatch(id, read.listener, read.songs)


def read_song(text: bytes) -> QueuedSong:
    """A song that its job has not handed out yet. Raises Unreadable."""
    return _read(QueuedSong, text)


def _read(kind: type[Model], text: bytes) -> Model:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Unreadable(
            f"no {kind.__name__.strip('_').lower()} of ours: {where or 'it'}: {first['msg']}"[:200]
        ) from None


def _shown(text: str) -> str:
    return _LONE_SURROGATES.sub(" ", text)


def _shown_all(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _shown(value) if isinstance(value, str) else value for name, value in values.items()}
