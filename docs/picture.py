"""Draws README's picture: a run in the sandbox, as a terminal shows it. `make picture` runs it."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

COMMAND = ("timbre", "run", "--sandbox", "--max-songs", "300")
WIDTH = 84


def drawing(said: str) -> str:
    """An SVG of a terminal in which COMMAND said this."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ {' '.join(COMMAND)}", style="bold"))
    console.print(Text.from_ansi(said.rstrip()))
    # Its fonts would come from elsewhere; the reader's own do.
    return re.sub(r"@font-face \{[^}]*\}\s*", "", console.export_svg(title="timbre_spider", unique_id="run"))


def main(path: Path) -> None:
    with TemporaryDirectory() as folder:
        colours = {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
        program = Path(sys.executable).with_name(COMMAND[0])
        done = subprocess.run(
            [program, *COMMAND[1:]], cwd=folder, env=os.environ | colours, stdout=subprocess.PIPE, text=True, check=True
        )
    path.parent.mkdir(exist_ok=True)
    path.write_text(drawing(done.stdout), encoding="utf-8")


if __name__ == "__main__":
    main(Path(__file__).parent / "pictures" / "run.svg")
