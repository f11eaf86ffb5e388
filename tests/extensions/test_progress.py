"""How far a run is: a bar on a terminal, lines elsewhere."""

import asyncio
import re
import sys
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from scrapy import Spider
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from timbre_spider.extensions import context, progress
from timbre_spider.extensions.progress import Progress

pytestmark = pytest.mark.unit


def shown(
    monkeypatch: pytest.MonkeyPatch, stored: int, wanted: int, moments: int = 2, terminal: bool = False, **settings: Any
) -> None:
    """Runs the extension in a crawl that has stored so many songs, until it has looked at the time so often: each time
    ten seconds later."""
    crawler = get_crawler(Spider, settings)
    known = SimpleNamespace(stored=[UUID(int=number) for number in range(stored)])
    context._of_crawlers[crawler] = known  # type: ignore[assignment]
    crawler.stats.set_value("timbre/songs_wanted", wanted)
    looked: list[float] = []

    def monotonic() -> float:
        looked.append(10.0 * len(looked))
        return looked[-1]

    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=monotonic))
    monkeypatch.setattr(progress, "_LINE_EVERY", 0.01)
    # Drawn once, and when it ends.
    monkeypatch.setattr(progress, "_REFRESH", 60)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)

    async def run() -> None:
        extension = Progress.from_crawler(crawler)
        extension._opened()
        async with asyncio.timeout(5):
            while len(looked) < moments:
                await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        await extension._closed()
        assert extension._task.done()

    asyncio.run(run())


def test_lines_tell_songs_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown(monkeypatch, 1200, 3000, moments=3)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[:2] == [
        "1,200 of 3,000 songs, 120.0 a second, 15 s left", "1,200 of 3,000 songs, 60.0 a second, 30 s left",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "wanted", "line"),
    [(0, 9, "0 of 9 songs, 0.0 a second, time left unknown"), (0, 0, "")],
)
def test_what_is_not_known_yet_is_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stored: int, wanted: int, line: str
) -> None:
    shown(monkeypatch, stored, wanted, moments=2 if line else 1)
    assert capsys.readouterr().err.partition("\n")[0] == line


@pytest.mark.parametrize(("wanted", "counts"), [(48, "12/48"), (0, "12/?")])
def test_a_terminal_has_a_bar_that_goes_when_the_run_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wanted: int, counts: str
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    shown(monkeypatch, 12, wanted, terminal=True)
    said = capsys.readouterr().err
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said)
    assert re.search(rf"songs +\S+.* {re.escape(counts)} +1\.2/s", plain)
    assert said.endswith("\x1b[2K")


def test_a_line_comes_every_ten_seconds_and_the_bar_moves_twice_a_second() -> None:
    assert (progress._LINE_EVERY, progress._REFRESH) == (10.0, 0.5)


def test_it_is_off_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotConfigured):
        shown(monkeypatch, 1, 2, PROGRESS=False)
