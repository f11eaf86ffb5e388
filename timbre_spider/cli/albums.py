"""`timbre import aoty` and `timbre report albums`: filling the catalogue of albums without asking the site."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from timbre_spider.albums.columns import NAMES
from timbre_spider.albums.pages import read_page
from timbre_spider.albums.read import Read, Unread, read_files
from timbre_spider.config import load_config
from timbre_spider.errors import RunError, UsageError
from timbre_spider.how_many import how_many
from timbre_spider.items import Sighting
from timbre_spider.matching.albums.key import album_key, artist_part
from timbre_spider.storage.catalogue import fill
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.pages import page_store
from timbre_spider.storage.wanted_albums import addresses, lacking_albums
from timbre_spider.terminal import console, print_json, progress_bar, visible

_SHOWN = 20
_SEVERAL = {"file or page": "files or pages"}


def import_aoty(
    files: Annotated[
        list[Path],
        typer.Argument(help="Saved pages (HTML, MHTML, WARC), data sets (CSV, Parquet), folders and zips of them."),
    ],
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="A data set's column by what it tells: title=album_name; may be repeated."),
    ] = None,
    seen: Annotated[
        str | None, typer.Option(help="When this was so (YYYY-MM-DD); default: what the file says, else its date.")
    ] = None,
) -> None:
    """Album of the Year's pages and data sets, into the catalogue of albums; again does no harm."""
    columns, seen_at = _columns(map_ or []), _date(seen)
    if not _fill(read_files(files, columns, seen_at)):
        raise RunError("Nothing of Album of the Year was found in what was named: docs/albums.md tells what to save.")


def reread_aoty() -> None:
    """The pages that PAGE_CACHE kept, read once more: for a better reader, or into another database."""
    store = page_store(load_config())
    if store is None:
        raise UsageError("No pages are kept: PAGE_CACHE is off. Set it to disk or redis in .env, and run.")
    if not _fill(read_page(page.body, page.url, page.seen_at, page.url) for page in store.all()):
        raise RunError("No page was kept yet that tells of albums.")


def _fill(told: Iterator[Read | Unread]) -> int:
    """What files or pages told into the catalogue, and how it went onto the terminal; how many albums."""
    read: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    shown: list[Unread] = []
    with open_database(load_config(), to_fill=True) as database, progress_bar() as bar:
        migrate(database)
        task = bar.add_task("albums", total=None)

        def sightings() -> Iterator[Sequence[Sighting]]:
            for each in told:
                if isinstance(each, Unread):
                    unread["row" if each.row else "file or page"] += 1
                    shown.extend([each] if len(shown) < _SHOWN else [])
                    continue
                read[each.kind] += len(each.sightings) if each.kind == "data" else 1
                bar.update(task, advance=len(each.sightings))
                yield each.sightings

        albums = fill(database, sightings())
    for each in shown:
        console.print(f"not read: {visible(each.place)}: {visible(each.reason)}", markup=False, soft_wrap=True)
    if unread:
        console.print(
            "Not read in all: "
            + ", ".join(how_many(number, what, _SEVERAL.get(what)) for what, number in unread.items())
        )
    if albums:
        told_by = (
            f"{how_many(n, 'row')} of data sets" if kind == "data" else how_many(n, f"{kind} page")
            for kind, n in read.items()
        )
        console.print(f"{how_many(albums, 'album')} told of by " + ", ".join(told_by))
    return albums


def _columns(given: list[str]) -> dict[str, str]:
    columns = dict(each.partition("=")[::2] for each in given)
    for field, column in columns.items():
        if field not in NAMES or not column:
            fields = ", ".join(NAMES)
            raise UsageError(f"--map {field}={column} names no field: write FIELD=COLUMN, FIELD one of {fields}.")
    return columns


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--seen {text} is no date: write YYYY-MM-DD.") from None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    if date > datetime.now(UTC):
        raise UsageError(f"--seen {text} is yet to come.")
    return date


def report_albums(
    rows: Annotated[int, typer.Option(help="Artists and albums to list.", min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The pages of Album of the Year most worth saving: by plays of songs that have no ratings yet."""
    with open_database(load_config()) as database:
        migrate(database)
        albums: dict[str, dict[str, Any]] = {}
        artists: dict[str, dict[str, Any]] = {}
        for each in lacking_albums(database):
            key, part = album_key(each.artist, each.album), artist_part(each.artist)
            names = {"artist": each.artist, "title": each.album}
            for told in (
                albums.setdefault(key, {**names, "plays": 0, "songs": 0}),
                artists.setdefault(part, {"artist": each.artist, "key": key, "plays": 0, "songs": 0}),
            ):
                told["plays"] += each.plays
                told["songs"] += each.songs
        top = _most_played(artists, rows), _most_played(albums, rows)
        for part, told in top[0].items():
            told["address"] = addresses(database, part, told.pop("key"))[0]
        for key, told in top[1].items():
            told["address"] = addresses(database, artist_part(told["artist"]), key)[1]
    if as_json:
        print_json({"artists": list(top[0].values()), "albums": list(top[1].values())})
        return
    for what, chosen, number in (("artists", top[0], len(artists)), ("albums", top[1], len(albums))):
        console.print(f"{what} lacking ratings: {number:,}")
        for told in chosen.values():
            name = " - ".join(visible(told[part]) for part in ("artist", "title") if part in told)
            told_of = f"{how_many(told['plays'], 'play')}, {how_many(told['songs'], 'song')}"
            line = f"  {told_of}: {name}  {told['address'] or ''}"
            console.print(line.rstrip(), markup=False, soft_wrap=True)


def _most_played(told: dict[str, dict[str, Any]], rows: int) -> dict[str, dict[str, Any]]:
    return dict(sorted(told.items(), key=lambda each: (-each[1]["plays"], each[0]))[:rows])
