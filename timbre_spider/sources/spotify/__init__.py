"""Spotify's Web API (https://developer.spotify.com/documentation/web-api), called through spotipy."""

from timbre_spider.sources.spotify.ask import album_query, artist_query, track_query, words_query
from timbre_spider.sources.spotify.read import Page, read_search, read_track

__all__ = ["Page", "album_query", "artist_query", "read_search", "read_track", "track_query", "words_query"]
