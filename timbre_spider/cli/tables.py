"""What the commands print as tables."""

import os
import sys
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table

from timbre_spider.items import Outcome
from timbre_spider.storage.database import Database


def called_as() -> str:
    """The command as the user can type it here."""
    command = Path(sys.argv[0])
    if not command.is_absolute():
        return str(command)
    return os.path.relpath(command) if command.is_relative_to(Path.cwd()) else command.name


def place_of(database: Database) -> str:
    """Where the songs are and how to look at them, in a line."""
    here = database.description.replace(f"{Path.cwd()}{os.sep}", "")
    return f"Database  {here}; open it: {called_as()} db shell"


def run_table(summary: dict[str, Any]) -> Group:
    """The short table at the end of a run."""
    songs, rows = summary["songs"], summary["rows"]
    head = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    if "would_ask" in summary:
        head.add_row("songs in the chart", f"{songs['folded']:,}")
        head.add_row("songs that would be stored", f"{songs['wanted']:,}")
        for source, questions in summary["would_ask"].items():
            head.add_row(f"songs with a question to {source}", f"{questions:,}")
    else:
        head.add_row("songs stored", f"{songs['stored']:,}")
        head.add_row("chart rows in them", f"{rows['stored']:,}")
        head.add_row("chart rows rejected", f"{rows['rejected']:,}")
        head.add_row("chart rows beyond max", f"{rows['beyond']:,}")
    head.add_row("seconds", f"{summary['seconds']:,}")
    head.add_row("requests", f"{sum(each['requests'] for each in summary['requests'].values()):,}")
    if "would_ask" in summary:
        return Group(head)
    sources = Table("source", *Outcome, "requests", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in sources.columns[1:]:
        column.justify = "right"
    services = summary["requests"]
    for source, outcomes in summary["outcomes"].items():
        asked = [source] if source in services else ["listenbrainz", "deezer", "musicbrainz"]
        requests = sum(services[service]["requests"] for service in asked)
        sources.add_row(source, *(f"{outcomes[outcome]:,}" for outcome in Outcome), f"{requests:,}")
    return Group(head, sources)
