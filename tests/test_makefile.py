"""`make` alone tells what it can do, and it can do what it tells."""

import re
import subprocess

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.unit

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = re.search(r"^\.PHONY: (.+)$", MAKEFILE.replace("\\\n", ""), re.M)[1].split()


def make(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_make_alone_lists_every_target_with_what_it_is_for() -> None:
    listed = re.findall(r"^  make ([a-z-]+) +\S.{5,}$", make().stdout, re.M)
    assert sorted(listed) == sorted(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_can_be_made(target: str) -> None:
    # The environment counts as set up: what is tried is the target.
    stamps = [f"--old-file=.venv/{stamp}" for stamp in ("installed", "tools", "release-tools")]
    tried = make("--dry-run", *stamps, target)
    assert tried.returncode == 0, tried.stderr
