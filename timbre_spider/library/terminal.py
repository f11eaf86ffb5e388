"""A library as text, also for a narrow terminal: long names go on in a line of their own."""

import textwrap
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from timbre_spider.library.sections import Section, amount, sections, shown_score, totals
from timbre_spider.storage.library import Entry, Library
from timbre_spider.terminal import visible

# From this width on there is room for bars beside the names.
_ROOM_FOR_BARS = 70
_BAR = 16


def as_text(library: Library, width: int) -> RenderableType:
    """The library for a terminal of `width` columns."""
    return Group(*_parts(library, width))


def _parts(library: Library, width: int) -> Iterator[RenderableType]:
    yield _line(f"The library of {visible(library.listener or 'everybody')}", width, "bold")
    yield _line(", ".join(f"{count} {what}" for what, count in totals(library).items()), width)
    for section in sections(library):
        yield Text()
        yield _line(f"{section.title} ({section.note})", width, "bold")
        yield _table(section, width)


def _line(text: str, width: int, style: str = "") -> Text:
    """A line that wraps between words; a word alone is as long as it is."""
    return Text(textwrap.fill(text, width, break_long_words=False), style)


def _table(section: Section, width: int) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, width=width - 2)
    has_scores = any(entry.score is not None for entry in section.entries)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    if has_scores:
        table.add_column(justify="right", width=3)
    if width >= _ROOM_FOR_BARS:
        table.add_column(width=_BAR)
    most = max(amount(section, entry) for entry in section.entries)
    for entry in section.entries:
        cells = [Text(_named(entry)), Text(f"{amount(section, entry):,}")]
        if has_scores:
            cells.append(Text(shown_score(entry), style="bold"))
        if width >= _ROOM_FOR_BARS:
            cells.append(Text("█" * max(1, round(_BAR * amount(section, entry) / most)), style="cyan"))
        table.add_row(*cells)
    return table


def _named(entry: Entry) -> str:
    return visible(f"{entry.artist} – {entry.name}" if entry.artist else entry.name)
