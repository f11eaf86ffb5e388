"""`timbre override …`, `timbre report` and `timbre eval`: who is who, and how well that was told."""

import csv
import io
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from timbre_spider.cells import cell, harmless
from timbre_spider.cli.choices import one_of
from timbre_spider.config import load_config
from timbre_spider.evaluation.calibrate import calibrate
from timbre_spider.evaluation.evaluate import evaluate
from timbre_spider.evaluation.render import as_object, as_text, calibration_as_object, calibration_as_text
from timbre_spider.evaluation.searches import accepted
from timbre_spider.extensions.identity_rules import collapse_of
from timbre_spider.matching.folding.joined import why_joined
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.override_store import (
    Kind,
    Override,
    add_override,
    check_album,
    list_overrides,
    undo_override,
)
from timbre_spider.storage.report import report as find
from timbre_spider.terminal import console, data_output, print_json

override = typer.Typer(help="Your word about who is who; it wins over everything.", no_args_is_help=True)

_IN_FRONT = ("artist", "title", "id")

Song = Annotated[str, typer.Argument(help='A song: its id, its canonical id, or "Artist - Title".')]


@override.command()
def same(a: Song, b: Song) -> None:
    """A and B are one song; their rows become one now."""
    _add("same", a, b)


@override.command()
def different(a: Song, b: Song) -> None:
    """B is not A, whatever their names and ids say; B's rows leave for a song of their own now."""
    _add("different", a, b)


@override.command()
def spotify(song: Song, track: Annotated[str, typer.Argument(help="The track's id, address or URI.")]) -> None:
    """This is the song's track on Spotify; the next run reads it."""
    _add("spotify", song, track)


@override.command()
def aoty(song: Song, url: Annotated[str, typer.Argument(help="Address of the album's page.")]) -> None:
    """This is the song's album on AOTY; the next run reads it."""
    check_album(url, load_config().aoty_base_url)
    _add("aoty", song, url)


@override.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """All that was said."""
    with open_database(load_config()) as database:
        migrate(database)
        words = list_overrides(database)
    if as_json:
        print_json([_plain(word) for word in words])
        return
    console.print("\n".join(_line(word) for word in words) or "Nothing was overridden.")


@override.command()
def undo(number: Annotated[int, typer.Argument(help="Its number in `timbre override list`.")]) -> None:
    """Take a word back."""
    with open_database(load_config()) as database:
        migrate(database)
        console.print(f"Taken back: {_line(undo_override(database, number))}")


def report(
    context: typer.Context,
    format: Annotated[str, typer.Option(help="text, json or csv.")] = "text",
    rows: Annotated[int, typer.Option(help="Rows a section; 0: all.", min=0)] = 20,
) -> None:
    """What was not matched, matched weakly, joined under differing names and by which rule, rejected."""
    if context.invoked_subcommand is not None:
        return
    one_of("--format", format, "text", "json", "csv")
    config = load_config()
    with open_database(config) as database:
        migrate(database)
        sections = find(database, partial(why_joined, collapse=collapse_of(config)), limit=rows or None)
    if format == "json":
        told = {each.name: {"count": each.count, "by": each.by, "rows": each.rows} for each in sections}
        print_json(told, default=cell)
        return
    if format == "csv":
        columns = list(dict.fromkeys(name for each in sections for row in each.rows for name in row))
        lines = io.StringIO(newline="")
        writer = csv.writer(lines)
        writer.writerow(["section", *columns])
        for each in sections:
            # A person opens it, in a spreadsheet.
            writer.writerows([each.name, *(harmless(cell(row.get(name))) for name in columns)] for row in each.rows)
        output = data_output()
        output.write(lines.getvalue().encode())
        output.flush()
        return
    for each in sections:
        kinds = ", ".join(f"{kind}: {count:,}" for kind, count in each.by.items())
        console.print(f"{each.name}: {each.count:,}{f' ({kinds})' if kinds else ''}")
        for row in each.rows:
            console.print(f"  {_named(row)}")


def eval_(
    files: Annotated[
        list[Path], typer.Argument(help="Labelled files: CSV with a cluster or label column, or COL/VAL pairs.")
    ],
    truth: Annotated[str, typer.Option(help="The column that tells the truth.")] = "cluster_id",
    calibrated: Annotated[
        bool, typer.Option("--calibrate", help="Tell how far scores are the chance to be right; of all files together.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Match labelled files and count what came out right."""
    if calibrated:
        calibration = calibrate(accepted(files, truth))
        told, text = calibration_as_object(calibration), calibration_as_text(calibration)
    else:
        report = evaluate(files, truth)
        told, text = as_object(report), as_text(report)
    if json_:
        print_json(told)
    else:
        console.print(text)


def _add(kind: Kind, song: str, other: str) -> None:
    with open_database(load_config()) as database:
        migrate(database)
        console.print(_line(add_override(database, kind, song, other)))


def _named(row: dict[str, Any]) -> str:
    """A row of the report as a line; what is nested is for programs. An answer about an album is of no one song."""
    front = row["key"] if row["artist"] is None else f"{row['artist']} - {row['title']}"
    rest = [
        f"{name} {value}"
        for name, value in row.items()
        if isinstance(value, str | int | float) and name not in _IN_FRONT
    ]
    return f"{front}: {', '.join(rest)}"


def _line(word: Override) -> str:
    said = " ".join(str(value) for value in word.details.values()) or f"{word.subject} {word.object}"
    return f"{word.id:4}  {word.kind:9}  {said}"


def _plain(word: Override) -> dict[str, object]:
    return {
        "id": word.id,
        "kind": word.kind,
        "subject": word.subject,
        "object": word.object,
        "details": word.details,
        "made_at": word.made_at.isoformat(),
    }
