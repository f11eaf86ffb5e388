"""`timbre import …`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, TextColumn

from timbre_spider.cli.run import crawl_and_tell
from timbre_spider.crawling import check_arguments, project_settings
from timbre_spider.histories.read import Histories, read_histories
from timbre_spider.spiders.history import History
from timbre_spider.terminal import console, progress_bar, visible

app = typer.Typer(
    help="What you own: histories of your listening, pages and data sets of Album of the Year.", no_args_is_help=True
)


@app.command()
def history(
    files: Annotated[list[Path], typer.Argument(help="Exports as you got them: files, archives, folders.")],
    user: Annotated[str | None, typer.Option(help="Whose they are; default LASTFM_USERNAME.")] = None,
    max_songs: Annotated[int | None, typer.Option(help="Songs to store; default MAX_SONGS.", min=1)] = None,
) -> None:
    """Read histories of any kind, enrich the songs, store them."""
    given = {"path": files, "user": user, "max": max_songs}
    arguments = {name: value for name, value in given.items() if value is not None}
    _, config = project_settings()
    check_arguments(config, History, arguments)
    read = _read(files, config.min_play_seconds)
    for line in (*read.told(), *read.broken_places()):
        console.print(line)
    ended = crawl_and_tell(History, arguments, histories=read)
    if ended.error is not None:
        raise ended.error


def _read(files: list[Path], least_seconds: int) -> Histories:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task("")

        def show(name: str, done: int, size: int) -> None:
            bar.update(task, description=visible(name[-40:]), completed=done, total=size)

        return read_histories(files, least_seconds=least_seconds, progress=show)
