"""Any table, and any JSON lines, that name an artist and a title: columns are known by their usual names."""

from functools import lru_cache

from timbre_spider.histories.format import Container, Format, named
from timbre_spider.histories.play import Entry, Play
from timbre_spider.histories.values import isrc, mbid, moment, names, spotify_id, text, thousands, whole

_NAMES = {
    "artist": ("artist", "artist name", "artists", "artist names", "artist name(s)", "creator", "performer"),
    "title": ("title", "track", "track name", "track title", "song", "song name", "song title", "name"),
    "album": ("album", "album name", "album title", "release", "release name"),
    "when": (
        "uts", "timestamp", "played at", "listened at", "ts", "time", "date", "datetime", "utc time", "date time",
        "scrobbled at", "endtime", "end time", "last played",
    ),
    "plays": ("playcount", "play count", "plays", "count", "scrobbles"),
    "spotify": ("spotify id", "spotify uri", "spotify track uri", "track uri", "track id", "uri"),
    "isrc": ("isrc",),
    "mbid": ("mbid", "track mbid", "recording mbid"),
    "heard": ("ms played", "played ms"),
    "milliseconds": ("duration ms", "length ms"),
    "seconds": ("duration", "length"),
}  # fmt: skip


@lru_cache(maxsize=8)
def _columns(keys: tuple[str, ...]) -> dict[str, str]:
    """Of the names an entry has, which says what."""
    meant = {key.strip().lower().replace("_", " "): key for key in keys}
    found = {what: [meant[name] for name in names_of if name in meant] for what, names_of in _NAMES.items()}
    return {what: keys_of[0] for what, keys_of in found.items() if keys_of}


def _holds(entry: Entry) -> bool:
    return {"artist", "title"} <= _columns((*entry,)).keys()


def _read(entry: Entry) -> Play:
    said = {what: entry[key] for what, key in _columns((*entry,)).items() if entry[key] != ""}
    artist, title = named(names(said.get("artist")), text(said.get("title")))
    plays = whole(said.get("plays", 1))
    if plays is None or not 1 <= plays < 2**31:
        raise ValueError("no number of plays")
    return Play(
        artist,
        title,
        moment(said.get("when")),
        text(said.get("album")),
        spotify_id(said.get("spotify")),
        isrc(said.get("isrc")),
        mbid(said.get("mbid")),
        whole(said.get("heard")),
        whole(said.get("milliseconds")) or thousands(said.get("seconds")),
        plays,
    )


PLAIN = Format(
    "list of plays",
    "list",
    frozenset({Container.TABLE, Container.LINES, Container.JSON}),
    _holds,
    _read,
    only_named=True,  # a folder of exports holds libraries and playlists too
)
