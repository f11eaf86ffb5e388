"""What is built from this folder works in any other: source archive, wheel, and a plain environment of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

import timbre_spider
from tests.conftest import ROOT, clean_environment

# Building and installing are as fast as the package index and the machine; the limit is only against a hang.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


def command(*words: object, folder: Path, status: int = 0, **env: str) -> str:
    """A command to its end in `folder`; what it printed. Skips where the package index does not answer."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=clean_environment() | {"PYTHONDONTWRITEBYTECODE": ""} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    if "Temporary failure in name resolution" in done.stdout or "No matching distribution" in done.stdout:
        pytest.skip("the package index cannot be reached")
    assert done.returncode == status, f"{words}:\n{done.stdout[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment with the wheel in it and nothing of this checkout."""
    folder = tmp_path_factory.mktemp("built")
    command(sys.executable, "-m", "build", "--outdir", folder, ROOT, folder=folder)
    command(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    (wheel,) = folder.glob("*.whl")
    pip = (folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet")
    # Python compiles what is used, and keeps it.
    command(*pip, "--no-compile", "--constraint", ROOT / "requirements.txt", wheel, folder=folder)
    return folder / "venv" / "bin"


def test_a_run_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    said = command(installed / "timbre", "run", "--sandbox", "--max-songs", "50", folder=tmp_path)
    assert "songs stored            50" in said
    assert (tmp_path / "exports" / "songs.jsonl").read_text().count("\n") == 50
    # The same database is opened from the module as well.
    assert "50" in command(installed / "python", "-m", "timbre_spider", "db", "counts", "--json", folder=tmp_path)


def test_it_knows_its_version(installed: Path, tmp_path: Path) -> None:
    said = command(installed / "timbre", "--version", folder=tmp_path)
    assert said == f"timbre {timbre_spider.__version__}\n"
    assert timbre_spider.__version__ in command(installed / "pip", "show", "timbre-spider", folder=tmp_path)


def test_redis_without_its_extra_is_one_line(installed: Path, tmp_path: Path) -> None:
    said = command(installed / "timbre", "worker", folder=tmp_path, status=2, REDIS_URL="redis://127.0.0.1:1/0")
    assert said.count("\n") == 1
    assert "pip install redis scrapy-redis" in said
