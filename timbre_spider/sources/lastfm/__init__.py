"""Last.fm (https://www.last.fm/api): a listener's charts, tags, and whether user and key are good.

URLs are built without the key: it is added where a request leaves. `check` asks through pylast.
"""

from timbre_spider.sources.lastfm.ask import (
    PERIODS,
    artist_tags_url,
    chart_url,
    top_albums_url,
    track_tags_url,
    user_url,
)
from timbre_spider.sources.lastfm.read import (
    ChartPage,
    TopAlbum,
    UserInfo,
    read_chart,
    read_top_albums,
    read_top_tags,
    read_user_info,
)

__all__ = [
    "PERIODS",
    "ChartPage",
    "TopAlbum",
    "UserInfo",
    "artist_tags_url",
    "chart_url",
    "read_chart",
    "read_top_albums",
    "read_top_tags",
    "read_user_info",
    "top_albums_url",
    "track_tags_url",
    "user_url",
]
