"""`timbre schedule`: a run at set times by what the machine has for it, cron or systemd."""

import re
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from timbre_spider.cli.choices import one_of
from timbre_spider.config import load_config
from timbre_spider.errors import RunError, UsageError
from timbre_spider.terminal import console

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def schedule(
    at: Annotated[str, typer.Option(help="When in the day, as HH:MM.")] = "03:00",
    days: Annotated[str | None, typer.Option(help="On which days, such as mon,thu; default every day.")] = None,
    format: Annotated[str, typer.Option(help="cron or systemd.")] = "cron",
    to: Annotated[Path | None, typer.Option(help="Write it there instead: a file, for systemd a folder.")] = None,
    max_songs: Annotated[int | None, typer.Option(help="Songs to store; default MAX_SONGS.", min=1)] = None,
) -> None:
    """A cron line, or a systemd service and timer, that runs the pipeline here at set times, one run at a time."""
    one_of("--format", format, "cron", "systemd")
    time = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if time is None:
        raise UsageError(f"--at {at} is no time: write it as 03:00.")
    hour, minute = int(time[1]), int(time[2])
    on = [day for day in (days or "").lower().replace(" ", "").split(",") if day]
    if not set(on) <= set(_DAYS):
        raise UsageError(f"--days {days} is wrong: use some of {','.join(_DAYS)}.")
    config = load_config()
    command = [sys.executable, "-m", "timbre_spider", "run", *([f"--max-songs={max_songs}"] if max_songs else [])]
    try:
        if format == "cron":
            config.data_dir.mkdir(parents=True, exist_ok=True)
            lock = (config.data_dir / "schedule.lock").resolve()
            _give({"": _cron_line(hour, minute, on, command, lock)}, to)
            return
        _give({"timbre.service": _service_unit(command), "timbre.timer": _timer_unit(hour, minute, on)}, to)
    except OSError as error:
        raise RunError(f"It cannot be written ({error.strerror}: {error.filename}).") from None


def _cron_line(hour: int, minute: int, days: list[str], command: list[str], lock: Path) -> str:
    told = f"cd {shlex.quote(str(Path.cwd()))} && flock -n {shlex.quote(str(lock))} {shlex.join(command)}"
    # In a crontab % ends the command.
    return f"{minute} {hour} * * {','.join(days) or '*'} {told.replace('%', chr(92) + '%')}\n"


def _service_unit(command: list[str]) -> str:
    program, *arguments = command
    return (
        "[Unit]\nDescription=timbre_spider: a listener's history into a table of songs\n"
        "Wants=network-online.target\nAfter=network-online.target\n\n"
        # Of a service of one shot systemd starts no second one while it runs.
        f"[Service]\nType=oneshot\nWorkingDirectory={_for_systemd(str(Path.cwd()))}\n"
        f"ExecStart={_quoted(program)} {' '.join(map(_quoted, arguments))}\nTimeoutStopSec=30\n"
    )


def _timer_unit(hour: int, minute: int, days: list[str]) -> str:
    on = f"{','.join(day.capitalize() for day in days)} " if days else ""
    return (
        "[Unit]\nDescription=When timbre_spider runs\n\n"
        f"[Timer]\nOnCalendar={on}*-*-* {hour:02}:{minute:02}:00\n"
        # A run that was missed is made up once.
        "Persistent=true\nRandomizedDelaySec=5min\n\n[Install]\nWantedBy=timers.target\n"
    )


def _for_systemd(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_for_systemd(escaped)}"' if re.search(r"[^\w./=-]", text) else text


def _give(texts: dict[str, str], to: Path | None) -> None:
    """Each text under its name in the folder `to`, or the one without a name in the file `to`; else on the screen."""
    for name, text in texts.items():
        if to is None:
            print(f"# {name}\n{text}" if name else text, end="")
            continue
        path = to / name if name else to
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        console.print(f"Written: {path}")
