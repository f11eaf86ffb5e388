"""Changes the code a little, in thousands of places one at a time, and sees whether the tests beside it notice.

python -m tests.mutation [--sample N [--seed N]] [ROOM or FILE ...]

Without arguments all rooms and sql/, which is a room of its own; docs/testing.md tells more.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HARMLESS = ROOT / "tests" / "mutation" / "harmless.toml"
LEAST = 0.85

ROOMS = (
    "matching",
    "planning",
    "histories",
    "albums",
    "sources",
    "middlewares",
    "spiders",
    "pipelines",
    "storage",
    "extensions",
    "workers",
    "exporters.py",
    "cells.py",
    "run_summary.py",
)
COPIED = ["timbre_sandbox", "sql", "docs", "benchmarks", "scrapy.cfg", "scrapyd.conf", "pyproject.toml", "README.md"]
# A mutant that hangs is noticed, but counted apart: `tried` gives it four times what the tests took, and more.
HANGS = {"never ends", "waits for ever"}
NOTICED = {"killed", "crashed"} | HANGS
# What a log says is read by people, and its words are nobody's contract.
NOT_MUTATED = [r"logger\.\w+\("]

# Files whose tests are not beside them: what they do shows where others use it.
ELSEWHERE = {
    "timbre_spider/extensions/beforehand.py": ["tests/pipelines/open/test_look_ahead.py"],
    "timbre_spider/extensions/flow.py": ["tests/pipelines/test_validate.py"],
}
# Who calls its functions, Scrapy's signals and the browser's library, counts their arguments; a mutant takes any.
NOT_TRIED = {"timbre_spider/middlewares/render.py"}

SETUP = """[mutmut]
source_paths=timbre_spider
only_mutate=
  {files}
also_copy=
  {copied}
do_not_mutate_patterns=
  {not_mutated}
use_git_change_detection=false
"""


@dataclass(frozen=True)
class Mutant:
    """One change: the lines it takes away and puts in, and how the tests took it."""

    name: str
    file: str
    status: str
    was: str
    becomes: str


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.mutation")
    arguments.add_argument("targets", nargs="*", metavar="ROOM or FILE")
    arguments.add_argument("--sample", type=int, help="try so many of a target, drawn by chance but the same each time")
    arguments.add_argument("--seed", type=int, default=1, help="draw another sample")
    told = arguments.parse_args()
    harmless = tomllib.loads(HARMLESS.read_text(encoding="utf-8")).get("harmless", [])
    good = True
    for target in told.targets or (*ROOMS, *([] if told.sample else ["sql"])):
        if target == "sql":
            good &= tried_sql(told.sample, told.seed)
            continue
        path = target if target.startswith("timbre_spider/") else f"timbre_spider/{target}"
        there = (
            [path] if path.endswith(".py") else [str(each.relative_to(ROOT)) for each in (ROOT / path).rglob("*.py")]
        )
        files = sorted(set(there) - NOT_TRIED)
        together = defaultdict(list)
        for file in files:
            together[tried_with(file)].append(file)
        share = told.sample / sum(_length(each) for each in files) if told.sample else None
        mutants = []
        for tests, those in together.items():
            most = None if share is None else max(1, round(share * sum(_length(each) for each in those)))
            mutants += mutants_of(those, tests, most, told.seed)
        listed = [each for each in harmless if each["file"].startswith(path)]
        good &= judged(path, mutants, listed, whole=told.sample is None)
    return 0 if good else 1


def tried_sql(sample: int | None, seed: int) -> bool:
    """The table of mutants of sql/, or a sample that chance draws there."""
    drawn = ["--sample", str(sample), "--seed", str(seed)] if sample else []
    return subprocess.run([sys.executable, "-m", "tests.mutation.sql", *drawn], cwd=ROOT).returncode == 0


def tried_with(file: str) -> tuple[str, ...]:
    """What may notice a mutant of the file."""
    return tuple(ELSEWHERE.get(file) or [tests_beside(file)])


def tests_beside(file: str) -> str:
    """The folder of tests that mirrors the file's own, or the nearest around it; of a file of no room its own tests."""
    folder = Path("tests", *Path(file).parts[1:-1])
    if folder == Path("tests"):
        return f"tests/test_{Path(file).name}"
    # Tables of names go through all parts of matching.
    if folder.parts[1] == "matching":
        return "tests/matching"
    while not (ROOT / folder).exists():
        folder = folder.parent
    return str(folder)


def _length(file: str) -> int:
    return len((ROOT / file).read_bytes())


def mutants_of(files: list[str], tests: Sequence[str], most: int | None, seed: int) -> list[Mutant]:
    """Every mutant of `files`, or `most` drawn by chance, tried against `tests`."""
    with tempfile.TemporaryDirectory(prefix="timbre-mutants-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the embedded Postgres may be another user
        copied = [each for each in COPIED if (ROOT / each).exists()]
        for each in (*copied, "timbre_spider", "tests"):
            source = ROOT / each
            if source.is_dir():
                shutil.copytree(source, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / each)
        lists = {"files": files, "copied": copied, "not_mutated": NOT_MUTATED}
        told = {key: "\n  ".join(values) for key, values in lists.items()}
        (folder / "setup.cfg").write_text(SETUP.format(**told))
        (folder / "mutants").mkdir()  # Python forgets folders of its path that are not there when it starts
        env = os.environ | {"PYTHONPATH": str(folder / "mutants")}
        with (folder / "log").open("w+") as log:
            command = [sys.executable, "tests/mutation/tried.py", str(most or 0), str(seed), *tests]
            mutants = []
            with subprocess.Popen(
                command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=log, text=True
            ) as trying:
                assert trying.stdout
                for line in trying.stdout:
                    mutants.append(mutant := Mutant(**json.loads(line)))
                    if mutant.status not in NOTICED:
                        shown(mutant)
        if trying.returncode != 0:
            said = (folder / "log").read_text(errors="replace")
            sys.exit(f"{' '.join(tests)} could not be run:\n{said[-4000:]}")
    return mutants


def shown(mutant: Mutant) -> None:
    print(f"{mutant.status}: {mutant.file}\n  - {mutant.was}\n  + {mutant.becomes}", flush=True)


def judged(path: str, mutants: list[Mutant], harmless: list[dict[str, str]], whole: bool) -> bool:
    """Prints how many were killed; whether it was enough and, of a whole target, the harmless ones are still there."""
    listed = {(each["file"], each["was"], each["becomes"]) for each in harmless}
    survivors = [mutant for mutant in mutants if mutant.status not in NOTICED]
    spared = {(each.file, each.was, each.becomes) for each in survivors} & listed
    left = [each for each in survivors if (each.file, each.was, each.becomes) not in spared]
    counted = len(mutants) - (len(survivors) - len(left))
    share = 1 - len(left) / counted if counted else 1.0
    by_file = Counter(each.file for each in left)
    for file, count in by_file.most_common():
        print(f"  {count:4} left in {file}")
    stale = listed - spared if whole else set()
    for file, was, becomes in sorted(stale):
        print(f"harmless.toml names a mutant that is killed or gone: {file}\n  - {was}\n  + {becomes}")
    hanging = sum(mutant.status in HANGS for mutant in mutants)
    print(
        f"{path}: {counted - len(left)} of {counted} noticed ({share:.1%}), {hanging} of them by hanging; "
        f"{len(left)} survived, {len(survivors) - len(left)} harmless",
        flush=True,
    )
    return share >= LEAST and not stale


if __name__ == "__main__":
    sys.exit(main())
