"""Histories read whole: files of any known format in, rows of a chart and an account of every entry out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from timbre_spider.errors import HistoryUnreadable
from timbre_spider.histories.files import HistoryFile, files_of
from timbre_spider.histories.format import Format
from timbre_spider.histories.play import Entry, NoPlay, Play
from timbre_spider.histories.recognise import Read, recognised
from timbre_spider.histories.tally import Tally
from timbre_spider.how_many import how_many
from timbre_spider.items import ChartRow

# Of what is wrong with a file's entries, so many are shown.
SHOWN = 5
# Bytes between two words about how far a file is read.
_STEP = 2**20

Progress = Callable[[str, int, int], None]
"""Told of the file being read: its name, bytes read, bytes in all."""


@dataclass(slots=True)
class FileAccount:
    """What became of each entry of a file: `plays`, `no_plays` by reason, `broken` ones with the first few places."""

    name: str
    format: str
    plays: int = 0
    no_plays: Counter[NoPlay] = field(default_factory=Counter)
    broken: int = 0
    places: list[str] = field(default_factory=list)

    def is_broken(self, where: str, why: str) -> None:
        """One more entry that cannot be read."""
        self.broken += 1
        if len(self.places) < SHOWN:
            self.places.append(f"{self.name}, {where}: {why}")


@dataclass(slots=True)
class Histories:
    """`rows` are of all files, each play once; `doubles` counts the plays told again; `passed_over` are files beside
    the histories."""

    rows: list[ChartRow]
    files: list[FileAccount]
    doubles: int
    passed_over: list[str]

    def told(self) -> Iterator[str]:
        """What was read, a line a file; what was told again or passed over."""
        for file in self.files:
            apart = [f"{number:,} {why}" for why, number in file.no_plays.items()]
            apart += [f"{file.broken:,} broken"] if file.broken else []
            yield f"{file.name}: {file.format}, {how_many(file.plays, 'play')}" + "".join(f"; {each}" for each in apart)
        if self.doubles:
            yield f"{how_many(self.doubles, 'play was', 'plays were')} there more than once, and counted once."
        if self.passed_over:
            others = how_many(len(self.passed_over), "other file was", "other files were")
            yield f"{others} passed over: {'; '.join(self.passed_over[:SHOWN])}."

    def broken_places(self) -> Iterator[str]:
        """The first broken entries of each file."""
        for file in self.files:
            yield from file.places


def read_histories(
    paths: Sequence[Path], *, least_seconds: int = 30, progress: Progress = lambda name, read, size: None
) -> Histories:
    """All plays of at least `least_seconds` in the files, folders and archives at `paths`.

    Raises HistoryUnreadable, and nothing else, for files that cannot be read, are damaged or hold no play at all.
    """
    tally, files, passed_over = Tally(), list[FileAccount](), list[str]()
    for file in files_of(paths):
        found = recognised(file)
        if not isinstance(found, str):
            files.append(_read(file, *found, tally, least_seconds * 1000, progress))
        elif file.named:
            raise HistoryUnreadable(f"{file.name} {found}.")
        else:
            passed_over.append(f"{file.name} {found}")
    if not any(account.plays for account in files):
        raise HistoryUnreadable(f"No play was found in {', '.join(map(str, paths))}{_why(files, passed_over)}.")
    rows = tally.rows()
    return Histories(rows, files, tally.doubles, passed_over)


def _read(
    file: HistoryFile, form: Format, entries: Read, tally: Tally, least_ms: int, progress: Progress
) -> FileAccount:
    account = FileAccount(file.name, form.name)
    all_videos = form.is_of_videos(file.name)
    done = shown = 0

    def seen(read: int) -> None:
        nonlocal done, shown
        done += read
        if done - shown >= _STEP or not shown:
            shown = done
            progress(file.name, done, file.size)

    for where, entry in entries(seen):
        play = _play_of(form, entry)
        if isinstance(play, str) and not isinstance(play, NoPlay):
            account.is_broken(where, play)
        elif isinstance(play, NoPlay):
            account.no_plays[play] += 1
        elif all_videos:
            account.no_plays[NoPlay.VIDEO] += 1
        elif play.played_ms is not None and play.played_ms < least_ms:
            account.no_plays[NoPlay.TOO_SHORT] += 1
        else:
            account.plays += play.plays
            tally.add(form.source, play)
    return account


def _play_of(form: Format, entry: Entry | str) -> Play | NoPlay | str:
    """The play of an entry, why it is none, or what is wrong with it."""
    if isinstance(entry, str):
        return entry
    try:
        return form.read(entry)
    except ValueError as error:
        return str(error)
    except (AttributeError, IndexError, KeyError, TypeError):
        return f"not as in a {form.name}"


def _why(files: Iterable[FileAccount], passed_over: Sequence[str]) -> str:
    places = [place for account in files for place in account.places][:1]
    return f" ({'; '.join(places or passed_over[:2])})" if places or passed_over else ""
