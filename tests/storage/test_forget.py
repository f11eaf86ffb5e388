"""What killed runs left is forgotten, too, and no file of theirs stays that nobody would come for."""

from pathlib import Path

import pytest

from tests.storage.making import look, name_key, song, store
from tests.storage.test_journal import files, leave
from timbre_spider.config import load_config
from timbre_spider.storage.database import Database
from timbre_spider.storage.forget import commit_left, forget
from timbre_spider.storage.journal import Journal

pytestmark = pytest.mark.integration


def test_what_a_killed_run_was_told_of_a_listener_s_song_goes_with_it(database: Database, tmp_path: Path) -> None:
    store(database, song("A", "Alone"), song("A", "Both"), song("A", "Both", listener="other"))
    folder = tmp_path / "spool" / "uncommitted"
    folder.mkdir(parents=True)
    leave(folder / f"{Journal.of(database, folder)._ledger}-1.jsonl", name_key("A", "Alone"), name_key("A", "Both"))
    config = load_config(_env_file=None, data_dir=tmp_path)
    commit_left(database, config)
    assert files(folder) == []
    assert forget(database, "me").songs == 1
    assert look(database, "SELECT key FROM answers") == [name_key("A", "Both")]
    commit_left(database, config)  # there is nothing
