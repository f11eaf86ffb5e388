"""What a plain title may mean besides: without a file's number or a small word in brackets, half of a bilingual one."""

import re

from timbre_spider.matching.names.scripts import both_scripts

# "05 - Money", "03. Pandemonium", "01 Lilywhite Lilith", "B2 Song", "1-03 Song": a file's number; "99 Problems" has
# none.
_TRACK_NUMBER = re.compile(
    r"(?:\d{1,3}(?:\s*[.)]\s+|\s+[-–—]\s+|[.)](?=[^\W\d]))|0\d{1,2}\s+|\d-\d\d\s+|[A-D]\d{1,2}[.)]?\s+(?:[-–]\s+)?)(?=\S)"
)
# "Killing in the Name (Of)", on some records without it.
_SMALL_WORD_BEHIND = re.compile(r"(?P<title>\S+\s.*\S)\s+[(\[](?:of|in|on|to|for|at|the)[)\]]", re.I)
_LEAST_BEFORE_SMALL_WORD = 8
# Tags of the first kind held 30 characters.
CUT_AT = 30


def other_titles(title: str) -> tuple[str, ...]:
    """What a plain title may mean besides: the rest behind a track number, the halves of a bilingual one."""
    number = _TRACK_NUMBER.match(title)
    return (*((title[number.end() :],) if number else ()), *(both_scripts(title) or ()))


def without_small_word(title: str) -> str:
    """A plain title without a last bracket of one small word; empty where it has none, or hardly a title before."""
    found = _SMALL_WORD_BEHIND.fullmatch(title) if title.endswith((")", "]")) else None
    return found["title"] if found and len(found["title"]) >= _LEAST_BEFORE_SMALL_WORD else ""


def has_track_number(title: str) -> bool:
    """Whether a title begins as a file's name does, with a number that is no part of it."""
    return _TRACK_NUMBER.match(title) is not None
