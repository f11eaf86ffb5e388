"""Part numbers in titles: "Part II", "Pt. 2" and "Part Two" are one, and never the same as part 3."""

import re

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
_SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {name: str(number) for names in (_ROMAN, _SPELLED) for number, name in enumerate(names, 1)}
# A digit may follow any of these; a Roman or spelled number only those no sentence has before "I" or "one".
_PART = re.compile(
    r"\b(?:"
    r"(?P<any>part|parts|pt|parte|partie|teil|deel|vol|volume|chapter|act|book|movement|mvt)"
    rf"(?: ?(?P<digits>\d+)| (?P<name>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}))"
    r"|(?P<other>no|nr|number|op|del|episode|ep) ?(?P<more>\d+)"
    r")\b"
)
_NAMES = {
    "part": "pt", "parts": "pt", "parte": "pt", "partie": "pt", "teil": "pt", "deel": "pt", "del": "pt",
    "volume": "vol", "nr": "no", "number": "no", "movement": "mvt", "episode": "ep",
}  # fmt: skip
_WORTHWHILE = re.compile(
    r"\b(?:parts?|pt|parte|partie|teil|deel|vol|volume|chapter|act|book|movement|mvt|no|nr|number|op|del|episode|ep)(?:\b|\d)"
)


def number_parts(folded: str) -> tuple[str, list[str]]:
    """A folded title with its part numbers spelled one way ("part ii" is "pt2"), and those parts."""
    if not _WORTHWHILE.search(folded):
        return folded, []
    parts: list[str] = []

    def one_way(found: re.Match[str]) -> str:
        kind = found["any"] or found["other"]
        number = found["digits"] or found["more"] or _NUMBERS[found["name"]]
        parts.append(f"{_NAMES.get(kind, kind)}{number.lstrip('0') or '0'}")
        return parts[-1]

    return _PART.sub(one_way, folded), parts
