"""How fast and how right matching is: name keys a second, a chart folded, the public benchmarks' F1, names as written.

    python benchmarks/bench_matching.py

The labelled files are looked for in ../shared/er, names in ../shared/catalog; what is missing is left out, and said.
"""

import csv
import random
import time
from pathlib import Path

from corrections import told

from timbre_spider.evaluation.evaluate import evaluate
from timbre_spider.items import ChartRow
from timbre_spider.matching.folding.fold import fold_chart
from timbre_spider.matching.names.normalise import name_key

SHARED = Path(__file__).resolve().parents[2] / "shared"
RUNS = 5
LABELLED = {
    "MusicBrainz-20K, dev half": (["musicbrainz20k/dev.csv"], 0.993),
    "iTunes-Amazon, structured": (["itunes-amazon/structured/train.txt", "itunes-amazon/structured/valid.txt"], 0.975),
    "iTunes-Amazon, dirty": (["itunes-amazon/dirty/train.txt", "itunes-amazon/dirty/valid.txt"], 0.95),
}
PIECES = ["(", ")", "[(", "()", "(live)", "(b)", " - live", " - b", "-", " ", " feat. b", "a & ", "n ", "part ", "$"]
ENDINGS = (
    "",
    "",
    "",
    "",
    " (Live)",
    " - Remastered 2011",
    " (feat. Guest {n})",
    " [Mixer {n} Remix]",
    " - Radio Edit",
    "",
)


def made_up(count: int) -> list[tuple[str, str]]:
    """Distinct names, four in ten with a variant or guest."""
    rng = random.Random(1)
    syllables = ["ka", "lo", "mi", "ré", "sun", "ta", "vel", "or", "ni", "ba", "the", "ess"]

    def word() -> str:
        return "".join(rng.choices(syllables, k=rng.randint(1, 4))).capitalize()

    return [
        (f"{word()} {word()} {n}", f"{word()} {word()} {word()}{rng.choice(ENDINGS).format(n=n)}") for n in range(count)
    ]


def names_a_second(names: list[tuple[str, str]]) -> float:
    """The middle of some runs over names not seen before, by the CPU they took: a busy machine says nothing."""
    rates = []
    for run in range(RUNS):
        fresh = [(f"{artist} {run}", title) for artist, title in names]
        start = time.process_time()
        for artist, title in fresh:
            name_key(artist, title)
        rates.append(len(fresh) / (time.process_time() - start))
    return sorted(rates)[RUNS // 2]


def slowest_growth() -> tuple[float, str]:
    """How much longer the key of a name of ten times as many pieces takes, and of which piece that is."""

    def seconds(piece: str, count: int) -> float:
        runs = []
        for run in range(RUNS):
            name = "a" + piece * (count + run)
            start = time.process_time()
            name_key(name, name)
            runs.append(time.process_time() - start)
        return min(runs)

    return max((seconds(piece, 40_000) / seconds(piece, 4_000), piece) for piece in PIECES)


def main() -> None:
    """Print the figures beside what is to be reached."""
    names = made_up(50_000)
    print(f"name keys, made up and distinct     {names_a_second(names):>9,.0f} a CPU second   (to reach: 50,000)")
    catalog = SHARED / "catalog" / "tracks.csv"
    if catalog.exists():
        with catalog.open(encoding="utf-8", newline="") as file:
            real = [(row["artist"], row["title"]) for row in csv.DictReader(file)]
        print(
            f"name keys, {len(real):,} real tracks      {names_a_second(real):>9,.0f} a CPU second   (to reach: 50,000)"
        )
    else:
        print(f"name keys of real tracks: left out, {catalog} is missing")
    growth, piece = slowest_growth()
    print(f"a name ten times as long: the key takes {growth:.0f} times as long at most, of {piece!r}   (to reach: 20)")
    rows = [ChartRow(artist, title, 30_000 - rank, rank + 1) for rank, (artist, title) in enumerate(names[:30_000])]
    start = time.process_time()
    songs = fold_chart(rows)
    print(f"a chart of 30,000 rows, folded into {len(songs):,}: {time.process_time() - start:.2f} s   (to reach: 3)")
    for name, (files, goal) in LABELLED.items():
        paths = [SHARED / "er" / file for file in files]
        if not all(path.exists() for path in paths):
            print(f"{name}: left out, {paths[0]} is missing")
            continue
        report = evaluate(paths)
        print(
            f"{name:<27} F1 {report.f1:.4f} (to reach: {goal:.3f})  precision {report.precision:.4f}"
            f"  recall {report.recall:.4f}  {report.records:,} records in {report.seconds:.1f} s"
        )
    for line in told(SHARED):
        print(line)


if __name__ == "__main__":
    main()
