"""How the sandbox's services read a name: coarsely, as search engines do."""

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f]")
_SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss", "’": "", "'": "",
     "`": "", "´": "", "‘": "", "ʼ": "", "＇": "", "$": "s", "&": " and ", "+": " and ", "♯": " sharp ", "♭": " flat "}
)  # fmt: skip
_GAPS = re.compile(r"[^\w]+|_+")
# How an emoji is to be drawn is no part of it.
_DRAWN = re.compile("[\ufe00-\ufe0f]")


def coarse(name: str) -> str:
    """Lower case without accents, width and punctuation; words one space apart. A name of signs only stays itself."""
    plain = _DRAWN.sub("", unicodedata.normalize("NFKC", name).casefold())
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", plain)))
    words = _GAPS.sub(" ", plain.translate(_SPECIAL)).strip()
    return words or " ".join(plain.split())


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, folded."""
    return tuple(coarse(name).split())


@lru_cache(maxsize=16_384)
def slug(name: str) -> str:
    """A name as it stands in an address; non-Latin names leave little or nothing."""
    return re.sub(r"[^a-z0-9]+", "-", coarse(name)).strip("-")
