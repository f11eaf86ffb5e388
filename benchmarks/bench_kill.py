"""Requests that a crawl repeats after it and its database server were killed together, half way.

python benchmarks/bench_kill.py [--rows 3000] [--songs 1000] [--trials 5] [--weather fair] [--what]

In real weather the trials share one quota of Spotify's, and so are no measure of each other.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from kill_drill import Trial, drill


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=3000)
    options.add_argument("--songs", type=int, default=1000)
    options.add_argument("--trials", type=int, default=5)
    options.add_argument("--weather", choices=("fair", "real", "storm"), default="fair")
    options.add_argument("--what", action="store_true", help="tell what was asked twice")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbre-kill-") as folder:
        Path(folder).chmod(0o755)
        repeated = []
        for trial in drill(
            Path(folder), rows=asked.rows, songs=asked.songs, trials=asked.trials, weather=asked.weather
        ):
            repeated.append(trial.repeated)
            calm = sum(trial.calm.values())
            print(f"repeated {trial.repeated:6.2%} of {calm} requests: {trial.by_service}", flush=True)
            if asked.what:
                tell(trial)
        print(f"median of {len(repeated)} trials: {statistics.median(repeated):.2%} repeated; at most 3 % is wanted")


def tell(trial: Trial) -> None:
    """What was asked twice, and how many questions more or fewer than the undisturbed run's were others."""
    others = sum(trial.killed.values()) - sum(trial.calm.values()) - len(trial.again)
    print(f"    {len(trial.again)} asked twice, {others:+} other questions; seconds before the kill:")
    for how, questions in (("under way", trial.again.under_way), ("answered", trial.again.received)):
        for what, seconds in sorted(questions.items()):
            print(f"    {how}: {what}: {sorted(seconds)}", flush=True)


if __name__ == "__main__":
    main()
