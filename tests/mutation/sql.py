"""Tries changes of sql/: each is a database of its own, against which the storage tests run.

    python -m tests.mutation.sql [TEXT ...]                 those of the table whose file or text holds one of TEXT
    python -m tests.mutation.sql --sample N [TEXT ...]      N drawn by chance; --seed S draws others

Ends with 1 when fewer than 85 % of the mutants are noticed, or one of the table fits sql/ no longer.
"""

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.mutation.sql_drawn import drawn
from tests.mutation.sql_mutants import HARMLESS, MUTANTS
from tests.mutation.sql_tried import Trying
from timbre_spider.storage.migrate import SQL

ASKED = 0.85
LISTED = Path(__file__).with_name("harmless_sql.toml")


def storage(*names: str) -> list[str]:
    return [f"tests/storage/test_{name}.py" for name in names]


# Which tests may notice a mutant of a file, the likeliest first.
TESTS = {
    "0001": storage("merge_rules", "ledger"),
    "0003": storage(
        "merge_rules",
        "moved_columns",
        "one_batch",
        "merge",
        "album_values",
        "fold_rules",
        "open_attrs",
        "ledger",
        "listens",
        "absorb",
        "locks",
        "rows_of_before",
    ),
    "0004": storage("recall", "ledger", "merge_rules", "override_store", "runs"),
    "0005": storage("access"),
    "0006": storage("absorb", "moved_columns", "parting", "merges", "merge_rules", "locks"),
    "0008": storage("runs", "locks"),
    "0009": storage("ledger"),
    "0011": storage("features", "export", "columns"),
    "0012": storage("calls"),
    "0013": storage("open_attrs"),
    "0014": storage("listens", "recall", "merge_rules"),
    "0015": storage("album_values", "albums", "locks"),
    "0020": storage("albums", "album_values"),
    "0022": storage("songs"),
    "0024": storage("forget", "listens", "features", "locks"),
    "0025": [*storage("listens"), "tests/spiders/test_scrobbles.py"],
    "0028": storage("due"),
    "0029": ["tests/extensions/test_shared_pace.py"],
    "0034": storage("genres"),
    "0037": ["tests/extensions/test_shared_pace.py"],
    "0038": storage("quality", "quality_parts", "locks"),
    "0039": storage("features", "export", "open_attrs", "genres"),
    "0040": storage("hot_answers"),
    "0044": storage("library", "genres"),
    "0059": storage("albums", "album_values"),
    "0067": storage("unrated"),
}


class Mutant(NamedTuple):
    """A change of one file: what it takes away and puts in, and the whole file then; None where it fits no longer."""

    file: str
    was: str
    becomes: str
    text: str | None

    def __str__(self) -> str:
        return f"{self.file}  {self.was!r} → {self.becomes!r}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.sql")
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="only those whose file or text holds one of them")
    parser.add_argument("--sample", type=int, help="so many drawn by chance, instead of the table")
    parser.add_argument("--seed", type=int, default=1, help="draw another sample")
    told = parser.parse_args(arguments)
    files = {path.name[:4]: path.read_text(encoding="utf-8") for path in sorted(SQL.glob("0*.sql"))}
    known = by_chance(files, told.seed) if told.sample else of_the_table(files)
    chosen = [each for each in known if not told.texts or any(text in part for part in each[:3] for text in told.texts)]
    harmless = listed() if told.sample else set(HARMLESS)
    counted, killed = Counter[str](), Counter[str]()
    left, spared, unfit, stale, passing = [], [], [], [], set[str]()
    with Trying() as trying:
        for mutant in chosen:
            untried = [test for test in TESTS[mutant.file] if test not in passing]
            if untried and trying.fails(SQL, untried):
                sys.exit(f"{' '.join(untried)} fail without any mutant.")
            passing.update(untried)
            verdict = trying.verdict(mutant.file, mutant.text, TESTS[mutant.file])
            if mutant[:3] in harmless:
                (spared if verdict == "survived" else stale).append(mutant)
                verdict = "harmless" if verdict == "survived" else verdict
            if verdict != "cannot be made":
                print(f"{verdict:9}  {mutant}", flush=True)
            if verdict in ("noticed", "survived"):
                counted[mutant.file] += 1
                killed[mutant.file] += verdict == "noticed"
            left += [mutant] if verdict == "survived" else []
            unfit += [mutant] if verdict == "cannot be made" else []
            if counted.total() == told.sample:
                break
    for file in sorted(counted):
        print(f"  {killed[file]:4} of {counted[file]:4} noticed in sql/{file}")
    share = killed.total() / max(counted.total(), 1)
    print(
        f"sql: {killed.total()} of {counted.total()} mutants noticed ({share:.1%}, asked: {ASKED:.0%}), "
        f"{len(spared)} harmless, {len(left)} survived"
    )
    for mutant in left:
        print("survived  ", mutant)
    if told.sample:  # what chance draws may be nothing Postgres takes
        unfit = []
    for what, those in (("fits no longer", unfit), ("is not harmless", stale)):
        for mutant in those:
            print(f"{what}  ", mutant)
    return 0 if not unfit and not stale and share >= ASKED else 1


def of_the_table(files: dict[str, str]) -> Iterator[Mutant]:
    for file, old, new in MUTANTS:
        text = files[file]
        yield Mutant(file, old, new, text.replace(old, new) if text.count(old) == 1 else None)


def by_chance(files: dict[str, str], seed: int) -> Iterator[Mutant]:
    for change in drawn(files, seed):
        text = files[change.file]
        yield Mutant(change.file, *change.shown(text), change.made_in(text))


def listed() -> set[tuple[str, str, str]]:
    """Those drawn by chance that change nothing anybody could see."""
    entries = tomllib.loads(LISTED.read_text(encoding="utf-8"))["harmless"]
    return {(each["file"].removeprefix("sql/")[:4], each["was"], each["becomes"]) for each in entries}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
