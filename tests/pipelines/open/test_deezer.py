"""Deezer's albums page by page, and whose tracks stay at hand."""

import asyncio
import json
from contextlib import nullcontext
from urllib.parse import parse_qs, urlsplit

import pytest

from timbre_spider.matching.comparing.record import Record
from timbre_spider.pipelines.open.deezer import Deezer
from timbre_spider.pipelines.open.match import Match, Wanted
from timbre_spider.sources.recording import Question

pytestmark = pytest.mark.unit


class Service:
    """Artists with one album of so many tracks, "Song 0" and on, of which it says that there are `told`; found by
    filters alone where `filtered`. A search also finds the song of the number `beside`.

    `asked`: the first track of each page of an album, and what was searched for."""

    def __init__(self, tracks: int, told: int = 0, *, filtered: bool = False, beside: int = -1) -> None:
        self.tracks = tracks
        self.beside = beside
        self.told = told or tracks
        self.filtered = filtered
        self.asked: list[int | str] = []
        self.artists: list[str] = []

    async def __call__(self, service: str, question: Question) -> bytes:
        parts = urlsplit(question.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/search":
            self.asked.append(query["q"])
            if self.filtered and "artist:" not in query["q"]:
                return self.answer([])
            if self.filtered:
                self.artists.append("Ann")
                return self.answer([self.track("Ann", 3) | {"album": {"id": len(self.artists), "title": "Harbour"}}])
            artist, _, title = query["q"].partition(" Song ")
            self.artists.append(artist)
            album = {"id": len(self.artists), "title": "Harbour"}
            numbers = [each for each in (int(title.split()[0]), self.beside) if each >= 0]
            return self.answer([self.track(artist, each) | {"album": album} for each in numbers])
        first, artist = int(query["index"]), self.artists[int(parts.path.split("/")[2]) - 1]
        self.asked.append(first)
        numbers = range(first, min(first + 100, self.tracks))
        page = [self.track(artist, n) | {"isrc": f"USABC{n:07}"} for n in numbers]
        return self.answer(page, more=first + 100 < self.told)

    @staticmethod
    def track(artist: str, number: int) -> dict[str, object]:
        return {"id": number + 1, "title": f"Song {number}", "artist": {"name": artist}, "duration": 200}

    @staticmethod
    def answer(tracks: list[dict[str, object]], *, more: bool = False) -> bytes:
        return json.dumps({"data": tracks} | ({"next": "http://next"} if more else {})).encode()


def found(service: Service, *songs: tuple[str, int | str]) -> list[Match | None]:
    """What comes of songs asked for one after the other: an artist, and the song's number."""

    async def remember(key, read):
        return await read()

    async def work() -> list[Match | None]:
        deezer = Deezer(service, nullcontext, "http://deezer")
        wanted = [Wanted.of(Record(artist, f"Song {number}", duration_ms=200_000)) for artist, number in songs]
        return [await deezer.find(each, remember) for each in wanted]

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("tracks", "pages"), [(10, [0]), (100, [0]), (101, [0, 100]), (300, [0, 100, 200]), (900, [0, 100, 200])]
)
def test_an_album_is_read_page_by_page_up_to_three_hundred_tracks(tracks: int, pages: list[int]) -> None:
    service = Service(tracks)
    [told] = found(service, ("Ann", 3))
    assert told is not None
    assert (told.recording.isrcs, told.recording.album) == (("USABC0000003",), "Harbour")
    assert service.asked == ["Ann Song 3", *pages]


def test_a_page_without_tracks_ends_an_album_whatever_it_says() -> None:
    service = Service(100, told=900)
    found(service, ("Ann", 3))
    assert service.asked == ["Ann Song 3", 0, 100]


def test_what_free_words_do_not_find_is_asked_for_by_filters_with_the_names_as_written() -> None:
    service = Service(10, filtered=True)
    wanted = Wanted.of(Record("Ann feat. Bob", "Song 3 (Remastered 2009)", duration_ms=200_000))

    async def remember(key, read):
        return await read()

    told = asyncio.run(Deezer(service, nullcontext, "http://deezer").find(wanted, remember))
    assert told is not None
    assert told.form == "names as written, by filters"
    assert service.asked[:2] == ["Ann Song 3", 'artist:"Ann feat. Bob" track:"Song 3 (Remastered 2009)"']


def test_the_artist_s_other_songs_are_looked_up_on_the_albums_that_were_read() -> None:
    service = Service(20)
    one, other = found(service, ("Ann", 3), ("Ann", 12))
    assert one is not None
    assert other is not None
    assert (other.recording.isrcs, other.form) == (("USABC0000012",), "an album of its artist")
    assert service.asked == ["Ann Song 3", 0]


def test_a_song_of_nearly_that_name_on_an_album_that_was_read_is_no_reason_not_to_search() -> None:
    service = Service(20)
    found(service, ("Ann", 3), ("Ann", "3 (Reprise)"))
    assert service.asked[:2] == ["Ann Song 3", 0]
    assert [each for each in service.asked[2:] if isinstance(each, str)] != []


def test_what_a_search_found_beside_the_song_is_not_searched_for_again() -> None:
    service = Service(10, beside=50)  # on no page of the album, so that it is known from the search alone
    _, other = found(service, ("Ann", 3), ("Ann", 50))
    assert other is not None
    assert (other.recording.id, other.form) == ("51", "an album of its artist")
    assert service.asked == ["Ann Song 3", 0, 0]


def test_of_five_hundred_artists_at_hand_the_one_asked_for_longest_ago_goes_first() -> None:
    service = Service(20)
    others = [(f"{chr(97 + n // 26)}{chr(97 + n % 26)}z", 1) for n in range(499)]
    found(service, ("Ann", 3), ("Bob", 1), *others[:498], ("Ann", 4), *others[498:], ("Ann", 5), ("Bob", 2))
    searched = [each for each in service.asked if isinstance(each, str) and each[:3] in ("Ann", "Bob")]
    assert searched == ["Ann Song 3", "Bob Song 1", "Bob Song 2"]
