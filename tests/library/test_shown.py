"""A library as text and as a page, with names that would like to be more than names."""

from datetime import date

import pytest
from lxml import html
from rich.console import Console

from timbre_spider.library.page import as_page
from timbre_spider.library.terminal import as_text
from timbre_spider.storage.library import Entry, Library

pytestmark = pytest.mark.unit

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>bold</b>",
    "\x1b[2J\x1b]0;title\x07red",
    "[bold]markup[/bold] :smile:",
    "\u202egnorw yaw eht\u202c",
    "&lt;entity&amp;",
    "a\x00b\ud800c\nd",
    "w" * 300,
]


def library(*names, listener="ann"):
    entries = [Entry(name, 2, 100 - number, artist=name, score=80.0) for number, name in enumerate(names)]
    plain = [Entry(name, 2, 100 - number) for number, name in enumerate(names)]
    steps = [Entry("1990s", 3, 12_345), Entry("2000s", 1, 0)]
    return Library(
        listener, 9, 12_345, 8, 7, 6, 0.876,
        plain, entries, entries, plain, plain, entries, plain, steps, steps, entries, plain,
    )  # fmt: skip


def printed(shown, width):
    console = Console(width=width, soft_wrap=True, highlight=False, markup=False, color_system=None)
    with console.capture() as said:
        console.print(as_text(shown, width))
    return said.get()


@pytest.mark.parametrize("width", [50, 69, 70, 80, 120])
def test_text_fits_the_terminal_and_no_name_is_cut(width):
    said = printed(library("Sofía Suárez", "手紙の迷子", "A long name " * 9), width)
    assert all(len(line.encode("utf-16-le")) // 2 <= width for line in said.splitlines()[2:])
    assert "…" not in said
    assert "12,345" in said
    assert said.count("A long name") >= 9 * 5
    assert ("█" in said) == (width >= 70)


def test_a_word_longer_than_its_line_goes_on_below():
    # Five lists name it once a line, three as artist and title.
    assert printed(library("Q" * 120), 50).count("Q") == 120 * (5 + 2 * 3)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_steers_the_terminal(name):
    said = printed(library(name, listener=name), 80)
    assert all(each.isprintable() or each == "\n" for each in said)


def test_markup_in_a_name_is_shown_as_it_is():
    assert "[bold]markup[/bold] :smile:" in printed(library("[bold]markup[/bold] :smile:"), 120)


@pytest.mark.parametrize("name", [*HOSTILE, "\ufffe\uffff"])
def test_no_name_becomes_part_of_the_page(name):
    plain, hostile = (
        html.fromstring(as_page(library(each, listener=each), date(2026, 11, 25))) for each in ("n", name)
    )
    assert [each.tag for each in hostile.iter()] == [each.tag for each in plain.iter()]
    assert [sorted(each.attrib) for each in hostile.iter()] == [sorted(each.attrib) for each in plain.iter()]


def test_names_stand_on_the_page_as_they_are():
    page = html.fromstring(as_page(library("Tom & <Jerry>"), date(2026, 11, 25)))
    assert page.xpath("string(//section[h2='Top artists']//li[1]//bdi)") == "Tom & <Jerry>"


def test_the_page_needs_nothing_else_and_runs_nothing():
    written = as_page(library("n"), date(2026, 11, 25))
    page = html.fromstring(written)
    assert written.startswith("<!DOCTYPE html>")
    assert not page.xpath("//script | //link | //img | //iframe | //@src | //@href | //@onclick")
    assert "url(" not in written
    assert "default-src 'none'" in page.xpath("string(//meta[@http-equiv]/@content)")
    assert "prefers-color-scheme: dark" in page.xpath("string(//style)")


def test_charts_tell_their_numbers_to_those_who_do_not_see_them():
    page = html.fromstring(as_page(library("n"), date(2026, 11, 25)))
    assert page.xpath("string(//section[h2='Decades']//svg/@aria-label)") == "1990s: 12,345, 2000s: 0"
    assert page.xpath("//section[h2='Decades']//svg/text/text()") == ["12k", "1990s", "0", "2000s"]


def test_a_list_without_entries_is_left_out():
    empty = Library("ann", 0, 0, 0, 0, 0, None, *([] for _ in range(11)))
    assert not html.fromstring(as_page(empty, date(2026, 11, 25))).xpath("//section")
    assert "Top artists" not in printed(empty, 80)
