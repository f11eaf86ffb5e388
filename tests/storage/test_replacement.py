"""A file is replaced when the new one is whole, and never by a much shorter one unless it may."""

import os
from pathlib import Path

import pytest

from timbre_spider.storage.replacement import Replacement

pytestmark = pytest.mark.unit


def written(target: Path, text: str, *, append: bool = False, may_shrink: bool = True) -> Path:
    replacement = Replacement(target, append=append)
    replacement.file.write(text.encode())
    if target.is_file() and text:
        assert text not in target.read_text()
    return replacement.commit(may_shrink=may_shrink)


def test_it_takes_the_place_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "x.txt"
    assert written(target, "one") == target
    assert written(target, "two") == target
    assert written(target, "three", append=True) == target
    assert target.read_text() == "twothree"
    assert list(target.parent.iterdir()) == [target]


def test_discarded_it_leaves_all_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")
    replacement = Replacement(target, append=True)
    replacement.file.write(b"new")
    replacement.discard()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_unless_told_otherwise_it_starts_empty_and_may_shrink(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old\n" * 20)
    target.with_name(f".x.txt.{os.getpid()}.half").write_text("left by one that was killed")
    replacement = Replacement(target)
    replacement.file.write(b"new")
    assert replacement.commit() == target
    assert target.read_text() == "new"
    replacement.discard()  # there is nothing to discard
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("lines", "may_shrink", "place"),
    [
        (9, False, "x.smaller.jsonl"),
        (0, False, "x.smaller.jsonl"),
        (17, False, "x.smaller.jsonl"),
        (18, False, "x.jsonl"),
        (30, False, "x.jsonl"),
        (9, True, "x.jsonl"),
    ],
)
def test_one_with_fewer_lines_stands_beside(tmp_path: Path, lines: int, may_shrink: bool, place: str) -> None:
    target = tmp_path / "x.jsonl"
    target.write_text("old\n" * 20)
    assert written(target, "new\n" * lines, may_shrink=may_shrink).name == place
    assert target.read_text() == ("new\n" * lines if place == target.name else "old\n" * 20)
    assert (tmp_path / place).read_text() == "new\n" * lines


def test_it_is_on_the_disk_before_it_takes_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, sync, synced = tmp_path / "x.txt", os.fsync, []

    def told(handle: int) -> None:
        synced.append((Path(os.readlink(f"/proc/self/fd/{handle}")).read_text(), target.exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", told)
    written(target, "new")
    assert synced == [("new", False)]


def test_who_may_read_it_stays(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")
    target.chmod(0o640)
    written(target, "new")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    written(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_what_is_no_file_is_written_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert written(pipe, "new", may_shrink=False) == pipe
        assert os.read(reader, 9) == b"new"
        Replacement(pipe, append=True).discard()
        assert pipe.is_fifo()
    finally:
        os.close(reader)
    assert list(tmp_path.iterdir()) == [pipe]
