"""The words of an album's name as they stand in its key."""

import re

from timbre_spider.matching.writing.numbering import SPELLED_ABROAD, TELLING, one_way
from timbre_spider.matching.writing.text import squash, vocabulary

_AND = vocabulary("and und et y e och og и")
_SHORT = {
    "street": "st", "saint": "st", "mister": "mr", "doctor": "dr", "versus": "vs", "sergeant": "sgt", "mount": "mt",
    "junior": "jr", "senior": "sr", "presents": "pres", "featuring": "feat", "kv": "k",
}  # fmt: skip
# "Trois Gymnopédies" is "3 Gymnopédies"; a word for one is an article, too.
_SHORT |= {word: str(number) for word, number in SPELLED_ABROAD.items() if number > 1}
# Beside numbers several works are one: "Symphonies Nos. 5 & 7", "Symphony No. 5 & 7", in any language.
_WORKS = {
    form: work
    for work, forms in {
        "symphony": "symphonies symphonie symphonien sinfonie sinfonien sinfonia sinfonias sym symph",
        "concerto": "concertos concerti konzert konzerte",
        "sonata": "sonatas sonaten sonate sonates",
        "quartet": "quartets quartett quartette quatuor quatuors",
        "suite": "suites suiten",
    }.items()
    for form in forms.split()
}
_CHANGED = _AND | _SHORT.keys() | _WORKS.keys() | {"the"}
# A name of plain letters without these is its words, in small letters.
SAYS_MORE = _CHANGED | TELLING | {"n"}
_VOLUME = re.compile(r"(?:vol|no)(\d+)")
# What the name of the artist may stand behind: "The Best of X", "The Essential X".
_OWNED = vocabulary("of by essential ultimate")
# "Baest" is "Bäst", which is "bast" here.
_UMLAUT = re.compile("e(?<=[aou]e)")


def words_of(name: str) -> list[str]:
    """The words of a name, numbers and "and" written one way, without articles, and without "vol" or "no" before a
    number."""
    told = one_way(name)
    words = told.split()
    if _CHANGED.isdisjoint(words) and not any(map(_VOLUME.fullmatch, words)):
        return words
    inner = range(1, len(words) - 1)
    words = ["and" if at in inner and word in _AND else word for at, word in enumerate(words)]
    words = [volume[1] if (volume := _VOLUME.fullmatch(word)) else word for word in words]
    shorter = _SHORT | _WORKS if any(map(str.isdigit, words)) else _SHORT
    return [shorter.get(word, word) for word in words if word != "the"] or words


def without_owner(words: list[str], whose: list[str]) -> list[str]:
    """An album's words without its artist's: "Bob Dylan's Greatest Hits", "The Best of Bob Dylan"."""
    length = len(whose)
    if not 0 < length < len(words):
        return words
    if words[:length] in (whose, [*whose[:-1], f"{whose[-1]}s"]):
        words = words[length:]
    for at in range(1, len(words) - length + 1):
        if words[at : at + length] == whose and words[at - 1] in _OWNED:
            return words[:at] + words[at + length :]
    return words


def run_together(words: list[str]) -> str:
    """Words as one, without an "of" that nothing follows: "The Best Of" is "The Best of X" is "best"."""
    if len(words) > 1 and words[-1] in ("of", "by"):
        words = words[:-1]
    key = "".join(words)
    if not key.isalpha():
        key = squash(" ".join(words)).replace("|", "¦")
    return without_umlaut(key)


def without_umlaut(key: str) -> str:
    """A key with umlauts one way, "Groenemeyer" as "Grönemeyer", which is "gronemeyer" here."""
    return _UMLAUT.sub("", key) if "e" in key else key
