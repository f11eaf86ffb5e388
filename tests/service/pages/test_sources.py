"""The page of the sources' health."""

import httpx2
import pytest

from tests.service.pages.test_history import summary
from tests.service.pages.test_library import text, tree_of
from timbre_spider.storage.database import Database
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration

ANSWERS = """
    INSERT INTO answers (asked_at, next_check, source, key, outcome, reason) VALUES
    (now() - interval '3 hours', now() + interval '2 days', 'aoty', 'a', 'found', ''),
    (now() - interval '1 hour', now() - interval '1 minute', 'aoty', 'b', 'absent', 'no album'),
    (now() - interval '30 minutes', now() - interval '1 minute', 'aoty', 'c', 'refused', 'a challenge <b>x</b>'),
    (now() - interval '20 minutes', NULL, 'aoty', 'd', 'failed', 'https://x/1 is no page: it may have changed'),
    (now(), NULL, 'lastfm', 'e', 'found', '')
"""


def test_each_source_with_its_last_good_answer_what_is_due_and_its_trouble(
    client: httpx2.Client, database: Database
) -> None:
    with database.connect() as connection:
        connection.execute(ANSWERS)
    tree = tree_of(client, "/sources")
    aoty = text(tree.xpath("//section[.//h2/@id='aoty']")[0])
    assert "last good answer3 h ago" in aoty
    assert "due now2" in aoty
    assert "next checkin 2 d" in aoty
    assert "1 found 1 absent 1 refused 1 failed" in aoty
    assert tree.xpath("//section[.//h2/@id='aoty']//*[contains(@class, 'chip')]/text()") == [
        "layout changed",
        "refused",
    ]
    assert "well" in text(tree.xpath("//section[.//h2/@id='lastfm']")[0])
    rows = [[text(cell) for cell in row] for row in tree.xpath("//section[h2/@id='trouble']//tbody/tr")]
    assert rows == [
        ["aoty", "layout changed", "1", "20 min ago", "a page is no page: it may have changed"],
        ["aoty", "refused", "1", "30 min ago", "a challenge <b>x</b>"],
    ]


def test_the_runs_stand_beside_each_other(client: httpx2.Client, database: Database) -> None:
    runs = Runs(database)
    for isrc in (1.0, 2.0):
        runs.finish(runs.start("lastfm_top", sandbox=True), "finished", summary(isrc))
    with database.connect() as connection:
        connection.execute("INSERT INTO answers (asked_at, source, key, outcome) VALUES (now(), 'open', 'a', 'found')")
    tree = tree_of(client, "/sources")
    (strip,) = tree.xpath("//svg[@class='strip']")
    assert strip.get("aria-label").count("found 900 absent 30 failed 7") == 2
    assert len(strip.xpath(".//rect[@class='found']")) == 2
    assert "429: 2" in text(tree.xpath("//section[h2/@id='traffic']")[0])


def test_nobody_was_asked_yet(client: httpx2.Client) -> None:
    assert "No source was asked yet" in text(tree_of(client, "/sources"))
