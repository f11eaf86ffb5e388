"""What tools write of a Last.fm history: ghan.nl, lastfm-to-csv, lastfmstats, lastfm-export."""

from timbre_spider.histories.format import Container, Format, has, named
from timbre_spider.histories.play import Entry, NoPlay, Play
from timbre_spider.histories.values import mbid, moment, text

# As a table of ours names the columns of a file that names none.
WITHOUT_HEADER = ("artist", "album", "track", "date")


def _raw(entry: Entry) -> Play | NoPlay:
    """A track as Last.fm's API shows it."""
    if _said(entry.get("@attr"), "nowplaying") == "true":
        return NoPlay.PLAYING
    artist, title = named(_name(entry.get("artist")), text(entry.get("name")))
    at = moment(_said(entry.get("date"), "uts"))
    return Play(artist, title, at, _name(entry.get("album")), mbid=mbid(entry.get("mbid")))


def _is_raw(entry: Entry) -> bool:
    return "name" in entry and isinstance(entry.get("artist"), dict)


def _name(value: object) -> str | None:
    return text(_said(value, "#text") or _said(value, "name")) if isinstance(value, dict) else text(value)


def _said(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _ghan(entry: Entry) -> Play:
    artist, title = named(text(entry.get("artist")), text(entry.get("track")))
    return Play(artist, title, moment(entry["uts"]), text(entry.get("album")), mbid=mbid(entry.get("track_mbid")))


def _four_columns(entry: Entry) -> Play:
    artist, title = named(text(entry.get("artist")), text(entry.get("track")))
    return Play(artist, title, moment(entry.get("date")), text(entry.get("album")))


def _stats_table(entry: Entry) -> Play:
    """The last column is called after the user: "Date#name"."""
    artist, title = named(text(entry.get("artist")), text(entry.get("track")))
    date = next((value for name, value in entry.items() if name.startswith("date")), None)
    return Play(artist, title, moment(date), text(entry.get("album")))


def _is_stats_table(entry: Entry) -> bool:
    return has("artist", "album", "track")(entry) and any(name.startswith("date#") for name in entry)


JSON = Format(
    "Last.fm export (JSON)",
    "lastfm_export",
    frozenset({Container.JSON, Container.LINES}),
    _is_raw,
    _raw,
    ("item.track.item", "item.recenttracks.track.item", "item.item", "item", "track.item", "recenttracks.track.item"),
)
GHAN = Format(
    "Last.fm export (CSV)", "lastfm_export", frozenset({Container.TABLE}), has("uts", "artist", "track"), _ghan
)
FOUR_COLUMNS = Format(
    "lastfm-to-csv",
    "lastfm_export",
    frozenset({Container.TABLE}),
    lambda entry: (*entry,) == WITHOUT_HEADER,
    _four_columns,
)
STATS = Format(
    "lastfmstats (JSON)",
    "lastfm_export",
    frozenset({Container.JSON}),
    has("track", "artist", "date"),
    _four_columns,
    ("scrobbles.item",),
)
STATS_TABLE = Format("lastfmstats (CSV)", "lastfm_export", frozenset({Container.TABLE}), _is_stats_table, _stats_table)
