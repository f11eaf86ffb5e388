import pytest

from timbre_spider.items import ChartRow
from timbre_spider.matching.folding.spelling import best_spelling

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("titles", "best"),
    [
        ([("Song", 9)], "Song"),
        ([("Song - Live", 9), ("Song", 5)], "Song"),
        ([("Song - Live", 9), ("Song (Acoustic)", 5)], "Song - Live"),
        ([("Song - 2011 Remaster", 90), ("Sogn", 1)], "Song - 2011 Remaster"),
        # A fifth of the plays is no slip.
        ([("Song - Live", 100), ("Song", 20)], "Song"),
        ([("Song - Live", 100), ("Song", 19)], "Song - Live"),
        ([("Song", 9), ("SONG", 9)], "Song"),
        ([("05 - Song", 9), ("Song", 5)], "Song"),
        ([("Live Forever", 9), ("Live Forever - Remastered", 8)], "Live Forever"),
    ],
)
def test_a_song_bears_its_plainest_well_played_spelling(titles, best):
    rows = [ChartRow("Artist", title, plays, rank) for rank, (title, plays) in enumerate(titles, 1)]
    assert best_spelling(rows).title == best
