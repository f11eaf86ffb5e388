"""The server of our own: shared, started and stopped by us, and back after a crash."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.waiting import wait_until
from timbre_spider.config import load_config
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage import embedded
from timbre_spider.storage.connect import EmbeddedDatabase, open_database
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.server_user import LentUser

pytestmark = pytest.mark.integration

CAP_DAC_OVERRIDE = 1


def pid_of(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def running(folder: Path) -> bool:
    try:
        process = psutil.Process(pid_of(folder))
        return process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, psutil.NoSuchProcess):
        return False


def test_the_last_user_stops_it(data_dir: Path) -> None:
    folder = data_dir / "postgres"
    first, second = EmbeddedServer(folder), EmbeddedServer(folder)
    first.close()
    assert running(folder)
    second.close()
    assert not running(folder)
    second.close()  # closing twice is no harm


OTHER = """
import sys
from pathlib import Path
from timbre_spider.storage.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
if sys.argv[2] == "close":
    server.close()
"""


def other_process(folder: Path, end: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(folder), end], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_another_process_keeps_it_running_even_when_we_leave(data_dir: Path) -> None:
    folder = data_dir / "postgres"
    server = EmbeddedServer(folder)
    with other_process(folder, "close") as other:
        server.close()
        assert running(folder)
        other.communicate("")
    assert not running(folder)


def test_a_killed_user_does_not_keep_it_running(data_dir: Path) -> None:
    folder = data_dir / "postgres"
    with other_process(folder, "close") as other:
        server = EmbeddedServer(folder)
        other.kill()
        other.communicate()
    assert running(folder)
    server.close()
    assert not running(folder)


def test_a_command_that_forgets_to_close_leaves_no_server(data_dir: Path) -> None:
    code = (
        "from timbre_spider.config import load_config; from timbre_spider.storage.connect import open_database;"
        f"config = load_config(data_dir={str(data_dir)!r}, database_url=None);"
        "database = open_database(config); database.connect().close()"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    assert (data_dir / "postgres" / "PG_VERSION").exists()
    assert not running(data_dir / "postgres")


def test_two_processes_that_start_it_at_once_share_it(data_dir: Path) -> None:
    folder = data_dir / "postgres"
    command = [sys.executable, "-c", OTHER, str(folder), "close"]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.communicate("")
        assert process.returncode == 0
    assert not running(folder)


def crash(folder: Path) -> None:
    os.kill(pid_of(folder), signal.SIGKILL)
    wait_until(lambda: not running(folder), every=0.01)


def test_a_crashed_server_is_started_again(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir / "postgres")
    database = EmbeddedDatabase(server, "kept")
    with database.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        crash(server.folder)
    with database.connect() as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    database.close()
    assert not running(server.folder)


def test_a_stale_pid_file_of_another_program_is_no_hindrance(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir / "postgres")
    crash(server.folder)
    pid_file = server.folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.ensure_running()
    assert running(server.folder)
    server.close()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("{own}\nmore\n", True),
        ("{another}\n", False),
        ("{zombie}\n", False),
        ("{gone}\n", False),
        ("", True),
        ("no number\n", True),
    ],
)
def test_only_its_own_server_s_lock_files_are_left_alone(tmp_path: Path, text: str, stays: bool) -> None:
    server = EmbeddedServer.__new__(EmbeddedServer)
    server.folder = tmp_path
    zombie = subprocess.Popen([sys.executable, "-c", "", str(tmp_path)])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody was told
    gone = subprocess.Popen([sys.executable, "-c", "", str(tmp_path)])
    gone.wait()
    begun = [sys.executable, "-c", "print(flush=True); input()", str(tmp_path)]
    own = subprocess.Popen(begun, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert own.stdout is not None
    own.stdout.readline()  # until it has begun, Linux knows no command line of it
    numbers = {"own": own.pid, "another": os.getpid(), "zombie": zombie.pid, "gone": gone.pid}
    files = [tmp_path / "postmaster.pid", tmp_path / ".s.PGSQL.5432.lock"]
    for file in files:
        file.write_text(text.format(**numbers))
        server._forget_stranger()
        assert file.exists() is stays
    own.communicate(b"\n")
    zombie.wait()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FATAL:  the first\nLOG:  x\nPANIC:  the last \nLOG:  y\n", "PANIC:  the last"),
        ("FATAL:  long ago\n" + "LOG:  x\n" * 20, ""),
        ("FATAL:  just in time\n" + "LOG:  x\n" * 19, "FATAL:  just in time"),
        ("LOG:  x\n", ""),
        (None, ""),
    ],
)
def test_the_last_words_of_a_server_are_those_it_died_of(tmp_path: Path, text: str | None, said: str) -> None:
    server = EmbeddedServer.__new__(EmbeddedServer)
    server.folder = tmp_path
    if text is not None:
        (tmp_path / "log").write_text(text)
    assert server._last_words() == said


@pytest.mark.unit
def test_what_a_program_says_is_told_where_it_fails_and_never_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server = EmbeddedServer.__new__(EmbeddedServer)
    server.folder, server._user, server._binaries = tmp_path, None, embedded._binaries()
    with pytest.raises(DatabaseUnreachable) as caught:
        server._run("pg_isready", "--nonsense")
    said = str(caught.value)
    assert said.startswith(f"The embedded Postgres in {tmp_path} cannot be set up: pg_isready says ")
    assert "unrecognized option" in said
    assert said.endswith("Set DATABASE_URL to use a server of your own.")
    told = server._run("pg_isready", "--nonsense", check=False)
    assert (told.returncode, "unrecognized option" in told.stdout) == (3, True)
    assert "pg_isready (PostgreSQL) 18" in server._run("pg_isready", "--version").stdout
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[EmbeddedServer, Path]:
    """A server whose folder no socket can be in, and where it would listen."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    server = EmbeddedServer.__new__(EmbeddedServer)
    server.folder, server._user = tmp_path / "with space", None
    return server, server.socket_folder


@pytest.mark.unit
def test_a_folder_for_sockets_is_the_user_s_alone_and_may_be_there(sockets: tuple[EmbeddedServer, Path]) -> None:
    server, folder = sockets
    for _ in range(2):
        server._prepare_socket_folder()
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.unit
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_one_that_somebody_else_made_before_is_not_trusted(sockets: tuple[EmbeddedServer, Path]) -> None:
    server, folder = sockets
    folder.mkdir()
    os.chown(folder, 4321, 8765)
    for user in (None, LentUser(77, 78)):
        server._user = user
        with pytest.raises(DatabaseUnreachable, match=f"{folder} belongs to somebody else. Remove it, or set DATA"):
            server._prepare_socket_folder()
    server._user = LentUser(4321, 8765)
    server._prepare_socket_folder()
    os.chown(folder, 0, 0)
    server._prepare_socket_folder()
    assert (folder.stat().st_uid, folder.stat().st_gid) == (4321, 8765)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("folder", "own"),
    [
        ("/" + "x" * 88, True),
        ("/" + "x" * 89, False),
        ("/with/a space", False),
        ("/with/ünï", True),
        ("/" + "ü" * 44, True),
        ("/" + "ü" * 45, False),
        ("/it's", False),
        ("/plain-1.0_x+y", True),
    ],
)
def test_a_server_listens_in_its_folder_where_a_socket_can_be_there(folder: str, own: bool) -> None:
    server = EmbeddedServer.__new__(EmbeddedServer)
    server.folder = Path(folder)
    if own:
        assert server.socket_folder == Path(folder)
    else:
        name = hashlib.sha256(folder.encode()).hexdigest()[:16]
        assert server.socket_folder == Path(tempfile.gettempdir()) / f"timbre-{name}"


def test_a_start_killed_half_way_leaves_nothing_that_hinders(data_dir: Path) -> None:
    half = data_dir / "postgres.fresh"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(data_dir / "postgres")
    assert running(server.folder)
    server.close()


@pytest.mark.parametrize("name", ["deep/" * 30 + "data", "with space, 'quote' and ünïcode"])
def test_paths_a_socket_cannot_have(data_dir: Path, name: str) -> None:
    config = load_config(data_dir=data_dir / name)
    with open_database(config) as database:
        with database.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert isinstance(database, EmbeddedDatabase)
        sockets = database.server.socket_folder
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()


def test_a_server_that_does_not_start_says_why_and_what_to_do(data_dir: Path, monkeypatch: Any) -> None:
    folder = data_dir / "postgres"
    EmbeddedServer(folder).close()
    (folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseUnreachable) as caught:
        EmbeddedServer(folder)
    said = str(caught.value)
    assert f"Postgres in {folder} does not start: " in said
    assert "FATAL:  database files are incompatible with server. Look into " in said
    assert said.endswith(f"Look into {folder / 'log'}, or set DATABASE_URL to a server of your own.")


def test_it_is_safe_and_small(data_dir: Path) -> None:
    with open_database(load_config(data_dir=data_dir)) as database, database.connect() as connection:
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert [settings[name] for name in ("fsync", "full_page_writes", "synchronous_commit")] == ["on"] * 3
    assert settings["listen_addresses"] == ""
    assert (settings["max_connections"], settings["jit"], settings["io_method"]) == ("40", "off", "sync")
    assert (settings["shared_buffers"], settings["max_wal_size"]) == ("8192", "1024")  # pages of 8 kB, and MB
    # Statements hold a listener's rows, and so would the log.
    assert (settings["log_min_error_statement"], settings["log_min_messages"]) == ("panic", "warning")
    log = (data_dir / "postgres" / "log").stat()
    assert (data_dir / "postgres").stat().st_mode & 0o777 == 0o700
    assert log.st_mode & 0o077 == 0


def test_invented_and_real_songs_live_apart(data_dir: Path) -> None:
    here = "http://127.0.0.1:8461/2.0/"
    cases: list[tuple[dict[str, str], bool, str, str]] = [
        ({}, False, "timbre_sandbox", ""),  # nobody has filled one of his own
        ({"lastfm_base_url": here}, True, "timbre_sandbox", ""),
        ({"lastfm_base_url": here, "lastfm_api_key": "its-key"}, True, "timbre_sandbox", ""),
        ({}, True, "timbre", ""),  # an import without a key, of a file that is not there
        ({}, False, "timbre_sandbox", ""),
        ({}, True, "timbre", "CREATE TABLE songs (id int)"),  # one that found nothing
        ({}, False, "timbre_sandbox", ""),
        ({}, True, "timbre", "CREATE TABLE aoty_albums (id int); INSERT INTO aoty_albums VALUES (1)"),
        ({}, False, "timbre", "TRUNCATE aoty_albums"),
        ({}, False, "timbre_sandbox", ""),
        ({"lastfm_api_key": "a-live-key"}, False, "timbre", "INSERT INTO songs VALUES (1)"),
        ({}, False, "timbre", ""),
        ({"lastfm_base_url": here}, False, "timbre_sandbox", ""),
    ]
    for given, to_fill, name, done in cases:
        config = load_config(_env_file=None, data_dir=data_dir, **given)
        with open_database(config, to_fill=to_fill) as database, database.connect() as connection:
            assert (connection.info.dbname, given, to_fill) == (name, given, to_fill)
            assert name in database.description
            connection.execute(done)


def test_a_key_alone_makes_a_database_of_ones_own(data_dir: Path) -> None:
    config = load_config(_env_file=None, data_dir=data_dir, lastfm_api_key="a-live-key")
    with open_database(config) as database:
        assert database.description.endswith("database timbre")


only_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody else; others run the other tests so"
)

AS_NOBODY = """
import os, pwd, sys
from pathlib import Path
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage import embedded
from timbre_spider.storage.connect import EmbeddedDatabase
embedded._binaries = lambda: Path(sys.argv[2])
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
try:
    database = EmbeddedDatabase(embedded.EmbeddedServer(Path(sys.argv[1])), "mine")
except DatabaseUnreachable as error:
    sys.exit(str(error))
with database.connect() as connection:
    assert connection.execute("SELECT 1").fetchone() == (1,)
database.close()
"""


def as_nobody(folder: Path, programs: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", AS_NOBODY, str(folder), str(programs)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


@pytest.fixture
def programs(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's programs where others reach them, beside data they reach, however closed this checkout is."""
    installed = embedded._binaries().parents[1]
    for package in (installed, installed.with_suffix(".libs")):
        shutil.copytree(package, data_dir / package.name, symlinks=True)
    subprocess.run(["chmod", "-R", "go+rX", data_dir], check=True)
    copied = data_dir / installed.name / "pginstall18" / "bin"
    monkeypatch.setattr(embedded, "_binaries", lambda: copied)
    return copied


@only_root
def test_a_normal_user_needs_no_other_user_and_root_keeps_it_so(data_dir: Path, programs: Path) -> None:
    own = data_dir / "own"
    own.mkdir()
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(own, nobody, -1)
    assert as_nobody(own / "postgres", programs).stderr == ""
    assert (own / "postgres" / "PG_VERSION").stat().st_uid == nobody
    assert not running(own / "postgres")
    server = EmbeddedServer(own / "postgres")
    assert psutil.Process(pid_of(server.folder)).uids().real == nobody
    server.close()
    assert as_nobody(own / "postgres", programs).stderr == ""


@only_root
def test_a_server_of_somebody_else_is_told_apart_in_a_line(data_dir: Path, programs: Path) -> None:
    EmbeddedServer(data_dir / "postgres").close()
    said = as_nobody(data_dir / "postgres", programs)
    assert said.returncode == 1
    assert len(said.stderr.splitlines()) == 1
    assert "out of reach (Permission denied" in said.stderr


def rights_of(folder: Path) -> int:
    """The kernel capabilities of the server in `folder`."""
    status = Path(f"/proc/{pid_of(folder)}/status").read_text()
    return int(status.partition("CapEff:")[2].split()[0], 16)


@only_root
@pytest.mark.usefixtures("programs")
def test_run_by_root_the_server_has_no_rights_of_root(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir / "postgres")
    assert psutil.Process(pid_of(server.folder)).username() == "pgserver"
    assert rights_of(server.folder) == 0
    server.close()


@only_root
def test_where_roots_folders_are_closed_the_server_gets_through_and_they_stay_closed(
    data_dir: Path, programs: Path
) -> None:
    """As in /root, with everything made under umask 077: the place of the data and the programs."""
    subprocess.run(["chmod", "-R", "go-rwx", data_dir], check=True)
    for query in ("CREATE TABLE kept AS SELECT 1 AS one", "SELECT FROM kept"):
        with EmbeddedDatabase(EmbeddedServer(data_dir / "work" / "postgres"), "mine") as database:
            with database.connect() as connection:
                connection.execute(query)
            assert rights_of(database.server.folder) == 1 << CAP_DAC_OVERRIDE
    assert [folder for folder in (data_dir, *programs.parents[:3], programs) if folder.stat().st_mode & 0o077] == []
