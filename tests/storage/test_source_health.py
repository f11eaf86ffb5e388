"""How each source has answered, told from the ledger."""

from datetime import UTC, datetime

import pytest

from timbre_spider.storage.database import Database
from timbre_spider.storage.source_health import Standing, Trouble, source_health

pytestmark = pytest.mark.integration

ANSWERS = """
    INSERT INTO answers (source, key, outcome, asked_at, next_check, reason) VALUES
    ('aoty', 'a', 'found', '2026-03-01Z', now() - interval '1 minute', ''),
    ('aoty', 'b', 'found', '2026-03-03Z', NULL, ''),
    ('aoty', 'c', 'found', '2026-03-02Z', '2999-01-02Z', ''), ('aoty', 'd', 'found', '2026-03-02Z', '2999-01-01Z', ''),
    ('aoty', 'e', 'refused', '2026-03-04Z', NULL, 'robots.txt'),
    ('aoty', 'f', 'refused', '2026-03-05Z', NULL, 'robots.txt'),
    ('aoty', 'g', 'refused', '2026-03-06Z', NULL, 'HTTP 403'),
    ('lastfm', 'h', 'failed', '2026-03-08Z', NULL, 'HTTP 500'),
    ('spotify', 'i', 'deferred', '2026-03-07Z', NULL, 'quota'),
    ('spotify', 'j', 'absent', '2026-03-09Z', NULL, 'no candidate')
"""


def march(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def test_what_stands_is_counted_and_trouble_told_newest_first(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute(ANSWERS)
    standing, trouble = source_health(database)
    assert standing == [
        Standing("aoty", "found", 4, march(3), 1, datetime(2999, 1, 1, tzinfo=UTC)),
        Standing("aoty", "refused", 3, march(6), 0, None),
        Standing("lastfm", "failed", 1, march(8), 0, None),
        Standing("spotify", "absent", 1, march(9), 0, None),
        Standing("spotify", "deferred", 1, march(7), 0, None),
    ]
    assert trouble == [
        Trouble("lastfm", "failed", "HTTP 500", 1, march(8)),
        Trouble("spotify", "deferred", "quota", 1, march(7)),
        Trouble("aoty", "refused", "HTTP 403", 1, march(6)),
        Trouble("aoty", "refused", "robots.txt", 2, march(5)),
    ]


def test_of_many_troubles_the_newest_five_hundred_are_told(database: Database) -> None:
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO answers (source, key, outcome, asked_at, reason) SELECT 'aoty', 'k' || n, 'failed',"
            " timestamptz '2026-03-01Z' + make_interval(secs => n), 'r' || n FROM generate_series(1, 501) n"
        )
    _, trouble = source_health(database)
    assert (len(trouble), trouble[0].reason, trouble[-1].reason) == (500, "r501", "r2")
