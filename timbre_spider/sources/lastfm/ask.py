"""The URLs of Last.fm's methods [docs], without the key."""

from urllib.parse import urlencode

PERIODS = ("overall", "7day", "1month", "3month", "6month", "12month")
# Bounds of `limit` and `page` [observed: error 6 names them].
MOST_ROWS = 1000


def chart_url(base_url: str, user: str, period: str = "overall", page: int = 1, limit: int = MOST_ROWS) -> str:
    """A page of user.getTopTracks, pages from 1, `limit` rows of 1 to 1,000."""
    return url_of(base_url, "user.getTopTracks", user=user, period=period, limit=limit, page=page)


def top_albums_url(base_url: str, user: str, period: str = "overall", page: int = 1, limit: int = MOST_ROWS) -> str:
    """A page of user.getTopAlbums."""
    return url_of(base_url, "user.getTopAlbums", user=user, period=period, limit=limit, page=page)


def user_url(base_url: str, user: str) -> str:
    """user.getInfo."""
    return url_of(base_url, "user.getInfo", user=user)


def artist_tags_url(base_url: str, artist: str) -> str:
    """artist.getTopTags, misspelt names corrected by Last.fm."""
    return url_of(base_url, "artist.getTopTags", artist=artist, autocorrect=1)


def track_tags_url(base_url: str, artist: str, title: str) -> str:
    """track.getTopTags, misspelt names corrected by Last.fm."""
    return url_of(base_url, "track.getTopTags", artist=artist, track=title, autocorrect=1)


def url_of(base_url: str, method: str, **parameters: str | int) -> str:
    """A question to a method."""
    # `replace`: a lone surrogate in a name has no UTF-8.
    query = urlencode({"method": method, **parameters, "format": "json"}, errors="replace")
    return f"{base_url}?{query}"
