"""A search query as Spotify and Deezer take it: filters `field:"these words"` or `field:words`, and free words."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f]")
_FIELDS = "artist|album|track|isrc|year|upc|genre|tag"
_FILTER = re.compile(rf'\b({_FIELDS}):\s*(?:"([^"]*)"?|((?:(?!\b(?:{_FIELDS}):)[^"])*))', re.I)
_PHRASE = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words wanted somewhere; with `in_order` exactly these, one behind the other."""

    words: tuple[str, ...]
    in_order: bool


@dataclass(frozen=True, slots=True)
class Query:
    """`fields`: what each filter wants, as (field, wanted); `texts` the same as it was written; `free`: the rest."""

    fields: tuple[tuple[str, Wanted], ...]
    texts: tuple[tuple[str, str], ...]
    free: tuple[Wanted, ...]

    def wanted(self, field: str) -> list[Wanted]:
        return [wanted for name, wanted in self.fields if name == field]

    def text(self, field: str) -> str | None:
        """A filter as it was written; None where there is none."""
        return dict(self.texts).get(field)


@lru_cache(maxsize=65_536)
def folded_words(name: str) -> tuple[str, ...]:
    """The words of a name, whatever their case and accents; signs only part them. A name of signs is its own word."""
    plain = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", name.casefold())))
    return tuple(re.findall(r"\w+", plain)) or tuple(plain.split())


def read_query(query: str) -> Query:
    """The filters and free words of a query."""
    fields: list[tuple[str, Wanted]] = []
    texts: list[tuple[str, str]] = []
    for match in _FILTER.finditer(query):
        in_order = match[2] is not None
        text = (match[2] if in_order else match[3]).strip()
        fields.append((match[1].lower(), Wanted(folded_words(text), in_order)))
        texts.append((match[1].lower(), text))
    rest = _FILTER.sub(" ", query)
    phrases = [Wanted(folded_words(text), True) for text in _PHRASE.findall(rest) if text.strip()]
    words = folded_words(_PHRASE.sub(" ", rest).replace('"', " "))
    return Query(tuple(fields), tuple(texts), (*phrases, *((Wanted(words, False),) if words else ())))
