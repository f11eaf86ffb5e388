"""Last.fm's API: a listener's charts, albums, scrobbles and the tags of what was heard, with all its quirks."""

from .service import LastFm

__all__ = ("LastFm",)
