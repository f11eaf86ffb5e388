"""The part of Lucene's query language that MusicBrainz's search for recordings understands here.

Quoted words are a phrase: they must stand in the name in this order [documented]. Words without quotes must all be in
it; the service's default joins them by OR, which ranks much the same. A field that is not spoken here finds nothing.
"""

import re

from .coarse import coarse

# Lucene's own signs, behind a backslash, stand for themselves.
_TERM = re.compile(r'(?:(\w+):)?(?:"((?:\\.|[^"\\])*)"|((?:\\.|[^\s"()])+))')
_ESCAPED = re.compile(r"\\(.)")
_GROUP = re.compile(r'(\w+):\(([^()"]*)\)')
_JOINING = ("AND", "OR", "NOT", "&&", "||")


class Query:
    """A query's terms: `terms` are (field, words in the order wanted, whether they are a phrase)."""

    def __init__(self, text: str) -> None:
        self.terms: list[tuple[str, tuple[str, ...], bool]] = []
        self.isrcs: list[str] = []
        spread = _GROUP.sub(lambda group: " ".join(f"{group[1]}:{word}" for word in group[2].split()), text)
        for field, phrase, word in _TERM.findall(spread):
            if not phrase and word in _JOINING:
                continue
            value = _ESCAPED.sub(r"\1", phrase or word)
            if field == "isrc":
                self.isrcs.append(re.sub(r"[^A-Za-z0-9]", "", value).upper())
            else:
                self.terms.append((field or "recording", tuple(coarse(value).split()), bool(phrase)))

    def fits(self, names: dict[str, tuple[tuple[str, ...], ...]]) -> bool:
        """Whether each term is in one of the names of its field; `names` are words, folded, by the field."""
        return all(
            any(_holds(name, words, phrase) for name in names.get(field, ())) for field, words, phrase in self.terms
        )

    def words_of(self, field: str) -> tuple[str, ...]:
        """All words wanted of a field."""
        return tuple(word for name, words, _ in self.terms if name == field for word in words)


def _holds(name: tuple[str, ...], words: tuple[str, ...], phrase: bool) -> bool:
    size = len(words)
    if not size or not phrase:
        return size > 0 and set(words) <= set(name)
    return any(name[at : at + size] == words for at in range(len(name) - size + 1))
