"""`timbre show`: a first look at a library."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from timbre_spider.config import Config, load_config
from timbre_spider.errors import RunError, UsageError
from timbre_spider.how_many import how_many
from timbre_spider.library.page import as_page
from timbre_spider.library.terminal import as_text
from timbre_spider.matching.albums.key import artist_part
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.library import listeners, read_library
from timbre_spider.storage.migrate import migrate
from timbre_spider.terminal import console


def show(
    user: Annotated[
        str | None,
        typer.Option(help="Whose library; default LASTFM_USERNAME's where it is stored, else everybody's together."),
    ] = None,
    top: Annotated[int, typer.Option(help="Entries of each list.", min=1, max=1000)] = 10,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with charts instead.")] = None,
) -> None:
    """Look at a library: artists, albums, songs, genres, decades, scores, what is loved, what is unrated."""
    config = load_config()
    with open_database(config) as database:
        migrate(database)
        library = read_library(database, chosen(config, user, listeners(database)), artist_part, top=top)
    if html is None:
        console.print(as_text(library, console.width))
        return
    try:
        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_text(as_page(library, datetime.now(UTC).date()), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{html} cannot be written ({error.strerror}): name another file.") from None
    console.print(f"{how_many(library.songs, 'song')} shown in {html}")


def chosen(config: Config, user: str | None, stored: list[str]) -> str | None:
    """The stored listener that is meant, the only one there is where none is named; None: everybody.

    Raises UsageError, RunError.
    """
    if not stored:
        raise RunError("Nothing is stored yet: `timbre run` reads a library.")
    wanted = (user if user is not None else config.lastfm_username or "").strip().lower()
    known = next((each for each in stored if each.lower() == wanted), None)
    if known is None and user is not None:
        raise UsageError(f"Nothing is stored of {user}: there is {', '.join(stored)}.")
    return stored[0] if known is None and len(stored) == 1 else known
