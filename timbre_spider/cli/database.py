"""`timbre db …`."""

import json
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from timbre_spider.config import load_config
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.counts import counts as count
from timbre_spider.storage.migrate import migrate as apply
from timbre_spider.storage.migrate import status as state

app = typer.Typer(help="The database: migrate, status, counts.", no_args_is_help=True)
console = Console(soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command()
def migrate() -> None:
    """Apply what is missing of sql/."""
    with open_database(load_config()) as database:
        applied = apply(database)
    console.print("\n".join(f"applied {name}" for name in applied) or "Nothing to apply.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Which migrations the database has."""
    with open_database(load_config()) as database:
        states = state(database)
    if as_json:
        print(json.dumps(states, default=str))
        return
    for each in states:
        console.print(f"{'applied' if each['applied_at'] else 'missing'}  {each['name']}")


@app.command()
def counts(as_json: AsJson = False) -> None:
    """How much is stored."""
    with open_database(load_config()) as database:
        apply(database)
        stored = count(database)
        where = database.description
    if as_json:
        print(json.dumps(stored))
        return
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in stored.items():
        table.add_row(name.replace("_", " "), f"{number:,}")
    console.print(table)
    console.print(f"Database  {where}")
