"""Cron lines and systemd units, read back by what reads them where it is there."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from timbre_spider.cli.schedule import schedule
from timbre_spider.errors import UsageError

pytestmark = pytest.mark.unit

Printed = Callable[..., str]


@pytest.fixture
def printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Printed:
    """What the command prints in a folder with an awkward name."""
    folder = tmp_path / 'a 100% "folder"'
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(at: str = "03:00", days: str | None = None, format: str = "cron", to: Path | None = None) -> str:
        schedule(at, days, format, to, 500)
        return capsys.readouterr().out

    return run


def test_a_cron_line_changes_into_the_folder_and_runs_alone(printed: Printed) -> None:
    line = printed("7:05", "Mon, thu")
    assert line.startswith("5 7 * * mon,thu cd ")
    command = line.split(maxsplit=5)[5].replace("\\%", "%")
    words = shlex.split(command)
    assert words[:4] == ["cd", str(Path.cwd()), "&&", "flock"]
    assert words[6:] == [sys.executable, "-m", "timbre_spider", "run", "--max-songs=500"]
    assert "%" not in line.replace("\\%", "")
    assert printed().startswith("0 3 * * * ")


def test_units_are_written_into_a_folder_and_hold(printed: Printed, tmp_path: Path) -> None:
    printed("23:59", "sun", "systemd", tmp_path / "units")
    timer, service = ((tmp_path / "units" / name).read_text() for name in ("timbre.timer", "timbre.service"))
    assert "OnCalendar=Sun *-*-* 23:59:00\n" in timer
    assert "Persistent=true\n" in timer
    assert "100%% " in service
    assert "--max-songs=500" in service
    if shutil.which("systemd-analyze"):
        subprocess.run(["systemd-analyze", "calendar", "Sun *-*-* 23:59:00"], check=True, capture_output=True)


@pytest.mark.parametrize("at", ["", "3", "24:00", "03:60", "3 pm"])
def test_what_is_no_time_is_told(printed: Printed, at: str) -> None:
    with pytest.raises(UsageError, match="no time"):
        printed(at)


def test_what_is_no_day_is_told(printed: Printed) -> None:
    with pytest.raises(UsageError, match="--days"):
        printed(days="monday")
