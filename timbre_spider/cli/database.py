"""`timbre db …`."""

import os
import subprocess
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from psycopg.conninfo import make_conninfo
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from timbre_spider.cli.choices import one_of
from timbre_spider.cli.service_file import SERVICE, service_file
from timbre_spider.cli.tables import facts, place_of
from timbre_spider.config import load_config
from timbre_spider.errors import RunError, UsageError
from timbre_spider.how_many import how_many
from timbre_spider.storage.columns import song_schema
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.counts import counts as count
from timbre_spider.storage.embedded import psql
from timbre_spider.storage.export import export as write
from timbre_spider.storage.export import format_of
from timbre_spider.storage.forget import commit_left
from timbre_spider.storage.forget import forget as forget_listener
from timbre_spider.storage.hot_answers import HotAnswers
from timbre_spider.storage.migrate import migrate as apply
from timbre_spider.storage.migrate import script
from timbre_spider.storage.migrate import status as state
from timbre_spider.storage.pages import pages_of_listener
from timbre_spider.storage.replay import replay as load_again
from timbre_spider.terminal import console, data_output, print_json

app = typer.Typer(help="The database: migrate, status, counts.", no_args_is_help=True)

# The psql that comes along was built where terminals are described elsewhere, and would call each a dumb one.
_TERMINFO = ":".join(
    filter(None, (os.environ.get("TERMINFO_DIRS"), "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"))
)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command()
def migrate(
    to_print: Annotated[bool, typer.Option("--print", help="Print the SQL instead, to be run by hand.")] = False,
) -> None:
    """Apply what is missing of sql/, or has changed."""
    if to_print:
        print(script(), end="")
        return
    with open_database(load_config()) as database:
        applied = apply(database)
    console.print("\n".join(f"applied {name}" for name in applied) or "Nothing to apply.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Which migrations the database has."""
    with open_database(load_config()) as database:
        states = state(database)
    if as_json:
        print_json(states)
        return
    for each in states:
        console.print(f"{'applied' if each['applied_at'] else 'missing'}  {each['name']}")


@app.command()
def counts(as_json: AsJson = False) -> None:
    """How much is stored."""
    with open_database(load_config()) as database:
        apply(database)
        stored = count(database)
        place = place_of(database)
    if as_json:
        print_json(stored)
        return
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, number in stored.items():
        table.add_row(name.replace("_", " "), f"{number:,}")
    console.print(table)
    console.print(facts(place, console.width))


@app.command()
def forget(listener: Annotated[str, typer.Argument(help="Whose plays are to go.")]) -> None:
    """Delete what is a listener's alone: plays, spellings, runs, and songs that nobody else heard."""
    config = load_config()
    with open_database(config) as database:
        apply(database)
        commit_left(database, config)
        gone = forget_listener(database, listener)
    pages_of_listener(config.data_dir, listener).forget()
    if not (gone.rows or gone.runs):
        raise RunError(f"The database knows no listener {listener}.")
    console.print(
        f"Forgotten: {how_many(gone.rows, 'row')} of {listener}, {how_many(gone.songs, 'song')} nobody else heard, "
        f"{how_many(gone.runs, 'run')}. "
        f"Feeds, exports, logs and what waits in {config.data_dir / 'spool'} are files, and stay until you delete them."
    )


@app.command(context_settings={"ignore_unknown_options": True})
def shell(arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to psql.")] = None) -> None:
    """Open the database in psql; the embedded server runs as long as psql does."""
    with open_database(load_config()) as database:
        conninfo, secret = database.conninfo_for_psql()
        # Everybody on this machine can read a command line; of one secret there is no variable.
        password, key = secret.get("password"), secret.get("sslpassword")
        environment = os.environ | {"TERMINFO_DIRS": _TERMINFO} | ({"PGPASSWORD": password} if password else {})
        with service_file(sslpassword=key) if key else nullcontext() as service:
            if service is not None:
                environment["PGSERVICEFILE"] = str(service)
                conninfo = make_conninfo(conninfo, service=SERVICE)
            status = subprocess.call([str(psql()), conninfo, *(arguments or [])], env=environment)
    if status:
        raise typer.Exit(1)


def export(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="File to write; default EXPORTS_DIR/export.FORMAT (changes.FORMAT with --since), - for output",
        ),
    ] = None,
    format: Annotated[str | None, typer.Option(help="jsonl, csv or parquet; default: as the file's name ends.")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Only songs changed since this date (YYYY-MM-DD[THH:MM]), and the ids merged since."),
    ] = None,
    columns: Annotated[str | None, typer.Option(help="Only these columns, separated by commas.")] = None,
    spreadsheet: Annotated[
        bool, typer.Option("--spreadsheet", help="CSV for a person: no cell is run as a formula.")
    ] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a line, write nothing.")] = False,
) -> None:
    """Write the stored songs to a file, most played first."""
    if format is not None:
        one_of("--format", format, "jsonl", "csv", "parquet")
    chosen_format = format or format_of("" if to is None or str(to) == "-" else to.name)
    if spreadsheet and chosen_format != "csv":
        raise UsageError(f"--spreadsheet is for CSV, this is {chosen_format}.")
    config = load_config()
    target = to or config.exports_dir / f"{'changes' if since else 'export'}.{chosen_format}"
    chosen = [name.strip() for name in columns.split(",")] if columns else None
    changed_since = _date(since)
    with open_database(config) as database:
        apply(database)
        if schema:
            print_json(song_schema(database), indent=2)
            return
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("songs", total=None)
            try:
                written = write(
                    database,
                    chosen_format,  # type: ignore[arg-type]
                    data_output() if str(target) == "-" else target,
                    since=changed_since,
                    columns=chosen,
                    spreadsheet=spreadsheet,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            except OSError as error:
                raise RunError(f"{target} cannot be written: {error.strerror or error}. It is as it was.") from None
    if str(target) != "-":
        merged = f" and {how_many(written.merged, 'merged id')}" if written.merged else ""
        console.print(f"{how_many(written.songs, 'song')}{merged} in {target}")


def replay() -> None:
    """Load what was kept in files while the database was away."""
    config = load_config()
    with open_database(config) as database:
        apply(database)
        done = load_again(database, config.data_dir / "spool", HotAnswers.of(database, config))
    console.print(
        f"{how_many(done.files, 'file')} loaded: {how_many(done.songs, 'song')}, {how_many(done.answers, 'answer')}, "
        f"{how_many(done.rejects, 'rejected row')}."
    )
    if done.set_aside or done.damaged:
        raise RunError(
            f"Set aside: {how_many(done.set_aside, 'song')}; damaged: {how_many(done.damaged, 'line')}: "
            f"see {config.data_dir / 'spool' / 'set_aside'}."
        )


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since {text} is no date: write YYYY-MM-DD or YYYY-MM-DDTHH:MM.") from None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
