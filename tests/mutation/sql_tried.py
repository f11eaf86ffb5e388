"""A server on which one changed schema after the other is made and tested.

Each is a database, emptied before each test. Where there is a PgBouncer, connections that have planned the merge
already serve test after test.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import pytest

from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import SQL

# What the catalogue, a timeout or chance does says nothing about a mutant.
LEFT_OUT = "not in_the_catalogue and not timeout and not sequence and not session"
# Whatever one session leaves behind is gone for the next but its plans.
POOLER = """\
[databases]
* = host={server} user=postgres
[pgbouncer]
unix_socket_dir = {folder}
unix_socket_mode = 0777
listen_addr =
listen_port = 5432
auth_type = any
pool_mode = session
default_pool_size = 30
server_reset_query = RESET ROLE; RESET ALL; DEALLOCATE ALL; SELECT pg_advisory_unlock_all()
"""


class Trying:
    """The server, and tests run in this process, which has all modules loaded."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="timbre-mutants-")))
            server = EmbeddedServer(self.place / "postgres")
            os.environ["TIMBRE_TEST_POSTGRES"] = str(server.folder)
            stack.callback(server.close)
            stack.enter_context(_pooler(server, self.place / "pooler"))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def verdict(self, file: str, text: str | None, tests: list[str]) -> str:
        """What becomes of a changed file: noticed, survived, or it cannot be made."""
        if text is None:
            return "cannot be made"
        folder = self.place / "sql"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SQL, folder)
        [path] = folder.glob(f"{file}_*.sql")
        path.write_text(text, encoding="utf-8")
        loading = Loading()
        if not self.fails(folder, tests, loading):
            return "survived"
        return "cannot be made" if loading.refused else "noticed"

    def fails(self, schema: Path, tests: list[str], *plugins: object) -> bool:
        """Whether a test fails with the schema in that folder."""
        os.environ["TIMBRE_TEST_SQL"] = str(schema)
        kept = os.dup(1), os.dup(2)
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
            try:
                options = ["-q", "-x", "-p", "no:cacheprovider", "-k", LEFT_OUT, "-W", "ignore"]
                code = pytest.main([*tests, *options], plugins=plugins)
            finally:
                for target, source in zip((1, 2), kept, strict=True):
                    os.dup2(source, target)
                    os.close(source)
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise RuntimeError(f"pytest ended with {code!r}")
        return code == pytest.ExitCode.TESTS_FAILED


class Loading:
    """Whether the schema was refused by Postgres, of which no test can tell anything."""

    refused = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.refused |= report.when == "setup" and report.failed and "cannot be applied" in str(report.longrepr)


@contextmanager
def _pooler(server: EmbeddedServer, folder: Path) -> Iterator[None]:
    """PgBouncer before `server`; without it each test connects to the server itself."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None:
        yield
        return
    folder.mkdir()
    folder.chmod(0o777)
    settings = folder / "pgbouncer.ini"
    settings.write_text(POOLER.format(server=server.socket_folder, folder=folder))
    settings.chmod(0o644)
    command: list[object] = [program, "--quiet", settings]
    if server._user:
        command = server._user.runs(command, reaching=[folder])
    process = subprocess.Popen([str(part) for part in command], cwd="/")
    os.environ["TIMBRE_TEST_SOCKETS"] = str(folder)
    try:
        while not (folder / ".s.PGSQL.5432").exists() and process.poll() is None:
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)
        del os.environ["TIMBRE_TEST_SOCKETS"]
