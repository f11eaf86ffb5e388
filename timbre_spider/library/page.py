"""A library as one HTML page that needs nothing else: styles and charts are in it, no script, no network."""

from datetime import date
from pathlib import Path

from lxml import html  # type: ignore[import-untyped]
from lxml.builder import ElementMaker  # type: ignore[import-untyped]
from lxml.etree import _Element  # type: ignore[import-untyped]

from timbre_spider.library.sections import Section, amount, sections, shown_score, totals
from timbre_spider.storage.library import Entry, Library
from timbre_spider.terminal import visible

# Every text goes through these, so whatever a name holds stays text.
E = ElementMaker()

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
# Whatever a name might hold, nothing is run and nothing is fetched.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
# A chart's drawing area, in its own units.
_WIDTH, _HEIGHT, _FOOT = 640, 200, 24


def as_page(library: Library, day: date) -> str:
    """The whole document; `day` is when the library looked so."""
    title = f"The library of {_shown(library.listener or 'everybody')}"
    document = E.html(
        E.head(
            E.meta(charset="utf-8"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.meta(name="color-scheme", content="light dark"),
            E.meta(
                {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
            ),
            E.title(title),
            E.style(_STYLE),
        ),
        E.body(
            E.header(
                E.h1("The library of ", E.bdi(_shown(library.listener or "everybody"))),
                E.p(f"As of {day:%Y-%m-%d}", {"class": "note"}),
                E.dl(*(E.div(E.dt(what), E.dd(count)) for what, count in totals(library).items())),
            ),
            E.main(*map(_card, sections(library))),
        ),
        lang="en",
    )
    written: str = html.tostring(document, doctype="<!DOCTYPE html>", encoding="unicode")
    return written + "\n"


def _card(section: Section) -> _Element:
    shown = _columns(section) if section.kind == "steps" else _ranking(section)
    return E.section(E.h2(section.title), E.p(section.note, {"class": "note"}), shown)


def _ranking(section: Section) -> _Element:
    most = max(amount(section, entry) for entry in section.entries)
    return E.ol(*(_ranked(section, entry, most) for entry in section.entries))


def _ranked(section: Section, entry: Entry, most: int) -> _Element:
    names = [E.bdi(_shown(entry.name), {"class": "name"})]
    if entry.artist:
        names += [" ", E.bdi(_shown(entry.artist), {"class": "artist"})]
    figures = [E.span(f"{amount(section, entry):,}", {"class": "amount"})]
    if entry.score is not None:
        figures.append(E.span(shown_score(entry), {"class": "score", "title": "AOTY user score"}))
    return E.li(E.div(*names), E.div(*figures, {"class": "figures"}), _bar(amount(section, entry) / most))


def _bar(share: float) -> _Element:
    """A bar as long as `share` of the line."""
    return E.svg(
        E.rect(width="100", height="4", rx="1", **{"class": "track"}),
        E.rect(width=f"{max(0.5, 100 * share):.2f}", height="4", rx="1", **{"class": "fill"}),
        {"class": "bar", "viewBox": "0 0 100 4", "preserveAspectRatio": "none", "aria-hidden": "true"},
    )


def _columns(section: Section) -> _Element:
    """A column an entry, its amount above and its name below."""
    most = max(amount(section, entry) for entry in section.entries)
    step = _WIDTH / len(section.entries)
    drawn: list[_Element] = []
    for number, entry in enumerate(section.entries):
        value = amount(section, entry)
        tall = (_HEIGHT - 2 * _FOOT) * value / most
        left, top = number * step, _HEIGHT - _FOOT - tall
        middle = f"{left + step / 2:.1f}"
        drawn += [
            E.rect(
                x=f"{left + step * 0.1:.1f}",
                y=f"{top:.1f}",
                width=f"{step * 0.8:.1f}",
                height=f"{max(tall, 1):.1f}",
                rx="3",
                **{"class": "fill"},
            ),
            E.text(_short(value), x=middle, y=f"{top - 6:.1f}", **{"class": "value"}),
            E.text(_shown(entry.name), x=middle, y=str(_HEIGHT - 6), **{"class": "label"}),
        ]
    told = ", ".join(f"{_shown(entry.name)}: {amount(section, entry):,}" for entry in section.entries)
    size = {"class": "columns", "viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "role": "img", "aria-label": told}
    return E.svg(*drawn, size)


def _shown(name: str) -> str:
    """A name as the terminal has it, too; without the two characters that no document may hold."""
    return visible(name).translate({0xFFFE: None, 0xFFFF: None})


def _short(value: int) -> str:
    """12,345 as 12k: columns are narrow."""
    return f"{value:,}" if value < 10_000 else f"{value / 1000:,.0f}k"
