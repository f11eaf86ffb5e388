"""Spotify's Web API (https://developer.spotify.com/documentation/web-api), called through spotipy."""

from timbre_spider.sources.spotify.ask import album_query, artist_query, isrc_query, track_query
from timbre_spider.sources.spotify.read import read_search, read_track

__all__ = ["album_query", "artist_query", "isrc_query", "read_search", "read_track", "track_query"]
