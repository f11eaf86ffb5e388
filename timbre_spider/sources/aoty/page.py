"""What all of Album of the Year's pages share: how they are parsed, how scores and counts are written."""

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from scrapy.http import Response

from timbre_spider.sources.text import plain

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATE = re.compile(r"(?:(?P<month>[A-Z][a-z]+) +(?:(?P<day>\d{1,2}) +)?)?(?P<year>[12]\d{3})", re.ASCII)
_ISO = re.compile(r"[12]\d{3}(-\d{2}){0,2}", re.ASCII)
_COUNT = re.compile(r"\d{1,3}(,\d{3})+|\d{1,9}")

# lxml has no types.
Element = Any
XPath = etree.XPath


def tree(response: Response) -> Element | None:
    """The page's root, read as UTF-8, which is not always declared [observed]; None for an empty page."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    return etree.fromstring(response.body.replace(b"\x00", b"") or b" ", parser)


def text_of(element: Element) -> str:
    """All its text, white space single."""
    return plain("".join(map(str, element.itertext())))


def has_class(name: str) -> str:
    """An XPath condition: one of the element's classes is `name`."""
    # The first condition is quick, and false for most elements.
    return f"(contains(@class, '{name}') and contains(concat(' ', normalize-space(@class), ' '), ' {name} '))"


def must_hear(classes: str) -> str | None:
    """Whose "must hear" an album is, by the classes of its cover or button: "user", "both", else the critics'."""
    words = classes.split()
    if not {"mustHear", "mustHearButton"} & set(words):
        return None
    return "both" if "both" in words else "users" if "user" in words else "critics"


def format_named(name: str | None) -> str:
    """A format as album pages write it, from a card's "lp" or "box set"; "" for none."""
    name = (name or "").strip()
    return name.upper() if name.lower() in ("lp", "ep") else name.title() if name.islower() else name


def score(value: str | None) -> float | None:
    """A score of 0 to 100; None for "NR" and anything else that is none."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number <= 100 else None


def count(value: str | None) -> int | None:
    """The number in "20,489", "12,598 ratings" or "(598)"; None for "12K" and the like, which are inexact."""
    words = (value or "").strip().strip("()").split()
    return int(words[0].replace(",", "")) if words and _COUNT.fullmatch(words[0]) else None


def date(value: str) -> str | None:
    """YYYY-MM-DD, YYYY-MM or YYYY from "January 16, 2026", "July 1963", "2004" or itself [saved pages]."""
    if _ISO.fullmatch(value):
        return value.removesuffix("-00").removesuffix("-00")
    match = _DATE.fullmatch(plain(value).replace(",", " "))
    if not match or (match["month"] and match["month"] not in MONTHS):
        return None
    month = f"-{MONTHS.index(match['month']) + 1:02}" if match["month"] else ""
    day = f"-{int(match['day']):02}" if match["day"] and 1 <= int(match["day"]) <= 31 else ""
    return match["year"] + month + day
