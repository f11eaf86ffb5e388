"""What a name says: main and featured artists, the plain title, the variants, wherever they stand in it."""

import re
from dataclasses import dataclass

from timbre_spider.matching.text import fold, squash, visible
from timbre_spider.matching.variants import Mark, classify

_OPEN = "([{<（【「『〈《〔［｛＜"
_CLOSE = ")]}>）】」』〉》〕］｝＞"
_BRACKETS = re.compile(f"[{re.escape(_OPEN + _CLOSE)}]")
_DASH = re.compile(r"\s+[-–—−－~〜]+\s*|[-–—−－~〜]+\s+")
_GUESTS = re.compile(r"(?:feat\.?|ft\.?|featuring|f/|feat/)\s*(?<![a-z])(?:[:.]\s*)?(?!of\b)(\S.*)", re.I | re.S)
_GUESTS_INLINE = re.compile(
    r"(?<!\d)(?<!\bsix)(?<!\bten)(?<!\bfeet)\s(?:feat\.?|ft\.?|featuring)\s+(?!of\b|under\b|deep\b|tall\b|down\b|high\b)(?=\S)",
    re.I,
)
_COMPANY = re.compile(r"(?:with|w/|con|avec|mit|com|duet with|duo con)\s+(\S.*)", re.I | re.S)
_NO_COMPANY = frozenset(
    [
        "me",
        "you",
        "us",
        "him",
        "her",
        "them",
        "it",
        "my",
        "your",
        "our",
        "his",
        "a",
        "an",
        "the",
        "no",
        "love",
        "out",
        "somebody",
        "someone",
        "everybody",
        "nobody",
        "everyone",
        "lyrics",
        "this",
        "that",
        "these",
        "those",
        "or",
        "all",
        "any",
        "strings",
        "orchestra",
        "intro",
        "te",
        "ti",
        "tu",
        "mi",
        "mig",
        "dir",
        "uns",
        "moi",
        "toi",
        "lui",
        "elle",
        "nous",
        "vous",
        "sin",
        "il",
        "el",
        "la",
        "le",
        "les",
        "los",
        "las",
        "un",
        "una",
        "strangers",
        "friends",
        "wolves",
        "god",
        "jesus",
    ]
)
_ENSEMBLE = re.compile(r"\b(?:orchestra|philharmonic|choir|symphony|quartet|band|ensemble|trio)\b", re.I)
_NAMES = re.compile(r"\s*(?:,|;|/|\s&\s|\s\+\s|\sand\s|\sx\s|\sy\s|\se\s|\set\s|\sund\s)\s*", re.I)
_BARE_TAIL = re.compile(
    r"\s((?:(?:19|20)\d\d )?(?:digital(?:ly)? )?remaster(?:ed)?(?: version)?(?: (?:19|20)\d\d)?|radio edit"
    r"|(?:acoustic|live|album|single|radio|instrumental|karaoke|demo|extended|mono) version|original mix|extended mix)$",
    re.I,
)
_PART = re.compile(
    r"\b(part|pt|parte|partie|teil|deel|del|vol|volume|no|nr|number|chapter|act|movement|mvt|op)\.?\s*"
    r"([0-9]+|[ivx]+|one|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_PART_NAMES = {
    "part": "pt", "parte": "pt", "partie": "pt", "teil": "pt", "deel": "pt", "del": "pt", "volume": "vol",
    "number": "no", "nr": "no", "movement": "mvt",
}  # fmt: skip
_NUMBERS = {
    name: str(value)
    for names in (
        "one two three four five six seven eight nine ten",
        "i ii iii iv v vi vii viii ix x",
    )
    for value, name in enumerate(names.split(), 1)
} | {
    "xi": "11",
    "xii": "12",
    "xiii": "13",
    "xiv": "14",
    "xv": "15",
    "xvi": "16",
    "xvii": "17",
    "xviii": "18",
    "xix": "19",
}
_LAYERS = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """A name taken apart. Spelling is kept, so it may be shown; `parts` are canonical: "pt 2", "vol 3"."""

    artists: tuple[str, ...]
    featured: tuple[str, ...]
    title: str
    variants: tuple[Mark, ...]
    parts: tuple[str, ...] = ()

    @property
    def artist(self) -> str:
        """The first main artist."""
        return self.artists[0] if self.artists else ""


def read_name(artist: str, title: str) -> Reading:
    """Take (artist, title) apart. Total: any string is read; linear in its length."""
    main, guests, artist_marks = peel(artist, is_artist=True)
    plain, more_guests, title_marks = peel(title)
    return Reading(
        artists=tuple(main_artists(main)),
        featured=tuple(dict.fromkeys(guests + more_guests)),
        title=plain,
        variants=tuple(dict.fromkeys(title_marks + artist_marks)),
        parts=tuple(number_parts(fold(plain))[1]),
    )


def main_artists(name: str) -> list[str]:
    """The main artists of an artist field; only signs that no single act's name holds part them (";", " vs. ", " x ")."""
    names = [part.strip() for part in re.split(r"\s*;\s*|\s+vs\.?\s+|\s+[x×]\s+", name, flags=re.I)]
    return [_front_the(part) for part in names if part]


def _front_the(name: str) -> str:
    return f"The {name[:-5]}" if name[-5:].lower() == ", the" and len(name) > 5 else name


def peel(name: str, *, is_artist: bool = False) -> tuple[str, list[str], list[Mark]]:
    """`name` without its variants and guests, the guests, the variants. What would leave nothing stays."""
    name = visible(name)
    guests: list[str] = []
    marks: list[Mark] = []
    for _ in range(_LAYERS):
        before = name
        if _BRACKETS.search(name):
            name = _peel_brackets(name, guests, marks)
        if not is_artist or "-" in name or "–" in name:
            name = _peel_dashes(name, guests, marks)
        name = _peel_inline(name, guests)
        if not is_artist and (tail := _BARE_TAIL.search(name)):
            found = classify(tail[1])
            if found:
                name, marks = name[: tail.start()], [*marks, *found]
        if name == before:
            break
    return name, guests, marks


def _peel_brackets(name: str, guests: list[str], marks: list[Mark]) -> str:
    kept: list[str] = []
    at = depth = start = 0
    for bracket in _BRACKETS.finditer(name):
        if bracket[0] in _OPEN:
            if depth == 0:
                start = bracket.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                at = _peel_span(name, at, start, bracket.end(), kept, guests, marks)
    if depth:
        at = _peel_span(name, at, start, len(name), kept, guests, marks)
    if not at:
        return name
    return " ".join(("".join(kept) + name[at:]).split())


def _peel_span(name: str, at: int, start: int, end: int, kept: list[str], guests: list[str], marks: list[Mark]) -> int:
    """Drop name[start:end] (a bracket) if it is a variant or guests; return how far `name` is copied to `kept`."""
    if not (kept or any(character.isalnum() for character in name[at:start]) or name[at:start].strip()):
        return at
    inside = name[start + 1 : end].rstrip(_CLOSE)
    if not _take(inside, guests, marks, bracketed=True):
        return at
    kept.append(name[at:start] + " ")
    return end


def _peel_dashes(name: str, guests: list[str], marks: list[Mark]) -> str:
    cuts = [cut.span() for cut in _DASH.finditer(name)]
    for start, end in reversed(cuts):
        if not name[:start].strip() or not _take(name[end:], guests, marks, bracketed=False):
            break
        name = name[:start]
    return name


def _peel_inline(name: str, guests: list[str]) -> str:
    found = _GUESTS_INLINE.search(name)
    if found and name[: found.start()].strip(" -–—"):
        guests += split_names(name[found.end() :])
        return name[: found.start()].rstrip(" -–—,")
    return name


def _take(segment: str, guests: list[str], marks: list[Mark], *, bracketed: bool) -> bool:
    """Whether a segment is a variant or names guests; what it says is added to the lists."""
    segment = segment.strip()
    if found := _GUESTS.match(segment):
        names, _, tail = found[1].partition(" - ")
        guests += split_names(names)
        marks += classify(tail) or () if tail else ()
        return True
    if bracketed and (company := _COMPANY.match(segment)):
        first = company[1].split()[0].lower()
        if first not in _NO_COMPANY or _ENSEMBLE.search(company[1]):
            guests += split_names(company[1])
            return True
    if variants := classify(segment):
        marks += variants
        return True
    return False


def split_names(names: str) -> list[str]:
    """The artists of a list such as "A, B & C"."""
    return [part for part in (piece.strip(" ()[]") for piece in _NAMES.split(names)) if part]


def number_parts(folded: str) -> tuple[str, list[str]]:
    """A folded title with its part numbers spelled one way ("part ii" is "pt2"), and those parts."""
    parts: list[str] = []

    def one_way(found: re.Match[str]) -> str:
        part = f"{_PART_NAMES.get(found[1], found[1])}{_NUMBERS.get(found[2], found[2])}"
        parts.append(part)
        return part

    return _PART.sub(one_way, folded), parts


def is_empty(folded: str) -> bool:
    """Whether nothing is left to compare."""
    return not squash(folded)
