"""Tells what mutmut found in this folder: a line of JSON a mutant."""

import json
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

NOTICED = {"killed", "timeout", "segfault", "suspicious", "skipped"}


def main() -> None:
    for meta in sorted(Path("mutants/timbre_spider").rglob("*.py.meta")):
        file = str(meta.relative_to("mutants")).removesuffix(".meta")
        for name, exit_code in json.loads(meta.read_text())["exit_code_by_key"].items():
            status = status_by_exit_code[exit_code]
            was = becomes = ""
            if status not in NOTICED:
                lines = get_diff_for_mutant(name).splitlines()
                was = _joined(line for line in lines if line[:1] == "-" and line[:3] != "---")
                becomes = _joined(line for line in lines if line[:1] == "+" and line[:3] != "+++")
            print(json.dumps({"name": name, "file": file, "status": status, "was": was, "becomes": becomes}))


def _joined(lines) -> str:
    return " ".join(line[1:].strip() for line in lines)


if __name__ == "__main__":
    main()
