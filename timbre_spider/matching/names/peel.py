"""Peeling a name: variants and guests come off it, from brackets of any kind, after dashes, and from its end."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from timbre_spider.matching.names.classify import classify, is_year
from timbre_spider.matching.names.variants import Mark, Variant
from timbre_spider.matching.writing.text import is_plain, visible, vocabulary

_OPEN = "([{<（【「『〈《〔［｛＜"
_CLOSE = ")]}>）】」』〉》〕］｝＞"
_BRACKETS = re.compile(f"[{re.escape(_OPEN + _CLOSE)}]")
# "Song (Live)", as most are that have a bracket: one, and nothing behind it.
_NO_BRACKETS = f"[^{re.escape(_OPEN + _CLOSE)}]"
_ONE_BRACKET = re.compile(f"({_NO_BRACKETS}+)[{re.escape(_OPEN)}]({_NO_BRACKETS}*)[{re.escape(_CLOSE)}]")
_DASHES = "-–—−－~〜"
_DASH = re.compile(rf"\s[{_DASHES}|]++\s?|(?<![{_DASHES}\s])[{_DASHES}]++\s")
_DASH_OR_BAR = re.compile(f"[{_DASHES}|]")
_GUESTS = re.compile(r"(?:feat|ft|featuring|f/)(?:\.|:|\b)\s*(?!of\b)(\S.*)", re.I | re.S)
# "Six ft under", "5 ft 2" measure; "feat of" is a deed.
_GUESTS_INLINE = re.compile(
    r"\s(?:feat\.?|featuring|ft\.|(?<!\d\s)(?<!\bsix\s)(?<!\bten\s)ft)\s"
    r"(?!(?:of|under|deep|tall|down|high)\b)(?=\S)",
    re.I,
)
_GUESTS_OF_ARTIST = re.compile(r"\s(?:feat\.?|featuring|ft\.?)\s(?=\S)", re.I)
# Written small before a name written large, it is company: "(with Selena Gomez)"; "(With Teeth)" may be a title.
# German writes every noun large: "(mit Liebe)" is none, "(mit Xavier Naidoo)" is.
_COMPANY = re.compile(
    r"(?:(?:with|w/|con|avec|com|duet with|duo con|Duet with|Duo con)\s+(?=[^\W_])"
    r"|mit\s+(?=[^\W\d_]\S*(?:\s+(?:&\s+)?[^\Wa-zäöüß\d_]\S*)+$))(\S.*)",
    re.S,
)
# What follows "with" in a title's own words: "(With Me)", "(with the Lights Out)".
_NO_COMPANY = vocabulary(
    "me you us him her them it my your our his a an the no love out somebody someone everybody nobody everyone lyrics"
    " this that these those or all any strings orchestra intro strangers friends wolves god jesus"
    " te ti tu mi mig dir uns moi toi lui elle nous vous sin il el la le les los las un una"
)
_MAYBE_COMPANY = re.compile(r"(.+?)\s*[(\[](?:with|w/|con|avec|mit|com)\s+([^()\[\]]+)[)\]]", re.I)
_CROSS = re.compile(r"\s[x×]\s", re.I)
_ENSEMBLE = re.compile(r"\b(?:orchestra|philharmonic|choir|symphony|quartet|band|ensemble|trio)\b", re.I)
_NAMES = re.compile(
    r"\s?(?:,|;|/|\s&\s|\s\+\s|\sand\s|\sy\s|\se\s|\set\s|\sund\s|\swith\s|\sw/\s?|\scon\s|\smit\s|\scom\s|\savec\s)\s?",
    re.I,
)
# Two acts that play together, or one name: "Sleep with Sirens".
_BESIDE = re.compile(r"\s(?:with|con|mit|com|avec)\s+(?=\S)|\sw/\s?(?=\S)", re.I)
# Variants so plain that no bracket or dash is needed.
_BARE_TAIL = re.compile(
    r"\s((?:official (?:music |lyrics? |hd )?(?:video|audio|clip|visuali[sz]er)(?: hd| hq| 4k)?)"
    r"|(?:(?:19|20)\d\d )?(?:digital(?:ly)? )?remaster(?:ed)?(?: version)?(?: (?:19|20)\d\d)?|radio edit|original mix"
    r"|m/v|extended mix|(?:acoustic|live|album|single|radio|instrumental|karaoke|demo|extended|mono) version"
    r"|\*+[^*]{2,60}\*+)$",
    re.I,
)
_LAST_OF_TAILS = vocabulary("video audio clip visualizer visualiser hd hq 4k remaster remastered edit mix version")
# What a file's name ends with.
_FILE = re.compile(r"(?<=[^\W_])(?:\.(?:mp3|flac|wav|m4a|ogg|opus|wma|aac|mp4|avi|mkv|webm))+$", re.I)
# What YouTube adds to the name of an artist's own channel.
_TOPIC = re.compile(r"\s-\sTopic$", re.I)
WORDS_TO_PEEL = vocabulary("feat ft featuring remaster remastered version edit mix official vs")
_WORD_TO_PEEL = re.compile("|".join(sorted(WORDS_TO_PEEL)))
_SIGN_TO_PEEL = re.compile(f"[{re.escape(_OPEN + _CLOSE)}{_DASHES[1:]};*]")
_ENDS_TO_PEEL = (", the", "m/v")
_LAYERS = 6
_DIGITS_OF_A_YEAR = 4


@dataclass(slots=True)
class Peeled:
    """A name without its variants and guests, and what came off. Spelling is kept."""

    name: str
    company: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def guests(self) -> list[str]:
        """The guests, each by itself: `company` has them as lists that the name wrote."""
        return [guest for names in self.company for guest in split_names(names)]


def peel(name: str, *, is_artist: bool = False) -> Peeled:
    """Peel `name`. What stands at its beginning stays, so something always does. Linear in its length."""
    peeled = Peeled(visible(name))
    if is_artist:
        peeled.name = _TOPIC.sub("", peeled.name)
    for _ in range(_LAYERS):
        before = peeled.name
        if not has_to_peel(before):
            break
        _peel_brackets(peeled)
        _peel_dashes(peeled)
        _peel_guests(peeled, _GUESTS_OF_ARTIST if is_artist else _GUESTS_INLINE)
        if not is_artist:
            peeled.name = _FILE.sub("", peeled.name)
            _peel_tail(peeled)
        if peeled.name == before:
            break
    return peeled


def has_to_peel(name: str) -> bool:
    """Whether anything may come off a name: most have nothing that could. Artists' inverted articles count, too."""
    lowered = name.lower().rstrip()
    if is_plain(name):
        return not WORDS_TO_PEEL.isdisjoint(lowered.split())
    return bool(
        _SIGN_TO_PEEL.search(lowered)
        or " -" in lowered
        or "- " in lowered
        or " |" in lowered
        or lowered.endswith(_ENDS_TO_PEEL)
        or "." in lowered[-5:-3]
        or _WORD_TO_PEEL.search(lowered)
    )


def begins_with_guests(text: str) -> bool:
    """Whether a segment would be taken for the names of guests: "feat. Ann"."""
    return _GUESTS.match(text) is not None


def leaves_open(name: str) -> bool:
    """Whether a bracket of a name is never closed: what is put behind it is read as within."""
    depth = 0
    for bracket in _BRACKETS.finditer(name):
        depth = depth + 1 if bracket[0] in _OPEN else max(0, depth - 1)
    return depth > 0


def dashes(name: str) -> tuple[re.Match[str], ...]:
    """Where dashes part a name, in their order."""
    return _dashes(name) if _DASH_OR_BAR.search(name) else ()


# A title is looked at twice: for its artist's name, then for what is peeled.
@lru_cache(maxsize=16)
def _dashes(name: str) -> tuple[re.Match[str], ...]:
    return tuple(_DASH.finditer(name))


def split_names(names: str) -> list[str]:
    """The artists of a list such as "A, B & C"."""
    return [part for part in (piece.strip(" ()[]") for piece in _NAMES.split(names)) if part]


def joined_first(names: str, is_act: Callable[[str], bool]) -> Iterator[str]:
    """The acts a list may begin with: "Earth", "Earth, Wind", "Earth, Wind & Fire" of "Earth, Wind & Fire, Emotions".

    An "x" joins only acts that are some by themselves, which `is_act` tells: "SPY x FAMILY" is one.
    """
    yield from (names[: cut.start()] for cut in _NAMES.finditer(names) if cut.start())
    parts = _CROSS.split(names)
    if len(set(map(str.casefold, parts))) > 1 and all(is_act(part) for part in parts):
        yield parts[0]


def beside(names: str) -> list[str]:
    """The acts that a word for "with" parts in an artist field, "Ann" and "Bob & Cy" of "Ann with Bob & Cy"; none where
    there is no such word."""
    parts = _BESIDE.split(names) if " " in names else []
    return parts if len(parts) > 1 else []


def others(company: str) -> list[str]:
    """The acts of what an artist field has behind its first: "B", "C" of ", B x C"."""
    return split_names(_CROSS.sub(" & ", company))


def is_one_act(names: str) -> bool:
    """Whether a list of artists is rather the name of one act: "Earth, Wind & Fire", "Tyler, The Creator"."""
    parts = split_names(names)
    return len(parts) > 1 and all(" " not in part.lower().removeprefix("the ") for part in parts)


def company_of(title: str) -> tuple[str, list[str]]:
    """A plain title without a last bracket that begins with "with", and whom it may name; no one where it has none."""
    found = _MAYBE_COMPANY.fullmatch(title)
    return (found[1], split_names(found[2])) if found else (title, [])


def _peel_brackets(peeled: Peeled) -> None:
    name = peeled.name
    if not _BRACKETS.search(name):
        return
    if one := _ONE_BRACKET.fullmatch(name):
        if _take(one[2], peeled, True):
            peeled.name = one[1].rstrip()
        return
    spans: list[tuple[int, int]] = []
    depth = start = 0
    for bracket in _BRACKETS.finditer(name):
        if bracket[0] in _OPEN:
            start = start if depth else bracket.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                spans.append((start, bracket.end()))
    if depth:
        spans.append((start, len(name)))
    taken = [
        (start, end) for start, end in spans if start and _take(name[start + 1 : end].rstrip(_CLOSE), peeled, True)
    ]
    if taken:
        edges = [0, *(edge for span in taken for edge in span), len(name)]
        kept = (name[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2))
        peeled.name = " ".join(" ".join(kept).split())


def _peel_dashes(peeled: Peeled) -> None:
    name = peeled.name
    cuts = dashes(name)
    if not cuts:
        return
    end = len(name)
    for cut in reversed(cuts):
        tail = name[cut.end() : end]
        # "Song - 2011 - Remaster": a year counts once it stands before a variant.
        if not cut.start() or not (_take(tail, peeled, False) or (end < len(name) and is_year(tail))):
            break
        end = cut.start()
    peeled.name = name[:end].rstrip()


def _peel_guests(peeled: Peeled, word: re.Pattern[str]) -> None:
    lowered = peeled.name.lower()
    found = word.search(peeled.name) if "feat" in lowered or "ft" in lowered else None
    if found and (head := peeled.name[: found.start()].rstrip(f" ,{_DASHES}")):
        peeled.company.append(peeled.name[found.end() :])
        peeled.name = head


def _peel_tail(peeled: Peeled) -> None:
    last = peeled.name.rpartition(" ")[2].lower()
    if is_plain(last) and not last.isdigit() and last not in _LAST_OF_TAILS:
        return
    tail = _BARE_TAIL.search(peeled.name)
    if tail and (found := classify(tail[1].strip("*"))):
        peeled.name = peeled.name[: tail.start()]
        peeled.marks += found


def _take(segment: str, peeled: Peeled, bracketed: bool) -> bool:
    """Whether a segment is a variant or names guests; what it says is noted."""
    segment = segment.strip()
    if found := _GUESTS.match(segment):
        names, _, tail = found[1].partition(" - ")
        peeled.company.append(names)
        peeled.marks += (classify(tail) or ()) if tail else ()
        return True
    if (variants := classify(segment)) is not None:
        peeled.marks += variants
        return True
    if bracketed and is_year(segment) and len(segment) == _DIGITS_OF_A_YEAR:
        peeled.marks.append(Mark(Variant.EDITION, segment))
        return True
    if bracketed and (company := _COMPANY.match(segment)):
        first = company[1].split(maxsplit=1)[0]
        named = not first[0].islower() and (first == "The" or first.lower() not in _NO_COMPANY)
        if named or _ENSEMBLE.search(company[1]):
            peeled.company.append(company[1])
            return True
    return False
