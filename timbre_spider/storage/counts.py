"""How much there is."""

from timbre_spider.storage.database import Database

_ORDER = (
    "songs", "with_isrc", "with_spotify", "with_aoty", "spotify_attrs", "open_attrs", "lastfm_stats", "aoty_attrs",
    "aliases", "song_keys", "song_redirects", "ratings_history", "answers", "rejects", "overrides", "runs",
)  # fmt: skip


def counts(database: Database) -> dict[str, int]:
    """Rows of each table, and songs with an ISRC, a Spotify id, an album of AOTY."""
    told = database.call("timbre_counts", {})
    return {name: told[name] for name in _ORDER}
