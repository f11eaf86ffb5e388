"""Which variants a segment of a name tells: what a bracket holds, what follows a dash."""

import re
from functools import lru_cache

from timbre_spider.matching.names.variants import Mark, Variant
from timbre_spider.matching.names.words import (
    BY_WHOM,
    FILLERS,
    GLUED,
    KIND_OF_REMIX,
    LONGEST_FROM,
    OF_WHICH,
    PHRASES,
    PLACES,
    SESSIONS,
    STAGES,
    TELLING,
    VERSION,
    WEAK,
)
from timbre_spider.matching.writing.text import fold, squash, vocabulary

_LONGEST_SEGMENT = 200
_LONGEST_NAME = 6
_YEAR = re.compile(r"(?:19|20)\d\d|2k\d\d|\d{1,3}(?:st|nd|rd|th)")
# "live at Wembley", "2009 live in Rome", "MTV unplugged in New York", "ao vivo no Rio"; the place is the rest.
_LIVE_AT = re.compile(
    r"((?:\S+ ){0,2}?)(?:"
    r"(?:recorded live|recorded|live version|live acoustic|acoustic live|live|unplugged|acoustic|in concert)"
    r" (?:at|in|from|on|across|au|aux|aus|im|bei|auf|von|en|pa|fran|i)"
    r"|(?:en vivo|en directo|en direct|en concert|en concierto|ao vivo|dal vivo|na zywo)"
    r" (?:a|al|at|au|da|dal|del|desde|em|en|in|alla|na|no|w|from)"
    r") (.+)"
)
_BY = re.compile(
    r"(remix|remixed|mixed|reworked|edit|dub|bootleg|cover|covered|originally|originally performed|made famous"
    r"|as made famous|in the style|tribute|karaoke|karaoke version) (?:by|of|to) (.+)"
)
_BY_KINDS = {"karaoke": Variant.KARAOKE, "in": Variant.KARAOKE}
_BY_REMIXER = {
    "remix": "", "remixed": "", "mixed": " mix", "reworked": " rework", "edit": " edit", "dub": " dub",
    "bootleg": " bootleg",
}  # fmt: skip
_PRODUCER = re.compile(r"(?:prod|produced)(?: by)? .+|.+ on the beat")
# Where a file came from is no part of a name: "www.example.com".
_SITE = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|biz|ru|ua|de|fr|es|it|nl|pl|br|tv|co\.uk)", re.I
)
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
# Words of scripts written without spaces, wherever they stand in a segment.
_GLUED = re.compile("|".join(map(re.escape, GLUED)).replace("|ver|", "|(?<=[\u3040-\uffff])ver(?![a-z])|"))


@lru_cache(maxsize=8_192)
def classify(segment: str) -> tuple[Mark, ...] | None:
    """The variants `segment` tells; None where it is no variant but part of the title."""
    if len(segment) > _LONGEST_SEGMENT:
        return None
    if "." in segment and _SITE.fullmatch(segment.strip()):
        return (Mark(Variant.EDITION),)
    words = _words(segment)
    if TELLING.isdisjoint(words) and not _QUOTED.search(segment):
        return None
    if not _CUT.search(segment):
        return tuple(_piece(words, segment) or ()) or None
    # A comma may belong to a place ("live in Rome, Italy") or part two variants ("mono, 2009 remaster").
    for cut in (_HARD_CUT, _CUT):
        pieces = [piece for piece in cut.split(segment) if piece]
        if marks := _pieces(pieces) or _live_places(pieces):
            return marks
    return tuple(_use_up(words) or ()) or None


def _words(text: str) -> list[str]:
    """The folded words of a segment; "@" is "at", and "à" is told from English "a" ("live à Paris", "live a lie")."""
    if "@" in text or "à" in text:
        text = text.replace("@", " at ").replace(" à ", " au ")
    folded = fold(text)
    return (folded if folded.isascii() else _GLUED.sub(r" \g<0> ", folded)).split()


def is_year(text: str) -> bool:
    """Whether a segment is nothing but a year."""
    return _YEAR.fullmatch(fold(text)) is not None


def _live_places(pieces: list[str]) -> tuple[Mark, ...] | None:
    """ "live, Melkweg, Amsterdam": places after a comma, where one of them is known for one."""
    if len(pieces) < 2 or [mark.kind for mark in _use_up(_words(pieces[0])) or ()] != [Variant.LIVE]:
        return None
    words = [word for piece in pieces[1:] for word in _words(piece)]
    known = not PLACES.isdisjoint(words) or any(map(_YEAR.fullmatch, words))
    return (Mark(Variant.LIVE, " ".join(words)),) if known else None


def _pieces(pieces: list[str]) -> tuple[Mark, ...] | None:
    marks: list[Mark] = []
    for piece in pieces:
        words = _words(piece)
        if marks and words and all(word.isdigit() or _YEAR.fullmatch(word) for word in words):
            # The year of a remix tells no other one: "(Remix, 2011)" is "(2011 Remix)" is "(Remix)".
            if marks[-1].kind is not Variant.REMIX:
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
        if _PRODUCER.fullmatch(text):
            return [Mark(Variant.EDITION)]
        if by := _BY.fullmatch(text):
            first = by[1].split()[0]
            if first in _BY_REMIXER:
                return [Mark(Variant.REMIX, squash(by[2]) + _BY_REMIXER[first])]
            return [Mark(_BY_KINDS.get(first, Variant.COVER), squash(by[2]))]
        if (source := _FROM.fullmatch(text)) and (_QUOTED.search(spelled) or _SCREEN.search(source[1])):
            return [Mark(Variant.EDITION, text)]
    return _use_up(words)


# Without a preposition a segment names no place, person or film.
_SENTENCE = vocabulary(
    "at in from on across au aux aus im bei auf von en pa fran i a al da dal del desde em alla na no w by of to prod"
)
_BEFORE_LIVE = FILLERS | STAGES | PHRASES.keys()


def _use_up(words: list[str]) -> list[Mark] | None:
    """Use up the words with known phrases, longest first; left may be years, fillers, a name before "remix"."""
    if not words:
        return None
    kinds: list[Variant] = []
    years: list[str] = []
    rest: list[str] = []
    remixes: list[str] = []
    strong = False
    at = 0
    while at < len(words):
        length, phrase = _phrase_at(words, at)
        if phrase:
            kinds.append(PHRASES[phrase])
            strong = strong or phrase not in WEAK
            if PHRASES[phrase] is Variant.REMIX or phrase in BY_WHOM:
                remixes += phrase.split()
        elif _YEAR.fullmatch(words[at]):
            years.append(words[at])
        elif words[at] in BY_WHOM:
            remixes.append(words[at])
        elif words[at] not in FILLERS:
            rest.append(words[at])
        at += length
    last = words[-1]
    if last in SESSIONS:
        kinds, rest, strong = [*kinds, Variant.LIVE], [], True
    elif {Variant.LIVE, Variant.ACOUSTIC} & set(kinds):
        rest, strong = [word for word in rest if word not in STAGES], True
    if Variant.REMASTER in kinds:
        rest = [word for word in rest if not _SHORT_YEAR.fullmatch(word)]
    kinds = list(dict.fromkeys(kinds))
    told = _kind_of_remix(remixes)
    if not rest:
        if kinds and (strong or len(kinds) > 1 or VERSION & set(words)):
            return [Mark(kind, told if kind is Variant.REMIX else years[-1] if years else "") for kind in kinds]
        if told not in ("", "mix") and last in BY_WHOM:
            return [Mark(Variant.REMIX, told)]
        if years and last == "mix":
            return [Mark(Variant.REMASTER, years[-1])]
        if last in OF_WHICH and not years and len(words) > 1 and not kinds:
            return [Mark(Variant.EDITION)]
        return _version_of(years, kinds, last, told)
    if _is_live_somewhere(words, rest, kinds):
        return [Mark(Variant.LIVE, " ".join([*rest, *years]))]
    return _version_of([*rest, *years], kinds, last, told)


# The year of a remaster, cut to two digits: "Digitally Remastered 02".
_SHORT_YEAR = re.compile(r"\d\d")


def _kind_of_remix(words: list[str]) -> str:
    """What kind of remix the words tell: "dub", "club", "mix"; nothing where it is plainly a remix."""
    told = dict.fromkeys(KIND_OF_REMIX.get(word, word) for word in words)
    kinds = sorted(kind for kind in told if kind)
    # A "dub mix" is a dub, a "VIP mix" a VIP.
    return " ".join(kind for kind in kinds if kind != "mix") or ("mix" if "mix" in kinds and "" not in told else "")


def _is_live_somewhere(words: list[str], rest: list[str], kinds: list[Variant]) -> bool:
    """Whether a segment is "Live Wembley Arena", "Paradiso live": live beside a place, no preposition between."""
    return (
        kinds == [Variant.LIVE]
        and PHRASES.get(words[0] if words[0] not in rest else words[-1]) is Variant.LIVE
        and not PLACES.isdisjoint(rest)
    )


def _phrase_at(words: list[str], at: int) -> tuple[int, str]:
    """The longest known phrase beginning at a word, and how many words it has; ("" for one word) if there is none."""
    for length in range(min(LONGEST_FROM.get(words[at], 0), len(words) - at), 0, -1):
        phrase = " ".join(words[at : at + length])
        if phrase in PHRASES:
            return length, phrase
    return 1, ""


def _version_of(name: list[str], kinds: list[Variant], last: str, remix: str) -> list[Mark] | None:
    """What a name before "remix", "mix", "version" or "cover" makes of it."""
    if not 0 < len(name) <= _LONGEST_NAME:
        return None
    detail = squash(" ".join(name))
    if last in BY_WHOM:
        kind, detail = Variant.REMIX, f"{detail} {remix}".rstrip()
    elif last in OF_WHICH:
        kind = Variant.COVER if last == "cover" else Variant.VERSION
    else:
        return None
    return [Mark(kind, detail), *(Mark(other) for other in kinds if other != kind)]
