"""Stage 400: Spotify id, ISRC, album, duration, popularity; the planner chooses the calls."""

from timbre_spider.pipelines.spotify.stage import Spotify

__all__ = ["Spotify"]
