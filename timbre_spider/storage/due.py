"""What is to be asked again."""

from timbre_spider.items import ChartRow
from timbre_spider.storage.database import Database

_DUE = """
    WITH due AS (
        SELECT source, key, "values" FROM answers WHERE next_check <= now()
    ), songs_due AS (
        SELECT k.song_id FROM due JOIN song_keys k ON k.key = due.key WHERE due.source IN ('spotify', 'isrc')
        UNION
        SELECT a.song_id FROM due JOIN aoty_attrs a ON a.url = due."values" ->> 'url' WHERE due.source = 'aoty'
    )
    SELECT a.artist, a.title, a.playcount, a.rank
    FROM aliases a JOIN songs_due USING (song_id)
    WHERE lower(a.listener) = lower(%s)
    ORDER BY a.playcount DESC, a.artist, a.title
"""


def due_rows(database: Database, listener: str) -> list[ChartRow]:
    """The listener's chart rows of songs one of whose answers is due."""
    with database.connect() as connection:
        rows = connection.execute(_DUE, [listener]).fetchall()
    return [ChartRow(artist, title, playcount, rank or 0) for artist, title, playcount, rank in rows]
