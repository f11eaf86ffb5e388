"""A stop signal, in a process of its own."""

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.unit


def ended(code, **fields):
    """Status and output of a Python process that runs `code` with the signal caught."""
    head = "import os, signal\nfrom timbre_spider.stop_signal import stop_signal\n"
    done = subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_the_first_is_remembered_and_nothing_ends(name):
    assert ended(f"stop_signal.catch(); signal.raise_signal(signal.{name}); print(stop_signal.name)") == (0, name)


def test_the_second_ends_at_once():
    code = "stop_signal.catch(); [signal.raise_signal(signal.SIGTERM) for _ in range(2)]; print('on')"
    assert ended(code) == (-signal.SIGTERM, "")


def test_outside_the_block_it_has_its_usual_effect():
    code = "with stop_signal.caught(): pass\nsignal.raise_signal(signal.SIGTERM); print('on')"
    assert ended(code) == (-signal.SIGTERM, "")
