"""What may lie in Redis, and what is read of it."""

import json
import pickle
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.making import job, song
from timbre_spider.items import ChartRow, Listens
from timbre_spider.workers.entries import (
    QueuedSong,
    Unreadable,
    read_batch,
    read_job,
    read_song,
    write_batch,
    write_job,
)

pytestmark = pytest.mark.unit

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
COUNT = st.integers(0, 2**62)
LISTENS = st.builds(Listens, TEXT, TEXT, COUNT, *[st.none() | COUNT] * 2, *[st.none() | TEXT] * 4)
ROWS = st.builds(
    ChartRow, TEXT, TEXT, st.integers(-5, 2**62), COUNT, st.none() | TEXT, st.none() | COUNT,
    listens=st.lists(LISTENS, max_size=3).map(tuple),
)  # fmt: skip


@given(st.lists(ROWS, min_size=1, max_size=3), st.tuples(COUNT, TEXT, st.booleans()), st.lists(TEXT, max_size=3))
def test_a_song_survives_the_queue(rows, told, albums):
    queued = QueuedSong.of(rows, told, albums)
    [read] = read_batch("id:0", write_batch("ann", [queued]).encode()).songs
    assert read == queued == read_song(queued.model_dump_json().encode())
    assert read.chart_rows() == rows
    assert (read.artist_songs, read.artist_spelling, read.is_often_played) == told
    assert read.artist_albums == albums


def test_a_lone_surrogate_is_a_space():
    assert song("a\ud800b").chart_rows()[0].title == "a b"


def test_a_job_survives_the_queue():
    for put in (job("RJ", 1_000_000), job("x" * 64)):
        assert read_job(write_job(put).encode()) == put


class Evil:
    def __reduce__(self):
        return (exec, ("raise SystemExit('code of somebody else ran')",))


JOB = json.loads(write_job(job()))
BATCH = json.loads(write_batch("ann", [song()]))
ROW = BATCH["songs"][0]["rows"][0]


def with_row(**changed):
    return BATCH | {"songs": [BATCH["songs"][0] | {"rows": [ROW | changed]}]}


@pytest.mark.parametrize(
    "held",
    [
        BATCH | {"listener": "x" * 64},
        BATCH | {"songs": BATCH["songs"] * 1000},
        with_row(title="x" * 20_000, playcount=2**62),
        with_row(playcount=-(2**62)),
    ],
    ids=range(4),
)
def test_as_much_as_may_be_is_read(held):
    assert len(read_batch("id:0", json.dumps(held).encode()).songs) == len(held["songs"])


@pytest.mark.parametrize(
    ("read", "held"),
    [
        *[(read_job, text) for text in (b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, pickle.dumps(Evil()))],
        (read_job, JOB | {"id": "../../etc"}),
        (read_job, JOB | {"id": JOB["id"] + ":0"}),
        (read_job, JOB | {"listener": "a b"}),
        (read_job, JOB | {"listener": ""}),
        (read_job, JOB | {"listener": "x" * 65}),
        (read_job, JOB | {"max_songs": 0}),
        (read_job, JOB | {"max_songs": 10**9}),
        (read_job, JOB | {"max_songs": "5"}),
        (read_job, JOB | {"max_songs": True}),
        (read_job, JOB | {"period": "for ever"}),
        (read_job, JOB | {"more": 1}),
        (read_job, {name: JOB[name] for name in ("id", "listener")}),
        (read_song, BATCH),
        (read_batch, JOB),
        (read_batch, BATCH | {"songs": []}),
        (read_batch, BATCH | {"songs": BATCH["songs"] * 1001}),
        (read_batch, BATCH | {"listener": "x" * 65}),
        (read_batch, BATCH | {"callback": "os.system"}),
        (read_batch, with_row(artist=None)),
        (read_batch, with_row(artist={"__class__": "x"})),
        (read_batch, with_row(title="x" * 20_001)),
        (read_batch, with_row(playcount=2**63)),
        (read_batch, with_row(rank=-1)),
        (read_batch, with_row(name_id="hash:of another song")),
        (read_batch, with_row(listens=[{}])),
        (read_batch, BATCH | {"songs": [BATCH["songs"][0] | {"rows": []}]}),
    ],
)
def test_what_is_none_of_ours_is_not_read(read, held):
    text = held if isinstance(held, bytes) else json.dumps(held).encode()
    with pytest.raises(Unreadable, match="of ours"):
        read("id:0", text) if read is read_batch else read(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(text):
    for read in (read_job, read_song, lambda held: read_batch("id:0", held)):
        with suppress(Unreadable):
            read(text)
