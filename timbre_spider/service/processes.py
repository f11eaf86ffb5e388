"""Runs as processes of their own: started, found again after a restart of the service, stopped.

Each leaves a file under DATA_DIR/service, with which process it is; the run itself is told from the database.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psutil  # type: ignore[import-untyped]
from pydantic import BaseModel, ValidationError

from timbre_spider.config import Config
from timbre_spider.errors import RunError, UsageError
from timbre_spider.service.asked import StartRun
from timbre_spider.service.scrapyd import Scrapyd
from timbre_spider.storage.process import ProcessIdentity

# What is said of a run that has ended is kept for so many runs.
_KEPT = 20
_SHOWN_BYTES = 16_384


class RunGoesOn(RunError):
    """A run is going on already. Raised when another is asked for; the user waits for it or stops it."""


class StartedRun(BaseModel):
    """A run that the service started. `id` is the `job_id` of its row in `runs`; a dry run has no row. One that scrapyd
    was asked for has no process here."""

    id: str
    asked: StartRun
    listener: str | None
    started_at: datetime
    host: str = ""
    process_id: int | None = None
    process_started: float = 0.0
    stop_asked: bool = False
    end_told: bool = False

    @property
    def process(self) -> ProcessIdentity | None:
        """Its process; None where scrapyd has it."""
        if self.process_id is None:
            return None
        return ProcessIdentity(self.host, self.process_id, self.process_started)


class RunProcesses:
    """The runs of this DATA_DIR."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._folder = config.data_dir / "service"
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._scrapyd = Scrapyd(config.scrapyd_url) if config.scrapyd_url else None

    def start(self, asked: StartRun, others: Iterable[str | None] = ()) -> StartedRun:
        """Start it. `others`: listeners of runs that go on and were started elsewhere.

        Raises RunGoesOn for a second one of a listener, UsageError where no listener is named.
        """
        with self._alone():
            listener = self._listener(asked)
            for other in [*(run.listener for run in self.going_on()), *others]:
                if None in (other, listener) or _same(other, listener):
                    raise RunGoesOn(
                        f"A run of {other or 'a listener'} goes on: wait for its end, or stop it (POST /pipeline/stop)."
                    )
            return self._start(asked, listener)

    def going_on(self) -> list[StartedRun]:
        """Those whose process is there, or that scrapyd has not finished, the oldest first. Raises RunError."""
        over = self._ended()
        return [run for run in self.known() if run.id not in over]

    def stop(self, run: StartedRun) -> None:
        """Tell it to end in good order. Raises RunError."""
        self._write(run.model_copy(update={"stop_asked": True}))
        if run.process is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(run.process.number, signal.SIGTERM)
        elif self._scrapyd is not None:
            self._scrapyd.cancel(run.id)

    def known(self) -> list[StartedRun]:
        """All that are remembered, the oldest first."""
        for child in self._children.values():
            child.poll()  # an ended child stays in the system's table until it is asked
        runs = []
        for path in self._folder.glob("*.json"):
            with suppress(OSError, ValidationError):  # a half-written file is of a start that failed
                runs.append(StartedRun.model_validate_json(path.read_bytes()))
        return sorted(runs, key=lambda run: run.started_at)

    def ended_untold(self) -> list[StartedRun]:
        """Those that have ended and whose end was not looked at, the oldest first. Raises RunError."""
        over = self._ended()
        return [run for run in self.known() if not run.end_told and run.id in over]

    def tell_ended(self, run: StartedRun) -> None:
        """Its end has been looked at."""
        self._write(run.model_copy(update={"end_told": True}))

    def said(self, run_id: str) -> str:
        """The end of what the run printed."""
        with suppress(OSError), self._output(run_id).open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _SHOWN_BYTES))
            return file.read().decode(errors="replace")
        return ""

    def exit_status(self, run_id: str) -> int | None:
        """How the run's process ended; None while it runs, and where another service than this one started it."""
        child = self._children.get(run_id)
        return child.poll() if child else None

    def _ended(self) -> set[str]:
        """The runs that are over."""
        known = self.known()
        over = {run.id for run in known if run.process is not None and run.process.is_gone}
        of_scrapyd = {run.id for run in known if run.process is None and not run.end_told}
        if of_scrapyd and self._scrapyd is not None:
            over |= of_scrapyd - self._scrapyd.unfinished()
        return over | {run.id for run in known if run.end_told}

    def _start(self, asked: StartRun, listener: str | None) -> StartedRun:
        run_id = uuid4().hex
        if self._scrapyd is not None:
            self._scrapyd.schedule(asked, run_id)
            run = StartedRun(id=run_id, asked=asked, listener=listener, started_at=datetime.now(UTC))
            self._write(run)
            self._forget_old()
            return run
        command = [sys.executable, "-m", "timbre_spider", *asked.command(), f"--job-id={run_id}"]
        # A session of its own: neither ctrl-C nor the end of the service is for the run.
        with self._output(run_id).open("wb") as output:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._children[run_id] = child
        process = psutil.Process(child.pid)
        run = StartedRun(
            id=run_id,
            asked=asked,
            listener=listener,
            started_at=datetime.now(UTC),
            host=ProcessIdentity.of_this_one().host,
            process_id=child.pid,
            process_started=process.create_time(),
        )
        self._write(run)
        self._forget_old()
        return run

    def _write(self, run: StartedRun) -> None:
        half = self._folder / f".{run.id}.half"
        half.write_text(run.model_dump_json(), encoding="utf-8")
        half.rename(self._folder / f"{run.id}.json")

    def _listener(self, asked: StartRun) -> str | None:
        listener = asked.listenbrainz or asked.user
        if listener or asked.sandbox or self._config.lastfm_api_key is None:
            return listener  # the sandbox has one of its own
        if self._config.lastfm_username is None:
            raise UsageError("No listener is named: set LASTFM_USERNAME in .env, or send user.")
        return self._config.lastfm_username

    def _output(self, run_id: str) -> Path:
        return self._folder / f"{run_id}.txt"

    def _forget_old(self) -> None:
        over = self._ended()
        for run in [run for run in self.known() if run.id in over][:-_KEPT]:
            self._children.pop(run.id, None)
            for path in (self._folder / f"{run.id}.json", self._output(run.id)):
                path.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One start at a time, whichever service it is asked of."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _same(one: str | None, other: str | None) -> bool:
    """Whether both are one listener: Last.fm takes names in any case."""
    return one is not None and other is not None and one.lower() == other.lower()
