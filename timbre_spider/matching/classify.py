"""Which variants a segment of a name tells: what a bracket holds, what follows a dash."""

import re
from functools import lru_cache

from timbre_spider.matching.text import fold, squash, vocabulary
from timbre_spider.matching.variants import Mark, Variant
from timbre_spider.matching.words import (
    BY_WHOM,
    FILLERS,
    LONGEST_FROM,
    OF_WHICH,
    PHRASES,
    SESSIONS,
    STAGES,
    TELLING,
    VERSION,
    WEAK,
)

_LONGEST_SEGMENT = 200
_LONGEST_NAME = 6
_YEAR = re.compile(r"(?:19|20)\d\d|2k\d\d|\d{1,3}(?:st|nd|rd|th)")
# "live at Wembley", "2009 live in Rome", "MTV unplugged in New York", "ao vivo no Rio"; the place is the rest.
_LIVE_AT = re.compile(
    r"((?:\S+ ){0,2}?)(?:"
    r"(?:recorded live|live version|live acoustic|acoustic live|live|unplugged|acoustic|in concert)"
    r" (?:at|in|from|on|across|au|aux|aus|im|bei|auf|von|en|pa|fran|i)"
    r"|(?:en vivo|en directo|en direct|en concert|en concierto|ao vivo|dal vivo|na zywo)"
    r" (?:a|al|at|au|da|dal|del|desde|em|en|in|alla|na|no|w|from)"
    r") (.+)"
)
_BY = re.compile(
    r"(remix|remixed|mixed|reworked|edit|cover|covered|originally|originally performed|made famous|as made famous"
    r"|in the style|tribute|karaoke|karaoke version) (?:by|of|to) (.+)"
)
_BY_KINDS = {
    "remix": Variant.REMIX, "remixed": Variant.REMIX, "mixed": Variant.REMIX, "reworked": Variant.REMIX,
    "edit": Variant.REMIX, "karaoke": Variant.KARAOKE, "in": Variant.KARAOKE,
}  # fmt: skip
# 'from "Frozen"', "from the motion picture …": where a recording was used does not make it another one.
_FROM = re.compile(
    r"(?:music |songs? |theme |love theme |main theme |taken |as heard |featured |as featured |as seen )?"
    r"(?:from|in) (.+)"
)
_SCREEN = re.compile(
    r"\b(?:soundtrack|motion picture|original cast|cast recording|film|movie|series|musical|ost|album|score|season"
    r"|broadway|netflix|disney|game)\b"
)
_QUOTED = re.compile('["“”«»]')
_BRACKETS = r"[/;|()\[\]{}<>（）［］｛｝【】「」『』〈〉《》〔〕]"
_HARD_CUT = re.compile(rf"\s*{_BRACKETS}+\s*|\s+[-–—~]+\s+")
_CUT = re.compile(rf"\s*{_BRACKETS}+\s*|\s+[-–—~]+\s+|,\s+")
_ACOUSTIC = vocabulary("acoustic unplugged")


@lru_cache(maxsize=16_384)
def classify(segment: str) -> tuple[Mark, ...] | None:
    """The variants `segment` tells; None where it is no variant but part of the title."""
    if len(segment) > _LONGEST_SEGMENT:
        return None
    words = _words(segment)
    if TELLING.isdisjoint(words) and not _QUOTED.search(segment):
        return None
    if not _CUT.search(segment):
        return tuple(_piece(words, segment) or ()) or None
    # A comma may belong to a place ("live in Rome, Italy") or part two variants ("mono, 2009 remaster").
    for cut in (_HARD_CUT, _CUT):
        if marks := _pieces([piece for piece in cut.split(segment) if piece]):
            return marks
    return tuple(_use_up(words) or ()) or None


def _words(text: str) -> list[str]:
    """The folded words of a segment; "@" is "at", and "à" is told from English "a" ("live à Paris", "live a lie")."""
    if "@" in text or "à" in text:
        text = text.replace("@", " at ").replace(" à ", " au ")
    return fold(text).split()


def is_year(text: str) -> bool:
    """Whether a segment is nothing but a year."""
    return _YEAR.fullmatch(fold(text)) is not None


def _pieces(pieces: list[str]) -> tuple[Mark, ...] | None:
    marks: list[Mark] = []
    for piece in pieces:
        words = _words(piece)
        if marks and words and all(word.isdigit() or _YEAR.fullmatch(word) for word in words):
            marks[-1] = Mark(marks[-1].kind, marks[-1].detail or words[-1])
            continue
        found = _piece(words, piece)
        if not found:
            return None
        marks += found
    return tuple(dict.fromkeys(marks))


def _piece(words: list[str], spelled: str) -> list[Mark] | None:
    """The variants a segment without inner signs tells: its folded words, and as it is spelled."""
    if not _SENTENCE.isdisjoint(words):
        text = " ".join(words)
        live = _LIVE_AT.fullmatch(text)
        if live and all(_YEAR.fullmatch(word) or word in _BEFORE_LIVE for word in live[1].split()):
            marks = [Mark(Variant.LIVE, live[2])]
            return [*marks, Mark(Variant.ACOUSTIC)] if _ACOUSTIC & set(words) else marks
        if by := _BY.fullmatch(text):
            return [Mark(_BY_KINDS.get(by[1].split()[0], Variant.COVER), squash(by[2]))]
        if (source := _FROM.fullmatch(text)) and (_QUOTED.search(spelled) or _SCREEN.search(source[1])):
            return [Mark(Variant.EDITION, text)]
    return _use_up(words)


# Without a preposition a segment names no place, person or film.
_SENTENCE = vocabulary(
    "at in from on across au aux aus im bei auf von en pa fran i a al da dal del desde em alla na no w by of to"
)
_BEFORE_LIVE = FILLERS | STAGES | PHRASES.keys()


def _use_up(words: list[str]) -> list[Mark] | None:
    """Use up the words with known phrases, longest first; left may be years, fillers, a name before "remix"."""
    if not words:
        return None
    kinds: list[Variant] = []
    years: list[str] = []
    rest: list[str] = []
    strong = False
    at = 0
    while at < len(words):
        length, phrase = _phrase_at(words, at)
        if phrase:
            kinds.append(PHRASES[phrase])
            strong = strong or phrase not in WEAK
        elif _YEAR.fullmatch(words[at]):
            years.append(words[at])
        elif words[at] not in FILLERS:
            rest.append(words[at])
        at += length
    last = words[-1]
    if last in SESSIONS:
        kinds, rest, strong = [*kinds, Variant.LIVE], [], True
    elif {Variant.LIVE, Variant.ACOUSTIC} & set(kinds):
        rest, strong = [word for word in rest if word not in STAGES], True
    name = [word for word in rest if word not in BY_WHOM]
    kinds = list(dict.fromkeys(kinds))
    if not name:
        if kinds and (strong or len(kinds) > 1 or VERSION & set(words)):
            return [Mark(kind, years[-1] if years else "") for kind in kinds]
        return [Mark(Variant.REMASTER, years[-1])] if years and last == "mix" else _version_of(years, kinds, last)
    return _version_of([*name, *years], kinds, last)


def _phrase_at(words: list[str], at: int) -> tuple[int, str]:
    """The longest known phrase beginning at a word, and how many words it has; ("" for one word) if there is none."""
    for length in range(min(LONGEST_FROM.get(words[at], 0), len(words) - at), 0, -1):
        phrase = " ".join(words[at : at + length])
        if phrase in PHRASES:
            return length, phrase
    return 1, ""


def _version_of(name: list[str], kinds: list[Variant], last: str) -> list[Mark] | None:
    """What a name before "remix", "mix", "version" or "cover" makes of it."""
    if not 0 < len(name) <= _LONGEST_NAME:
        return None
    if last in BY_WHOM:
        kind = Variant.REMIX
    elif last in OF_WHICH:
        kind = Variant.COVER if last == "cover" else Variant.VERSION
    else:
        return None
    return [Mark(kind, squash(" ".join(name))), *(Mark(other) for other in kinds if other != kind)]
