"""Which disc of an album a name tells: "CD2", "disque 2/3", "(1 of 2)", "Zweite CD", "Disc 1: Dawn to Dusk"."""

import re
from functools import lru_cache

_PLAIN_WORDS = r"(?:cd|dvd|sacd|dis[ck]|disque|диск)"
# "Italo Disco 2" is no second disc.
_WORDS = r"(?:cd|dvd|sacd|dis[ck]|disque|disco|диск|scheibe|schijf|plaat|platte|skiva|levy|p[lł]yta|ディスク|디스크)"
_SPELLED = {
    word: number
    for number, words in enumerate(
        (
            "one i a eins un une uno um первый first erste premier primer primo",
            "two ii b zwei deux dos due dois второй second zweite deuxième segundo secondo",
            "three iii c drei trois tres tre três третий third dritte troisième tercer terzo",
            "four iv d vier quatre cuatro quattro quatro четвертый fourth vierte quatrième cuarto quarto",
            "five v fünf cinq cinco cinque fifth fünfte",
            "six vi sechs seis sei sixth sechste",
        ),
        1,
    )
    for word in words.split()
}
_SPELLED_NUMBER = "|".join(sorted(_SPELLED, key=len, reverse=True))
_OF = r"(?:of|von|van|de|di|du|sur|av|z|из|/)"
_OUT_OF = rf"\s*\(?{_OF}\s*(?:\d{{1,2}}|{_SPELLED_NUMBER})\)?"
# A name without any of these tells no disc that stands without a sign: the quick answer for most.
_TELLS = ("cd", "dvd", "dis", "диск")
# What a disc is numbered as runs on ("CD2"), a word for it stands apart ("Disc Two"): "discs" and "cdi" are no discs.
_NUMBERED = rf"(?:(?P<digits>\d{{1,2}})\.?|(?<=[\s#.:-])(?P<spelled>{_SPELLED_NUMBER}))(?:{_OUT_OF})?(?![^\W_])"
_AS_NUMBERED = rf"(?:\s*(?:no|nr|n°|number|#)\.?)?[\s.:-]*{_NUMBERED}"
_DISC = rf"{_WORDS}{_AS_NUMBERED}"
_ORDINAL = rf"(?P<ordinal>\d{{1,2}})(?:st|nd|rd|th|ère|er|ème|[.ªº])\s*{_WORDS}|(?P<which>{_SPELLED_NUMBER})\s+{_WORDS}"
_PLACE = rf"(?P<place>\d{{1,2}})\s*{_OF}\s*(?P<all>\d{{1,2}})"
_TITLE = r"(?:\s*[-–—:,]+\s*\S.*|\s+[(\[]\S.*)"

_SEGMENT = re.compile(
    rf"(?:{_DISC}|(?:lp|d)[\s.:-]*(?P<lp>\d)){_TITLE}?|{_ORDINAL}|{_PLACE}",
    re.I,
)
_BEHIND = re.compile(rf"(?P<name>.*?\S)[\s,;]+{_PLAIN_WORDS}{_AS_NUMBERED}(?:\s*[-–—:]+\s*.*)?", re.I)
_BEFORE = re.compile(
    rf"(?:[(\[]\s*{_DISC}\s*[)\]]\s*[-–—:]*|{_DISC.replace('?P<', '?P<b_')}\s*[-–—:]+)\s*(?P<name>\S.*)", re.I
)


@lru_cache(maxsize=1024)
def disc_of(segment: str) -> int | None:
    """The disc that a bracket, or what stands behind a dash, tells, with its title or without; None where none."""
    found = _SEGMENT.fullmatch(segment)
    if not found or (found["place"] and int(found["place"]) > int(found["all"])):
        return None
    return _number(found)


def disc_behind(name: str) -> tuple[str, int] | None:
    """An album's name and the disc that stands behind it without a sign: "The Wall CD 2"."""
    lowered = name.lower()
    found = _BEHIND.fullmatch(name) if any(word in lowered for word in _TELLS) else None
    return (found["name"], _number(found)) if found else None


def disc_before(name: str) -> tuple[str, int] | None:
    """An album's name and the disc before it: "CD1 - The Wall", "[Disc 2] The Wall"."""
    found = _BEFORE.fullmatch(name)
    return (found["name"], _number(found)) if found else None


def _number(found: re.Match[str]) -> int:
    told = next(text for kind, text in found.groupdict().items() if text and kind not in ("name", "all")).lower()
    return _SPELLED.get(told) or int(told)
