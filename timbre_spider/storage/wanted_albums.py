"""The albums and artists whose songs are played and have no ratings: what is most worth having of the site."""

from dataclasses import dataclass

from timbre_spider.storage.database import Database

# Songs by the album they are known to be on. A page's address may be known though its ratings are not. What the site
# was asked for and does not have, nobody can save.
_LACKING = """
SELECT f.artist, f.album_name, sum(f.playcount)::bigint AS plays, count(*) AS songs
FROM song_features f WHERE f.aoty_url IS NULL AND f.album_name IS NOT NULL
    AND NOT EXISTS (SELECT FROM song_answers a WHERE a.song_id = f.id AND a.source = 'aoty' AND a.outcome = 'absent')
GROUP BY 1, 2 ORDER BY plays DESC, 1, 2
"""


@dataclass(frozen=True, slots=True)
class LackingAlbum:
    """An album by the names its songs have, their plays and number."""

    artist: str
    album: str
    plays: int
    songs: int


def lacking_albums(database: Database) -> list[LackingAlbum]:
    """Every album a song is on that has none of AOTY, and was not looked for there in vain; most played first."""
    with database.connect() as connection:
        return [LackingAlbum(*row) for row in connection.execute(_LACKING).fetchall()]


def addresses(database: Database, artist: str, key: str) -> tuple[str | None, str | None]:
    """The addresses of an artist's page and of the album of this key, as far as the catalogue knows; `artist` is the
    artist's part of album keys."""
    found = database.call("timbre_find_albums", {"artists": [artist], "key": key, "spotify_album_id": ""})
    page = next((each["artist_url"] for each in found if each["artist_url"]), None)
    return page, next((each["url"] for each in found if each["key"] == key), None)
