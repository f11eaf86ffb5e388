"""What tests make for themselves leaves nothing behind."""

import os
import signal
import sys
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.conftest import ROOT
from tests.databases import passing_folder
from tests.waiting import wait_until

pytestmark = pytest.mark.integration

HOLDS_ONE = """
import time
from tests.databases import passing_folder
with passing_folder() as folder:
    (folder / "postgres").mkdir()
    print(folder, flush=True)
    time.sleep(60)
"""


def test_its_folder_is_gone_at_the_end() -> None:
    with passing_folder() as folder:
        (folder / "postgres").mkdir()
    assert not folder.exists()


def test_and_after_a_kill() -> None:
    with Popen([sys.executable, "-c", HOLDS_ONE], cwd=ROOT, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert folder.exists()
        os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not folder.exists())
