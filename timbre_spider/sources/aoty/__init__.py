"""Album of the Year (https://www.albumoftheyear.org): albums' scores, genres and tags, from its pages.

There is no API; what the pages hold was read in pages saved in 2024 and 2026 [saved pages].
"""

from timbre_spider.sources.aoty.album import read_album, read_album_page
from timbre_spider.sources.aoty.any_page import ReadPage, is_known, read_any
from timbre_spider.sources.aoty.artist import read_artist
from timbre_spider.sources.aoty.ask import album_url, chart_url, must_hear_url, releases_url, search_url
from timbre_spider.sources.aoty.cards import CARDS, read_cards, read_must_hear, read_search
from timbre_spider.sources.aoty.challenge import challenge
from timbre_spider.sources.aoty.chart import ROWS, is_last_page, read_chart

__all__ = [
    "CARDS", "ROWS", "ReadPage", "album_url", "challenge", "chart_url", "is_known", "is_last_page", "must_hear_url",
    "read_album", "read_album_page", "read_any", "read_artist", "read_cards", "read_chart", "read_must_hear",
    "read_search", "releases_url", "search_url",
]  # fmt: skip
