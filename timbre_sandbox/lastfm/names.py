"""What Last.fm knows of an artist or a track by name: tags, and track.getInfo."""

from urllib.parse import quote_plus

from ..coarse import coarse
from ..exchange import Request
from ..shares import share
from ..world.model import Artist, Song, World
from .errors import Answer, error
from .shapes import IMAGES, artist_url, tags_json, top_tags

_TAG_OF_TRACK = 0.75
# The same refusal in different words, for an artist nobody knows.
_UNKNOWN = ("The artist you supplied could not be found", "Artist not found")


class Names:
    """Artists and songs by their names; autocorrection reads them coarsely."""

    def __init__(self, world: World) -> None:
        self._artists: dict[str, Artist] = {}
        self._songs: dict[tuple[str, str], Song] = {}
        for artist in world.artists:
            self._artists[_artist_key(artist.name)] = artist
        for song in world.songs:
            self._songs.setdefault((_artist_key(song.artist.name), coarse(song.title)), song)
        for row in world.rows:
            if row.song is not None:
                self._artists.setdefault(_artist_key(row.artist), row.song.artist)
                self._songs.setdefault((_artist_key(row.artist), coarse(row.title)), row.song)

    def artist_tags(self, asked: dict[str, str], request: Request) -> Answer:
        if not asked.get("artist") and not asked.get("mbid"):
            return error(400, 6, "Invalid parameters - Your request is missing a required parameter")
        artist = self._artists.get(_artist_key(asked.get("artist", "")))
        if artist is None:
            return error(200, 6, _UNKNOWN[int(share("unknown", asked.get("artist")) * len(_UNKNOWN))])
        return 200, top_tags(list(artist.tags), {"artist": artist.name})

    def track_tags(self, asked: dict[str, str], request: Request) -> Answer:
        """A track nobody knows has no tags: status 200 and an empty list."""
        song = self._song(asked)
        attr = {"artist": asked.get("artist", ""), "track": asked.get("track", "")}
        return 200, top_tags(_song_tags(song) if song else [], attr)

    def track(self, asked: dict[str, str], request: Request) -> Answer:
        """The duration in milliseconds; a track nobody knows is a stub with 2 listeners."""
        song = self._song(asked)
        artist, title = asked.get("artist", ""), asked.get("track", "")
        if not artist or not title:
            return error(400, 6, "Invalid parameters - Your request is missing a required parameter")
        track: dict[str, object] = {
            "name": title,
            "url": f"{artist_url(artist)}/_/{quote_plus(title, safe='')}",
            "duration": "0",
            "streamable": {"#text": "0", "fulltrack": "0"},
            "listeners": "2",
            "playcount": "4",
            "artist": {"name": artist, "url": artist_url(artist)},
            "toptags": {"tag": []},
        }
        if song is not None:
            album = song.tracks[-1].album
            track |= {
                "duration": str(song.duration_ms // 1000 * 1000),
                "listeners": str(song.plays * 31 + 40),
                "playcount": str(song.plays * 210 + 90),
                "album": {
                    "artist": album.artists[0].name,
                    "title": album.title,
                    "url": f"{artist_url(album.artists[0].name)}/{quote_plus(album.title, safe='')}",
                    "image": IMAGES,
                    "@attr": {"position": str(song.tracks[-1].number)},
                },
                "toptags": {"tag": [{key: tag[key] for key in ("name", "url")} for tag in tags_json(_song_tags(song))]},
            }
        return 200, {"track": track}

    def _song(self, asked: dict[str, str]) -> Song | None:
        return self._songs.get((_artist_key(asked.get("artist", "")), coarse(asked.get("track", ""))))


def _artist_key(name: str) -> str:
    return coarse(name).removeprefix("the ").split(" feat ")[0].split(" ft ")[0].split(" featuring ")[0]


def _song_tags(song: Song) -> list[tuple[str, int]]:
    """Tags of a track: some of its artist's; often none."""
    if song.index % 5 == 0:
        return []
    return [tag for place, tag in enumerate(song.artist.tags) if (song.index + place * 7) % 10 < 10 * _TAG_OF_TRACK]
