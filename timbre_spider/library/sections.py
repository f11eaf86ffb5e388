"""What is shown of a library, in which order and under which words; the same in the terminal and on the page."""

from dataclasses import dataclass
from typing import Literal

from timbre_spider.storage.library import RATED_HIGH, Entry, Library


@dataclass(frozen=True, slots=True)
class Section:
    """A list of entries. `kind`: ranked by plays, or steps of a scale in their order; `counts`: what is compared."""

    title: str
    note: str
    entries: list[Entry]
    kind: Literal["ranked", "steps"] = "ranked"
    counts: Literal["plays", "songs"] = "plays"


def sections(library: Library) -> list[Section]:
    """Those that have something to show."""
    all_of_them = [
        Section("Top artists", "by plays", library.top_artists),
        Section("Top albums", "by plays, with AOTY's user score", library.top_albums),
        Section("Top songs", "by plays, with the album's score", library.top_songs),
        Section("Genres", "by plays, from Album of the Year and Last.fm", library.genres),
        Section("Moods and sounds", "by plays, from the tags of both", library.moods),
        Section("Decades", "plays by the year of release", library.decades, kind="steps"),
        Section("Scores", "rated albums, by tens of their user score", library.scores, kind="steps", counts="songs"),
        Section("Played much, rated high", f"albums with a score of {RATED_HIGH} or more", library.loved),
        Section("Worth a look", "songs played much of which little is known, or not surely", library.doubtful),
        Section("Unrated", "albums without a score, the most played first", library.unrated),
    ]
    return [section for section in all_of_them if section.entries]


def totals(library: Library) -> dict[str, str]:
    """The library in numbers."""
    return {
        "plays": f"{library.plays:,}",
        "songs": f"{library.songs:,}",
        "artists": f"{library.artists:,}",
        "albums": f"{library.albums:,}",
        "albums with a score": f"{library.rated_albums:,}",
        **({} if library.quality is None else {"mean quality": f"{library.quality:.2f}"}),
    }


def amount(section: Section, entry: Entry) -> int:
    """What the entry's bar shows."""
    return entry.plays if section.counts == "plays" else entry.songs


def shown_score(entry: Entry) -> str:
    """The score without a needless fraction; empty where there is none."""
    return "" if entry.score is None else f"{entry.score:.0f}"
