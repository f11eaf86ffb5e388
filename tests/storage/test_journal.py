"""What was told and is not committed outlives its process, is taken over once, and never by another database."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.storage.making import NOW, answer, dump, look, name_key, song, store
from tests.storage.test_albums import FULL, seen
from tests.waiting import PATIENCE, wait_until
from timbre_spider.config import Config
from timbre_spider.items import Reject
from timbre_spider.storage import journal as module
from timbre_spider.storage.database import Database
from timbre_spider.storage.forget import commit_left, forget
from timbre_spider.storage.journal import Journal
from timbre_spider.storage.pending_write import PendingWrite
from timbre_spider.storage.writer import Writer

# Tells the database what it is given, and waits to be killed.
CHILD = """
import asyncio, sys
from pathlib import Path
from tests.storage.making import answer
from tests.storage.test_albums import FULL, seen
from timbre_spider.items import Reject
from timbre_spider.storage.database import Database
from timbre_spider.storage.journal import Journal
from timbre_spider.storage.writer import Writer

async def main():
    database, folder = Database(sys.argv[1], "a database"), Path(sys.argv[2])
    writer = Writer(database, spool_dir=folder, journal=Journal.of(database, folder))
    await writer.open()
    await writer.record([answer("hash:1"), answer("hash:2", value="\\x00 \\ud800 ü")])
    await writer.catalogue([seen(FULL)])
    await writer.reject([Reject("me", "", "T", 1, "empty artist")])
    print("told", flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""

# Batches that are being committed and wait for a lock.
BLOCKED = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Runs a test in which writes can be made."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


def told(*keys: str) -> list[PendingWrite]:
    return [PendingWrite.of_answers([answer(key)]) for key in keys]


def keys(writes: list[PendingWrite]) -> list[str]:
    return [row[1] for write in writes for row in write.rows]


def leave(path: Path, *keys: str, more: str = "") -> None:
    """A file of a process that is gone."""
    lines = [f'["answers",[["spotify","{key}","found","2026-03-01T12:00Z",null,{{}},null,null,""]]]\n' for key in keys]
    path.write_text("".join(lines) + more)


def taken(folder: Path, ledger: str = "ours") -> list[str]:
    with Journal(folder, ledger).left() as left:
        return keys(left)


def written(folder: Path) -> list[str]:
    """The lines of the only file."""
    [path] = folder.iterdir()
    return path.read_text().splitlines()


def read_again(folder: Path) -> list[PendingWrite]:
    return [PendingWrite(*json.loads(line)) for line in written(folder)]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.integration
@in_a_loop
async def test_what_a_killed_process_was_told_and_had_not_committed_is_committed_by_the_next(
    database: Database, tmp_path: Path
) -> None:
    address, _ = database.conninfo_for_psql()
    with database.connect() as other, other.transaction():
        other.execute("LOCK TABLE answers, rejects, aoty_sightings IN ACCESS EXCLUSIVE MODE")
        told_and_killed(address, tmp_path, until=lambda: look(database, BLOCKED) != [0])
    assert look(database, "SELECT key FROM answers") == []

    writer = Writer(database, spool_dir=tmp_path, journal=Journal.of(database, tmp_path))
    await writer.open()
    # It is there by now: what is asked from here on is recalled.
    assert look(database, 'SELECT key, "values" FROM answers ORDER BY key') == [
        ("hash:1", {"a": 1}), ("hash:2", {"value": "\ufffd \ufffd ü"}),
    ]  # fmt: skip
    assert look(database, "SELECT title FROM aoty_sightings") == ["Harbour"]
    assert look(database, "SELECT listener FROM rejects") == []
    assert files(tmp_path) == []
    await writer.close()


def told_and_killed(address: str, folder: Path, until: Callable[[], bool]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, address, str(folder)], stdout=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline()
        wait_until(until, child)
        child.kill()
    assert said == b"told\n"


@pytest.mark.integration
@in_a_loop
async def test_what_was_committed_all_the_same_changes_nothing(database: Database, tmp_path: Path) -> None:
    first, newest = answer("hash:1", value="first"), answer("hash:1", at=NOW + timedelta(hours=1), value="newest")
    journal = Journal.of(database, tmp_path)
    writer = Writer(database, spool_dir=tmp_path, journal=journal)
    await writer.open()
    for each in (first, newest):
        await writer.record([each])
        await writer.flush()
    await writer.catalogue([seen(FULL)])
    await writer.close()
    before = dump(database)
    journal.add([PendingWrite.of_answers([first]), PendingWrite.of_albums([seen(FULL)])])
    lines, [name] = written(tmp_path), files(tmp_path)
    journal.close()
    (tmp_path / name).write_text("\n".join(lines))
    again = Writer(database, spool_dir=tmp_path, journal=Journal.of(database, tmp_path))
    await again.open()
    await again.close()
    assert files(tmp_path) == []
    assert dump(database) == before


@pytest.mark.integration
@in_a_loop
async def test_each_database_has_a_name_of_its_own(database: Database, new_database: Database, tmp_path: Path) -> None:
    journals = [Journal.of(each, tmp_path) for each in (database, database, new_database)]
    for journal in journals:
        journal.add(told("hash:1"))
    names = [name.partition("-")[0] for name in files(tmp_path)]
    assert (len(names), len(set(names))) == (3, 2)
    for journal in journals:
        journal.close()


@pytest.mark.integration
@in_a_loop
async def test_a_file_holds_what_is_told_until_it_is_committed_and_no_song(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timbre_spider.storage.writer._ANSWER_WAIT", 3600)
    monkeypatch.setattr(module, "_MOST_BYTES", 0)
    writer = Writer.from_config(database, Config(data_dir=tmp_path))
    await writer.open()
    folder = tmp_path / "spool" / "uncommitted"
    await writer.store(song())
    assert files(folder) == []
    await writer.catalogue([seen(FULL)])
    await writer.record([answer("hash:0")])
    assert len(written(folder)) == 2
    await writer.flush()
    await writer.record([answer("hash:1")])
    assert keys(read_again(folder)) == ["hash:1"]
    with database.connect() as other, other.transaction():
        other.execute(
            "INSERT INTO answers (source, key, outcome, asked_at) VALUES ('spotify', 'hash:1', 'failed', '2020-01-01')"
        )
        first = asyncio.create_task(writer.flush())
        async with asyncio.timeout(PATIENCE):
            while await asyncio.to_thread(look, database, BLOCKED) == [0]:
                await asyncio.sleep(0.01)
        # While those are committed another is told, and a song is stored.
        await writer.record([answer("hash:2")])
        await writer.store(song("B", "U"))
        assert keys(read_again(folder)) == ["hash:1", "hash:2"]
    await first
    assert keys(read_again(folder)) == ["hash:2"]
    await writer.close()
    assert look(database, "SELECT key FROM answers ORDER BY key") == ["hash:0", "hash:1", "hash:2"]
    assert files(folder) == []


@pytest.mark.integration
def test_what_a_killed_run_was_told_of_a_listener_s_song_is_forgotten_with_it(
    database: Database, tmp_path: Path
) -> None:
    """It is committed before: nobody would know its file by the ledger's name afterwards."""
    store(database, song("A", "Alone"), song("A", "Both"), song("A", "Both", listener="other"))
    folder, alone, both = tmp_path / "spool" / "uncommitted", name_key("A", "Alone"), name_key("A", "Both")
    folder.mkdir(parents=True)
    leave(folder / f"{Journal.of(database, folder)._ledger}-1.jsonl", alone, both)
    config = Config(data_dir=tmp_path)
    commit_left(database, config)
    assert files(folder) == []
    assert look(database, "SELECT key FROM answers ORDER BY key") == sorted([alone, both])
    assert forget(database, "me").songs == 1
    assert look(database, "SELECT key FROM answers") == [both]
    commit_left(database, config)  # there is nothing


@pytest.mark.unit
@in_a_loop
async def test_another_database_s_is_left_alone(tmp_path: Path) -> None:
    leave(tmp_path / "theirs-1.jsonl", "hash:1")
    leave(tmp_path / "ours-1.jsonl", "hash:2")
    leave(tmp_path / "ours-2.jsonl", "hash:3")
    assert taken(tmp_path) == ["hash:2", "hash:3"]
    assert files(tmp_path) == ["theirs-1.jsonl"]


@pytest.mark.unit
@in_a_loop
async def test_what_no_other_database_has_come_for_in_a_month_goes_and_is_not_read(tmp_path: Path) -> None:
    month = 30 * 86_400
    living = Journal(tmp_path, "theirs")
    living.add(told("hash:0"))
    [held] = files(tmp_path)
    for name, age in (
        ("ours-1.jsonl", 2 * month), (held, 2 * month), ("theirs-1.jsonl", month - 60), ("theirs-2.jsonl", month + 60),
        ("ours-2.jsonl.new", month - 60), ("ours-3.jsonl.new", month + 60), ("notes.txt", 2 * month),
    ):  # fmt: skip
        if name != held:
            leave(tmp_path / name, f"hash:{name}")
        os.utime(tmp_path / name, times=(time.time() - age,) * 2)
    with suppress(ZeroDivisionError), Journal(tmp_path, "ours").left():
        raise ZeroDivisionError
    assert len(files(tmp_path)) == 7
    assert taken(tmp_path) == ["hash:ours-1.jsonl"]
    assert files(tmp_path) == sorted([held, "notes.txt", "ours-2.jsonl.new", "theirs-1.jsonl"])
    living.close()


@pytest.mark.unit
@in_a_loop
async def test_a_living_process_s_is_left_alone(tmp_path: Path) -> None:
    living = Journal(tmp_path, "ours")
    living.add(told("hash:1"))
    assert taken(tmp_path) == []
    living.add(told("hash:2"))
    assert len(written(tmp_path)) == 2
    living.close()
    assert files(tmp_path) == []


@pytest.mark.unit
@in_a_loop
async def test_who_takes_it_over_has_it_alone_until_it_is_committed(tmp_path: Path) -> None:
    leave(tmp_path / "ours-1.jsonl", "hash:1")
    with suppress(ZeroDivisionError), Journal(tmp_path, "ours").left() as left:
        assert keys(left) == ["hash:1"]
        assert taken(tmp_path) == []
        raise ZeroDivisionError
    assert files(tmp_path) == ["ours-1.jsonl"]
    assert taken(tmp_path) == ["hash:1"]
    assert files(tmp_path) == []


@pytest.mark.unit
@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize(
    "damaged", ['["answers",[["s","hash:3","fou', "{}", "[]", "7", '["nonsense",[[1]]]', "\x00\x00", '["answers",7]']
)
@in_a_loop
async def test_a_line_that_was_cut_off_costs_itself(tmp_path: Path, damaged: str, end: str) -> None:
    leave(tmp_path / "ours-1.jsonl", "hash:1", "hash:2", more=damaged + end)
    assert taken(tmp_path) == ["hash:1", "hash:2"]


@pytest.mark.unit
@in_a_loop
async def test_what_is_committed_goes_when_nothing_else_is_there_or_it_grows_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path, "ours")
    journal.keep([])
    first, second, third = told("hash:1", "hash:2", "hash:3")
    journal.add([first])
    journal.add([second])
    journal.keep([second])
    assert len(written(tmp_path)) == 2
    journal.keep([])
    assert written(tmp_path) == []
    journal.add([first, third])
    journal.keep([third])
    assert keys(read_again(tmp_path)) == ["hash:1", "hash:3"]
    monkeypatch.setattr(module, "_MOST_BYTES", 2 * len(written(tmp_path)[0]))
    journal.keep([second, third])
    assert keys(read_again(tmp_path)) == ["hash:2", "hash:3"]
    assert taken(tmp_path) == []
    journal.add([first])
    assert len(written(tmp_path)) == 3
    journal.close()


@pytest.mark.unit
@in_a_loop
async def test_a_file_is_written_anew_when_it_has_grown_beyond_a_mebibyte(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "ours")
    [last] = told("hash:last")
    large = PendingWrite.of_answers([answer("hash:large", value="x" * (2**20 // 2 - 200))])
    journal.add([large, large, last])
    assert 2**20 - 400 < (tmp_path / files(tmp_path)[0]).stat().st_size <= 2**20
    journal.keep([last])
    assert len(written(tmp_path)) == 3
    journal.add(told(*(f"hash:{n}" for n in range(9))))
    journal.keep([last])
    assert keys(read_again(tmp_path)) == ["hash:last"]
    journal.close()


@pytest.mark.unit
@in_a_loop
async def test_a_file_and_its_folder_are_made_with_the_first_answer_for_the_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    journal = Journal(folder, "ours")
    with journal.left() as left:
        assert left == []
    journal.keep([])
    journal.close()
    assert not folder.exists()
    journal.add(told("hash:1"))
    journal.add(told("hash:2"))
    [path] = folder.iterdir()
    assert re.fullmatch(r"ours-[0-9a-f]{32}\.jsonl", path.name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().startswith('["answers",[["spotify","hash:1","found","2026-03-01T12:00:00+00:00",null,')
    journal.close()


@pytest.mark.unit
@in_a_loop
async def test_a_disk_that_fills_up_is_told_of_and_nothing_more_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(tmp_path, "ours")
    journal.add(told("hash:1"))
    file = journal._file
    assert file is not None
    monkeypatch.setattr(journal, "_file", Half(file))
    for key in ("hash:2", "hash:3"):
        journal.add(told(key))
    [line] = caplog.messages
    assert line == f"{tmp_path} takes no more (No space left on device): a kill may cost the last answers."
    whole, half = written(tmp_path)
    assert (whole[:3], half[:3], len(half) < len(whole)) == ('["a', '["a', True)
    file.close()
    assert taken(tmp_path) == ["hash:1"]


class Half:
    """A file on a disk that has room for half of what it is to take."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def write(self, lines: bytes) -> int:
        return int(self.file.write(lines[: len(lines) // 2]))


@pytest.mark.unit
@in_a_loop
async def test_a_disk_that_takes_nothing_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "folder").symlink_to("/proc")
    journal = Journal(tmp_path / "folder", "ours")
    for write in told("hash:1", "hash:2"):
        journal.add([write])
        journal.keep([write])
    journal.close()
    [record] = caplog.records
    assert "takes no more (No such file or directory)" in record.getMessage()


@pytest.mark.unit
@in_a_loop
async def test_of_a_listener_s_rows_nothing_is_written_down(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "ours")
    journal.add([PendingWrite.of_rejects([Reject("somebody", "", "T", 1, "empty artist")]), *told("hash:1")])
    [line] = written(tmp_path)
    assert "somebody" not in line
    journal.close()
