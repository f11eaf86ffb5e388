"""What is built from this folder works in any other: source archive, wheel, and a plain environment of its own."""

import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

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
    """The programs of a new environment with the wheel in it, what it asks for, and nothing of this checkout."""
    folder = tmp_path_factory.mktemp("built")
    command(sys.executable, "-m", "build", "--outdir", folder, ROOT, folder=folder)
    command(sys.executable, "-m", "venv", "--without-pip", folder / "venv", folder=folder)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile", "--no-deps")
    command(*pip, wheel, folder=folder)
    [packages] = (folder / "venv" / "lib").glob("*/site-packages")
    [itself] = distributions(name="timbre-spider", path=[str(packages)])
    for each in needed(itself.requires or []):
        for name in {Path(file).parts[0] for file in distribution(each).files or []} - {".."}:
            if not (packages / name).exists():
                (packages / name).symlink_to(Path(str(distribution(each).locate_file(name))))
    return python.parent


def needed(requirements: Iterable[str]) -> set[str]:
    """The distributions that these ask for here, and those that they ask for, extras aside that nobody named."""
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(each), "") for each in requirements]
    while waiting:
        asked, extra = waiting.pop()
        if asked.marker and not asked.marker.evaluate({"extra": extra}):
            continue
        for each in {"", *asked.extras}:
            if (asked.name, each) not in found:
                found.add((asked.name, each))
                waiting += [(Requirement(text), each) for text in distribution(asked.name).requires or []]
    return {name for name, _ in found}


def test_a_run_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    said = command(installed / "timbre", "run", "--sandbox", "--max-songs", "50", folder=tmp_path)
    assert "songs stored            50" in said
    assert (tmp_path / "exports" / "songs.jsonl").read_text().count("\n") == 50
    # The same database is opened from the module as well.
    assert "50" in command(installed / "python", "-m", "timbre_spider", "db", "counts", "--json", folder=tmp_path)


def test_it_knows_its_version(installed: Path, tmp_path: Path) -> None:
    said = command(installed / "timbre", "--version", folder=tmp_path)
    assert said == f"timbre {timbre_spider.__version__}\n"
    shown = "import importlib.metadata as m; print(m.version('timbre-spider'))"
    assert command(installed / "python", "-c", shown, folder=tmp_path) == f"{timbre_spider.__version__}\n"


def test_redis_without_its_extra_is_one_line(installed: Path, tmp_path: Path) -> None:
    said = command(installed / "timbre", "worker", folder=tmp_path, status=2, REDIS_URL="redis://127.0.0.1:1/0")
    assert said.count("\n") == 1
    assert "pip install redis scrapy-redis" in said
