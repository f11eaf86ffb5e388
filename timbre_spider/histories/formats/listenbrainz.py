"""ListenBrainz' export: one listen a line, with what ListenBrainz knows the recording to be."""

from timbre_spider.histories.format import Container, Format, has, named
from timbre_spider.histories.play import Entry, Play
from timbre_spider.histories.values import isrc, mbid, moment, spotify_id, text, thousands, whole


def read_listen(entry: Entry) -> Play:
    """A listen as export and API have it. What ListenBrainz mapped it to is surer than what the player sent along."""
    listened = _object(entry.get("track_metadata"))
    mapped, sent = _object(listened.get("mbid_mapping")), _object(listened.get("additional_info"))
    artist, title = named(text(listened.get("artist_name")), text(listened.get("track_name")))
    return Play(
        artist,
        title,
        moment(entry["listened_at"]),
        text(listened.get("release_name")),
        spotify_id(sent.get("spotify_id")),
        isrc(sent.get("isrc")),
        mbid(mapped.get("recording_mbid")) or mbid(sent.get("recording_mbid")),
        duration_ms=whole(sent.get("duration_ms")) or thousands(sent.get("duration")),
    )


def _object(value: object) -> Entry:
    return value if isinstance(value, dict) else {}


LISTENS = Format(
    "ListenBrainz export",
    "listenbrainz_export",
    frozenset({Container.JSON, Container.LINES}),
    has("listened_at", "track_metadata"),
    read_listen,
)
