"""Files of the spool are whole and on the disk, or not there; the oldest is loaded first."""

import os
from datetime import datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from timbre_spider.storage import spool as module
from timbre_spider.storage.spool import lines_of, remove, spool, spooled_files

pytestmark = pytest.mark.unit

SAID = [{"kind": "answers", "rows": [["ü"]]}, {"kind": "songs", "rows": []}]
LINES = '{"kind":"answers","rows":[["ü"]]}\n{"kind":"songs","rows":[]}\n'


def test_a_file_is_on_the_disk_before_it_is_seen_and_its_name_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is synced, told by the handle: its text if it is a file, and which files others see by then."""
    sync, synced = os.fsync, []

    def told(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        synced.append((path.read_text() if path.is_file() else "", [each.name for each in spooled_files(folder)]))
        sync(handle)

    folder = tmp_path / "spool"
    monkeypatch.setattr(os, "fsync", told)
    path = spool(folder, SAID)
    assert synced == [(LINES, []), ("", [path.name])]
    assert list(lines_of(path)) == LINES.splitlines(keepends=True)
    remove(path)
    assert synced[2:] == [("", [])]


def test_a_file_that_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        spool(tmp_path, [*SAID, {"kind": object()}])
    assert spooled_files(tmp_path) == []


def test_the_oldest_comes_first_and_none_takes_another_s_place(tmp_path: Path) -> None:
    paths = [spool(tmp_path, SAID) for _ in range(5)]
    assert spooled_files(tmp_path) == paths


def test_of_one_microsecond_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = SimpleNamespace(now=lambda zone: datetime(2026, 3, 1, 12, 30, 1, 500, tzinfo=zone))
    monkeypatch.setattr(module, "datetime", now)
    monkeypatch.setattr(module, "_NUMBERS", count(8))
    paths = [spool(tmp_path, SAID) for _ in range(4)]
    assert spooled_files(tmp_path) == paths
    process = os.getpid()
    assert [path.name for path in paths[1:3]] == [
        f"20260301T123001000500-{process}-{number}.jsonl" for number in ("000009", "000010")
    ]


def test_what_is_forgotten_already_is_no_harm(tmp_path: Path) -> None:
    path = spool(tmp_path, SAID)
    for _ in range(2):
        remove(path)
