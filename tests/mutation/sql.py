"""Applies each mutant of sql/ to a database of its own and runs the storage tests against it.

    python -m tests.mutation.sql [TEXT]     only mutants whose file or text holds TEXT

One server for all; each mutant is a database, emptied before each test. Where there is a PgBouncer, connections that
have planned the merge already serve test after test. Ends with 1 when fewer than 85 %
of the mutants are noticed, or one fits sql/ no longer.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mutation.sql_mutants import HARMLESS, MUTANTS
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import SQL

ASKED = 0.85
# Which tests may notice a mutant of a file, the likeliest first.
RULES, MERGE, MERGES = (f"tests/storage/test_{name}.py" for name in ("merge_rules", "merge", "merges"))
RECALL, OVERRIDES, RUNS = (f"tests/storage/test_{name}.py" for name in ("recall", "override_store", "runs"))
LEDGER, FEATURES, EXPORT = (f"tests/storage/test_{name}.py" for name in ("ledger", "features", "export"))
TESTS = {
    "0001": [RULES],
    "0003": [RULES, "tests/storage/test_fold_rules.py", LEDGER, MERGE],
    "0004": [RECALL, LEDGER, RULES, OVERRIDES, RUNS],
    "0005": ["tests/storage/test_access.py"],
    "0006": [
        "tests/storage/test_absorb.py",
        "tests/storage/test_parting.py",
        "tests/storage/test_open_attrs.py",
        MERGES,
    ],
    "0008": [RUNS],
    "0009": [LEDGER],
    "0011": [FEATURES, EXPORT],
    "0012": ["tests/storage/test_calls.py"],
    "0013": ["tests/storage/test_open_attrs.py"],
    "0014": ["tests/storage/test_listens.py", RECALL, RULES],
    "0015": ["tests/storage/test_albums.py"],
    "0024": ["tests/storage/test_forgetting.py", "tests/storage/test_listens.py", FEATURES],
    "0025": ["tests/spiders/test_scrobbles.py"],
    "0029": ["tests/extensions/test_shared_pace.py"],
    "0034": ["tests/storage/test_genres.py"],
    "0037": ["tests/extensions/test_shared_pace.py"],
    "0038": ["tests/storage/test_quality.py"],
    "0039": [FEATURES, EXPORT, "tests/storage/test_open_attrs.py", "tests/storage/test_genres.py"],
    "0067": ["tests/storage/test_unrated.py"],
}
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


def main(only: str) -> int:
    chosen = [mutant for mutant in MUTANTS if any(only in each for each in mutant)]
    with tempfile.TemporaryDirectory(prefix="timbre-mutants-") as place:
        server = EmbeddedServer(Path(place) / "postgres")
        os.environ["TIMBRE_TEST_POSTGRES"] = str(server.folder)
        try:
            with _pooler(server, Path(place) / "pooler"):
                for file in sorted({file for file, _, _ in chosen}):
                    if _noticed(SQL, TESTS[file]):
                        print(f"\nThe tests of {file} fail without any mutant.")
                        return 1
                    print(f"  sql/{file} as it is passes", flush=True)
                survivors, unfit = _run(chosen, Path(place) / "sql")
        finally:
            server.close()
    left = [mutant for mutant in survivors if mutant not in HARMLESS]
    stale = [mutant for mutant in HARMLESS if mutant in chosen and mutant not in survivors]
    harmless = len(survivors) - len(left)
    counted = len(chosen) - len(unfit) - harmless
    killed = counted - len(left)
    print(
        f"sql: {killed} of {counted} mutants noticed ({killed / max(counted, 1):.1%}, asked: {ASKED:.0%}), "
        f"{harmless} harmless, {len(left)} survived"
    )
    for what, mutants in (("survived", left), ("fits no longer", unfit), ("is not harmless", stale)):
        for file, old, new in mutants:
            print(f"{what}  {file}  {old!r} → {new!r}")
    return 0 if not unfit and not stale and killed >= ASKED * counted else 1


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


def _run(
    mutants: list[tuple[str, str, str]], folder: Path
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    survivors, unfit = [], []
    for number, (file, old, new) in enumerate(mutants, 1):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SQL, folder)
        [path] = folder.glob(f"{file}_*.sql")
        text = path.read_text()
        if text.count(old) != 1:
            unfit.append((file, old, new))
            print(f"{number:4}  fits no longer  {old!r}", flush=True)
            continue
        path.write_text(text.replace(old, new))
        if _noticed(folder, TESTS[file]):
            verdict = "noticed"
        else:
            verdict = "SURVIVED"
            survivors.append((file, old, new))
        print(f"{number:4}  {verdict:8}  {file}  {old!r} → {new!r}", flush=True)
    return survivors, unfit


def _noticed(folder: Path, tests: list[str]) -> bool:
    """Whether a test fails with the schema in `folder`; in this process, which has all modules loaded."""
    os.environ["TIMBRE_TEST_SQL"] = str(folder)
    started = time.monotonic()
    kept = os.dup(1), os.dup(2)
    with Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
        try:
            code = pytest.main([*tests, "-q", "-x", "-p", "no:cacheprovider", "-k", LEFT_OUT, "-W", "ignore"])
        finally:
            for target, source in zip((1, 2), kept, strict=True):
                os.dup2(source, target)
                os.close(source)
    print(f"{time.monotonic() - started:6.1f} s", end="", flush=True)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ended with {code!r}")
    return code == pytest.ExitCode.TESTS_FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
