"""Files of the spool are whole and on the disk, or not there; the oldest is loaded first."""

import os
from pathlib import Path

import pytest

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
