"""Which of a song's spellings it bears."""

from collections.abc import Sequence

from timbre_spider.items import ChartRow
from timbre_spider.matching.names.other_readings import has_track_number
from timbre_spider.matching.names.reading import read_name

# A plain spelling played less than this share of the most played one is likely a slip.
_WORTH = 0.2


def best_spelling(rows: Sequence[ChartRow]) -> ChartRow:
    """The plainest of the well played rows: "Song" rather than "Song - Live", though the live take be played more.

    `rows` are those of one song, most played first, at least one.
    """
    played = [row for row in rows if row.playcount >= _WORTH * rows[0].playcount]
    return min(played, key=_additions)


def _additions(row: ChartRow) -> int:
    """How much a spelling says beside the plain name."""
    return len(read_name(row.artist, row.title).variants) + has_track_number(row.title)
