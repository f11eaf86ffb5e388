"""Numbers in titles: "Part II", "Pt. 2" and "Part Two" are one, "Flood I" is "Flood 1", and no number is another."""

import re
from dataclasses import dataclass

from timbre_spider.matching.writing.text import fold, vocabulary


def _roman(number: int) -> str:
    return "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]


_ROMAN = {_roman(number): number for number in range(1, 40) if number not in (20, 30)}
_UP_TO_19 = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS_FROM_20 = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: number for number, word in enumerate(_UP_TO_19.split())}
_TENS = {word: 10 * number for number, word in enumerate(_TENS_FROM_20.split(), 2)}
_SPELLED = _UNITS | _TENS
# Of other languages only behind "part" and "volume": "Parte due", "Teil zwei", "Volumen Cinco".
SPELLED_ABROAD = {
    word: number
    for number, words in enumerate(
        (
            "uno eins um une", "dos due zwei deux dois duas", "tres tre drei trois",
            "cuatro quattro vier quatre quatro", "cinco cinque funf cinq", "seis sei sechs",
            "siete sette sieben sept sete", "ocho otto acht huit oito",
            "nueve nove neun neuf", "diez dieci zehn dix dez",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
# What stands before a number, as it is written in a key; a Roman or spelled number follows the first kind only.
_PARTS = {
    "part": "pt", "parts": "pt", "pt": "pt", "pts": "pt", "parte": "pt", "partie": "pt", "teil": "pt", "deel": "pt",
    "vol": "vol", "vols": "vol", "volume": "vol", "volumen": "vol", "tomo": "vol", "tome": "vol", "том": "vol",
    "часть": "pt", "chapter": "chapter", "act": "act", "book": "book",
    "movement": "mvt", "mvt": "mvt", "mov": "mvt", "satz": "mvt", "scene": "scene",
}  # fmt: skip
_COUNTED = {
    "no": "no", "nos": "no", "nr": "no", "number": "no", "op": "op", "opus": "op", "del": "pt",
    "episode": "ep", "ep": "ep",
}  # fmt: skip
_BEFORE = _PARTS | _COUNTED
# "One" and "I" are words far more often than numbers: they tell nothing by themselves.
_UNSURE = vocabulary("one i v x")
# "A flat" is a note, and a title in A another than one in A flat.
_ACCIDENTALS = vocabulary("sharp flat")
_NOTES = vocabulary("a b c d e f g")
TELLING = frozenset(_BEFORE.keys() | _ROMAN.keys() | _SPELLED.keys() | _ACCIDENTALS)
# "PartII": the capitals tell where the number begins; "Pt.II", "No.XI": the point does.
_CAPITAL_INSIDE = re.compile("[IVX](?<=[a-z].)")
_PLAIN = re.compile("[a-z]+")
_RUN_ON = re.compile(r"(?<![^\W_])(Part|Pts?|Vol|Act|No|Op|Mvt)(?=[IVX]+(?![^\W_]))")
_POINT = re.compile(r"(?<![^\W_])(parts?|pts?|vols?|no|nr|op|mvt|mov|ch|ep)\.(?=[^\W_])", re.I)
_GLUED = re.compile(rf"\b({'|'.join(sorted(_BEFORE, key=len, reverse=True))})(?=\d)")
# The rarer sign first, though it stands behind: a search skips to it.
_LETTER_AND_DIGIT = re.compile(r"\d(?<=[a-z].)")
_INSIDE = re.compile(r"[IVX\d](?<=[^\W\d_].)")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A title's folded words with its numbers written one way; the numbers that surely are some, in their order; and
    those of them that number a part ("pt2")."""

    words: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def numbered(title: str) -> Numbered:
    """Read a title's numbers. Total; linear in its length."""
    title, folded = _folded(title)
    words = folded.split()
    if not TELLING.isdisjoint(words):
        return _read(words, title)
    return Numbered(tuple(words), tuple(word for word in words if word.isdigit()))


def one_way(title: str) -> str:
    """A title's folded words with its numbers written one way, and no more: the short way, for keys."""
    title, folded = _folded(title)
    words = folded.split()
    return folded if TELLING.isdisjoint(words) else " ".join(_read(words, title).words)


def has_number_inside(name: str) -> bool:
    """Whether a number may run on from a word: "PartII", "Pt2"."""
    return _INSIDE.search(name) is not None


def reads_as_number(key: str) -> bool:
    """Whether words run together read as a number that they were not: "part e 1" as "parte1"."""
    return key in TELLING or (not key.isalpha() and _GLUED.match(key) is not None)


def _folded(title: str) -> tuple[str, str]:
    """A title, and its folded words, both with a space where a number begins."""
    if "." in title:
        title = _POINT.sub(r"\1 ", title)
    if _CAPITAL_INSIDE.search(title):
        title = _RUN_ON.sub(r"\1 ", title)
    folded = fold(title)
    return title, _GLUED.sub(r"\1 ", folded) if _LETTER_AND_DIGIT.search(folded) else folded


def _read(words: list[str], title: str) -> Numbered:
    # "ÌÏ" is no two: only plain letters make a Roman number.
    roman = _ROMAN.keys() if title.isascii() else set(_PLAIN.findall(title.casefold()))
    told: list[str] = []
    numbers: list[str] = []
    parts: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word in _BEFORE and at + 1 < len(words):
            value, length = _number_at(words, at + 1, counts=word in _COUNTED)
            if value is not None and not (word in _COUNTED and words[at + 1] in _UNSURE):
                told.append(f"{_BEFORE[word]}{value}")
                parts.append(told[-1])
                numbers.append(value)
                at += 1 + length
                continue
            if word in _COUNTED and words[at + 1] == "one":
                told += words[at : at + 2]
                at += 2
                continue
        value, length = _number_at(words, at)
        if value is None:
            if word in _ACCIDENTALS and at and words[at - 1] in _NOTES:
                numbers.append(f"{words[at - 1]} {word}")
            told.append(word)
        else:
            told.append(value)
            if (word not in _UNSURE and (word not in _ROMAN or word in roman)) or (
                at and at + length == len(words) and word != "one"
            ):
                numbers.append(value)
        at += length
    return Numbered(tuple(told), tuple(numbers), tuple(parts))


def _number_at(words: list[str], at: int, *, counts: bool | None = None) -> tuple[str | None, int]:
    """The number at a word and how many words it takes. `counts`: whether "no", not "part", stands before it."""
    word = words[at]
    if word.isdigit():
        # "Vol. 03" is the third; "007" by itself is a name.
        return (word if counts is None else word.lstrip("0") or "0"), 1
    if word in _ROMAN:
        return str(_ROMAN[word]), 1
    if counts is False and word in SPELLED_ABROAD:
        return str(SPELLED_ABROAD[word]), 1
    if word not in _SPELLED or (counts and word == "one"):
        return None, 1
    following = _UNITS.get(words[at + 1], 10) if word in _TENS and at + 1 < len(words) else 10
    return (str(_TENS[word] + following), 2) if 0 < following < 10 else (str(_SPELLED[word]), 1)
