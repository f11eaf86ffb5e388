"""Reads wrong answers by the thousand: `python -m benchmarks.fuzz_readers [20000]`; status 1 if one broke a reader."""

import sys
from collections import Counter

from tests.sources.readers import READERS, read_mutated


def main() -> None:
    """Prints how many were read, and each that let another than our own errors out."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    broke: Counter[str] = Counter()
    for seed in range(number):
        reader = READERS[seed % len(READERS)]
        body, error = read_mutated(reader, seed)
        if error is not None:
            broke[reader] += 1
            print(f"{reader}, seed {seed}: {type(error).__name__}: {error}\n  {body[:300]!r}")
    print(f"{number} answers, {broke.total()} foreign exceptions {dict(broke) or ''}")
    sys.exit(bool(broke))


if __name__ == "__main__":
    main()
