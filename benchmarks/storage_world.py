"""Songs for the storage benchmark: full ones, as a crawl makes them, from a seed."""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from timbre_spider.items import Answer, AotyAlbum, ChartRow, Identity, Outcome, Song, SpotifyTrack

ASKED = datetime(2026, 1, 1, tzinfo=UTC)
GENRES = ("Rock", "Indie Rock", "Electronic", "Hip Hop", "Jazz", "Folk", "Ambient", "Soul", "Pop", "Metal")
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SONGS_AN_ARTIST = 5
SONGS_AN_ALBUM = 2.4


def songs(count: int, start: int = 0) -> Iterator[tuple[Song, list[Answer]]]:
    """Songs number `start` to `start + count`, each with the answers it came of; the same number, the same song."""
    for number in range(start, start + count):
        yield song(number)


def song(number: int) -> tuple[Song, list[Answer]]:
    """One full song: all attributes, aliases, what it asks, and its answers (artist's and album's with their first)."""
    dice = random.Random(number)
    artist_number, album_number = number // SONGS_AN_ARTIST, int(number / SONGS_AN_ALBUM)
    artist, title = f"Artist of the {artist_number:06}", f"Some Song Title {number:07}"
    album = f"An Album Called {album_number:06}"
    name_key = f"{artist.lower()}|{title.lower()}"
    key = "hash:" + hashlib.sha1(name_key.encode(), usedforsecurity=False).hexdigest()
    spotify_id = _code(number, 22)
    isrc = f"US{number % 1000:03}{number // 1000:07}"
    plays = 1 + int(dice.paretovariate(1.0)) % 1000
    rows = [ChartRow(artist, title, plays, number)]
    if number % 3 == 0:
        rows.append(ChartRow(artist, f"{title} - Remastered 2011", 1 + plays // 5, number + 1))
    track = SpotifyTrack(
        spotify_id, title, (artist,), isrc, 120_000 + dice.randrange(200_000), dice.randrange(100),
        _code(album_number + 1, 22), _code(artist_number + 2, 22), album, "album",
        f"{1960 + album_number % 60}-0{1 + album_number % 9}-1{album_number % 10}", False, 1 + number % 20,
    )  # fmt: skip
    tags = {tag: 100 - 10 * at for at, tag in enumerate(random.Random(artist_number).sample(GENRES, 5))}
    taste = random.Random(album_number)
    url = f"https://www.albumoftheyear.org/album/{album_number}-an-album-called-{album_number:06}.php"
    rated = AotyAlbum(
        url, artist, album, taste.randrange(400, 950) / 10, taste.randrange(10, 9000), taste.randrange(400, 950) / 10,
        taste.randrange(1, 60), None, tuple(taste.sample(GENRES, 2)), tuple(taste.sample(GENRES, 1)),
    )  # fmt: skip
    keys = (f"isrc:{isrc}", f"spotify:{spotify_id}", key)
    full = Song("listener", artist, title, key, rows, isrc=isrc, isrc_source="spotify", spotify=track, aoty=rated)
    full.tags = tags
    full.identity = Identity(uuid5(NAMESPACE_URL, key), keys[0], keys)
    artist_key, album_key = f"artist:{artist.lower()}", f"album:{artist}|{album}".lower()
    full.asked = {("spotify", 0): key, ("lastfm", 0): artist_key, ("aoty", 0): album_key}
    values = {name: getattr(track, name) for name in SpotifyTrack.__dataclass_fields__}
    answers = [
        Answer(
            "spotify", key, Outcome.FOUND, ASKED, ASKED + timedelta(7), values, 0.97, "exact", "title 1.00 artist 1.00"
        )
    ]
    if number % SONGS_AN_ARTIST == 0:
        answers.append(Answer("lastfm", artist_key, Outcome.FOUND, ASKED, ASKED + timedelta(1), {"tags": tags}))
    if int((number - 1) / SONGS_AN_ALBUM) != album_number:
        shown = {name: getattr(rated, name) for name in AotyAlbum._fields}
        answers.append(
            Answer(
                "aoty",
                album_key,
                Outcome.FOUND,
                ASKED,
                ASKED + timedelta(7),
                shown,
                0.9,
                "high",
            )
        )
    return full, answers


def _code(number: int, length: int) -> str:
    """A made-up base-62 id, spread like real ones."""
    mixed = int.from_bytes(hashlib.md5(str(number).encode(), usedforsecurity=False).digest(), "big")
    digits = []
    for _ in range(length):
        mixed, digit = divmod(mixed, 62)
        digits.append(LETTERS[digit])
    return "".join(digits)
