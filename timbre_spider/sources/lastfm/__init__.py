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
    AlbumPage,
    ChartPage,
    TopAlbum,
    UserInfo,
    read_chart,
    read_top_albums,
    read_top_tags,
    read_user_info,
)
from timbre_spider.sources.lastfm.recent import RecentPage, read_recent, recent_url

__all__ = [
    "PERIODS",
    "AlbumPage",
    "ChartPage",
    "RecentPage",
    "TopAlbum",
    "UserInfo",
    "artist_tags_url",
    "chart_url",
    "read_chart",
    "read_recent",
    "read_top_albums",
    "read_top_tags",
    "read_user_info",
    "recent_url",
    "top_albums_url",
    "track_tags_url",
    "user_url",
]
