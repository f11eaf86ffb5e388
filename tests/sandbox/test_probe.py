"""A tail no service knows, two artists in one name, words turned round: hardly a song is found by them."""

from collections.abc import Callable

import pytest

from timbre_sandbox.world import build_world
from timbre_sandbox.world.model import Song, World

from . import test_deezer_service as deezer
from . import test_spotify_quirks as spotify

pytestmark = pytest.mark.unit

SONGS = 200


def turned(text: str) -> str:
    return " ".join(reversed(text.split()))


QUESTIONS: dict[str, Callable[[Song], tuple[str, str]]] = {
    "a tail": lambda song: (song.artist.name, f"{song.title} (Live at Wembley 1986)"),
    "a guest": lambda song: (song.artist.name, f"{song.title} (feat. Nobody At All)"),
    "two artists": lambda song: (f"{song.artist.name}, Nobody At All", song.title),
    "words reversed": lambda song: (turned(song.artist.name), turned(song.title)),
}
FORMS = {
    "spotify": 'track:"{title}" artist:"{artist}"',
    "deezer by filters": 'artist:"{artist}" track:"{title}"',
    "deezer by words": "{artist} {title}",
}


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(1000, 7)


@pytest.fixture(scope="module")
def finds(world: World) -> Callable[[str, Song, str], bool]:
    on_spotify, on_deezer = spotify.Asked(world), deezer.Asked(world)

    def find(form: str, song: Song, q: str) -> bool:
        if form == "spotify":
            return bool({one for track in song.tracks for one in track.spotify_ids} & set(on_spotify.found(q)))
        return on_deezer.finds(song, q)

    return find


@pytest.fixture(scope="module")
def songs(world: World) -> list[Song]:
    """Songs both services have, whose names have more than one word to turn round."""
    there = [song for song in world.heard if song.on_spotify and song.on_deezer and " " in song.title]
    assert len(there) >= SONGS
    return there[:SONGS]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_of_200_songs_none_or_few_are_found(
    finds: Callable[[str, Song, str], bool], songs: list[Song], question: str, form: str
) -> None:
    asked = [(song, QUESTIONS[question](song)) for song in songs]
    found = [
        song.title
        for song, (artist, title) in asked
        if finds(form, song, FORMS[form].format(artist=artist, title=title))
    ]
    assert len(found) <= SONGS * 0.02, found


@pytest.mark.parametrize(("form", "least"), [("spotify", 0.99), ("deezer by filters", 0.5), ("deezer by words", 0.7)])
def test_asked_by_their_own_names_they_are_found(
    finds: Callable[[str, Song, str], bool], songs: list[Song], form: str, least: float
) -> None:
    found = sum(finds(form, song, FORMS[form].format(artist=song.artist.name, title=song.title)) for song in songs)
    assert found >= SONGS * least
