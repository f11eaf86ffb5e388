"""The variants of a recording and the words that tell them, in the languages they are usually written in."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from timbre_spider.matching.text import fold, squash


class Variant(StrEnum):
    """How a recording differs from the plain song."""

    REMASTER = "remaster"
    LIVE = "live"
    ACOUSTIC = "acoustic"
    EDITION = "edition"
    MONO = "mono"
    RADIO_EDIT = "radio_edit"
    EXTENDED = "extended"
    DEMO = "demo"
    REMIX = "remix"
    INSTRUMENTAL = "instrumental"
    ACAPPELLA = "acappella"
    KARAOKE = "karaoke"
    COVER = "cover"
    SPED_UP = "sped_up"
    SLOWED = "slowed"
    RERECORDED = "rerecorded"
    VERSION = "version"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A variant found in a name; `detail` is folded: the year, the place, by whom, which version."""

    kind: Variant
    detail: str = ""


def _vocabulary(table: dict[Variant, str]) -> dict[str, Variant]:
    return {phrase.strip(): kind for kind, phrases in table.items() for phrase in phrases.split("|")}


# A piece is a variant when these phrases, fillers and years use up all its words. Folded spelling.
_PHRASES = _vocabulary(
    {
        Variant.REMASTER: "remaster|remastered|remastering|remasters|digital remaster|digitally remastered"
        "|remasterizado|remasterizada|remasterisado|remasterise|remasterisee|remasterizzato|remasterizzata"
        "|rimasterizzato|rimasterizzata|remasteriserad|remasterizacion|remasterizacao|remastert|restored"
        "|リマスター|リマスタリング|ремастер|ремастеринг|리마스터|重制版",
        Variant.LIVE: "live|en vivo|ao vivo|en directo|en direct|dal vivo|in concert|en concert|en concierto|in concerto"
        "|recorded live|live recording|live session|live sessions|live lounge|live room|live in studio|unplugged live"
        "|na zywo|canli|livena|elava|ライブ|ライヴ|라이브|现场|現場|концерт|живой звук|live take|live in session"
        "|grabado en vivo|gravado ao vivo|enregistre en public|en public",
        Variant.ACOUSTIC: "acoustic|unplugged|acustico|acustica|acoustique|akustik|akustisch|akustisk|akoestisch|stripped"
        "|stripped down|アコースティック|어쿠스틱|акустика",
        Variant.EDITION: "deluxe|super deluxe|expanded|explicit|clean|uncensored|censored|edited|bonus|bonus track|bonustrack"
        "|bonus tracks|album version|album edit|album mix|album cut|albumversion|lp version|ep version|full version"
        "|original mix|original version|original|originalversion|original edit|original recording|official video"
        "|official|official audio|official music video|music video|lyric video|lyrics video|official lyric video"
        "|with lyrics|lyrics|audio|visualizer|hidden track|hidden|anniversary|collectors|collector|special edition"
        "|limited edition|edition|edicion|edicao|edizione|ausgabe|main|standard|b side|bside|a side|single|explicite"
        "|version originale|version original|versao original|versione originale|version album|soundtrack version"
        "|explicit content|remastered edition|hd|hq|deluxe version",
        Variant.MONO: "mono|stereo|mono mix|stereo mix|mono single mix|mono single|stereo single",
        Variant.RADIO_EDIT: "radio edit|radio mix|radio version|radio cut|radio|radioedit|radioversion|radio single|radio remix"
        "|single edit|single version|single mix|singleversion|video edit|video version|video mix|edit|airplay edit"
        "|airplay mix|short edit|short version|short mix|7 version|7 mix|7 edit|7 inch|7 inch version|7 single version"
        "|7 single|7 inch edit|7 inch mix|7 single edit|edit radio|edicion radio|edicion de radio|version radio"
        "|versao radio|radio fassung|ラジオエディット|edit version|clean edit|clean radio|kurzfassung",
        Variant.EXTENDED: "extended|12|12 inch|long|club extended|maxi|maxi single|lange fassung|version longue"
        "|version larga|full length",
        Variant.DEMO: "demo|demos|maqueta|maquette|demo tape|rough mix|outtake|outtakes|alternate take|alternate|alternative"
        "|alternate mix|alternative take|early take|early|first take|rehearsal|work in progress|unreleased|デモ|демо",
        Variant.REMIX: "remix|rmx|remixed|remixes|club mix|dance mix|club|dub|dub mix|mashup|mash up|リミックス|ремикс|리믹스|remezcla",
        Variant.INSTRUMENTAL: "instrumental|instrumentale|instrumentals|instrumentalversion|off vocal|backing track|without vocals"
        "|インストゥルメンタル|инструментал|instrumentaal|piano instrumental",
        Variant.ACAPPELLA: "acapella|a cappella|acappella|acapela|a capella|vocals only",
        Variant.KARAOKE: "karaoke|カラオケ|караоке|playback",
        Variant.COVER: "cover|covers|tribute|cover song|кавер|カバー",
        Variant.SPED_UP: "sped up|speed up|spedup|speedup|nightcore|faster|fast",
        Variant.SLOWED: "slowed|slowed down|slowed and reverb|slowed reverb|slow|chopped and screwed|screwed|daycore|slower",
        Variant.RERECORDED: "rerecorded|re recorded|rerecording|re recording|newly recorded|taylors|neuaufnahme|regrabado",
    }
)
_LONGEST = max(phrase.count(" ") + 1 for phrase in _PHRASES)
_FILLERS = frozenset(
    [
        "version",
        "versions",
        "ver",
        "versao",
        "versione",
        "versja",
        "fassung",
        "wersja",
        "variant",
        "rendition",
        "take",
        "the",
        "a",
        "an",
        "in",
        "on",
        "de",
        "en",
        "la",
        "le",
        "new",
        "and",
        "reverb",
        "audio",
        "track",
        "tracks",
        "video",
        "recording",
        "remastered",
        "edition",
        "cd",
        "dvd",
        "bonus",
        "full",
        "digital",
        "バージョン",
        "버전",
        "版",
        "ver",
    ]
)
# These alone say nothing of a variant: "(12)", "(Main)", "(Early)" may be the title's.
_WEAK = frozenset(
    [
        "12",
        "long",
        "main",
        "standard",
        "hidden",
        "early",
        "alternative",
        "fast",
        "faster",
        "slow",
        "slower",
        "club",
        "dub",
        "hd",
        "hq",
        "single",
        "restored",
        "lyrics",
        "edited",
        "audio",
        "bonus",
        "collector",
        "collectors",
        "anniversary",
        "alternate",
        "clean",
        "tribute",
    ]
)
_VERSION_WORDS = frozenset(
    [
        "version",
        "versions",
        "ver",
        "versao",
        "versione",
        "versja",
        "fassung",
        "wersja",
        "バージョン",
        "버전",
        "edition",
        "mix",
        "inch",
        "take",
    ]
)
_BY_WHOM = frozenset(
    [
        "remix",
        "rmx",
        "mix",
        "rework",
        "reworked",
        "edit",
        "dub",
        "bootleg",
        "flip",
        "refix",
        "vip",
        "remode",
        "recut",
        "mashup",
        "megamix",
        "remixed",
    ]
)
_OF_WHICH = frozenset(["version", "ver", "versao", "versione", "fassung", "cover"])
_YEAR = re.compile(r"(?:19|20)\d\d|2k\d\d|\d{1,3}(?:st|nd|rd|th)|\d\dth")
_LIVE_PLACE = re.compile(
    r"(?:(?:\S+ ){0,2}?)(?:recorded )?(?:live|unplugged|en vivo|ao vivo|en directo|en direct|dal vivo|in concert|en concert"
    r"|en concierto|acoustic live|acoustic|na zywo) (?:version )?"
    r"(?:at|in|from|on|for|with|a|au|aux|aus|im|bei|auf|en|no|na|em|desde|da|dal|alla|al|del|pa|fran|i|w|v|von|across|@)\b ?(.*)"
)
_FROM = re.compile(
    r"(?:music |song |songs |theme |love theme |main theme |taken |as heard |featured |as featured |as seen )?(?:from|in|on) (.+)"
)
_FROM_WHAT = re.compile(
    r"\b(?:soundtrack|motion picture|original cast|cast recording|film|movie|series|musical|ost|album|score|season"
    r"|broadway|netflix|disney|game)\b"
)
_BY = re.compile(
    r"(remix|remixed|cover|covered|mixed|reworked|edit|originally|originally performed|made famous|as made famous"
    r"|in the style|tribute|karaoke|karaoke version) (?:by|of|to) (.+)"
)
_PIECES = re.compile(r"\s*[/;|()\[\]{}<>【】「」『』〈〉《》〔〕]+\s*|\s+[-–—~]+\s+|,\s+")
_HARD_PIECES = re.compile(r"\s*[/;|()\[\]{}<>【】「」『』〈〉《》〔〕]+\s*|\s+[-–—~]+\s+")
_LONGEST_SEGMENT = 200


@lru_cache(maxsize=16_384)
def classify(segment: str) -> tuple[Mark, ...] | None:
    """The variants a segment of a name (what a bracket holds, what follows a dash) tells; None: it is no variant."""
    if len(segment) > _LONGEST_SEGMENT:
        return None
    for cut in (_HARD_PIECES, _PIECES):
        marks = _classify_pieces([piece for piece in cut.split(segment) if piece], segment)
        if marks:
            return marks
    return tuple(_by_vocabulary(fold(segment).split()) or ()) or None


def _classify_pieces(pieces: list[str], segment: str) -> tuple[Mark, ...] | None:
    marks: list[Mark] = []
    for piece in pieces:
        words = fold(piece).split()
        if marks and words and all(_YEAR.fullmatch(word) or word.isdigit() for word in words):
            marks[-1] = Mark(marks[-1].kind, marks[-1].detail or words[-1])
            continue
        found = _piece(words, '"' in piece or "“" in piece)
        if found is None:
            return None
        marks += found
    return tuple(dict.fromkeys(marks))


def _piece(words: list[str], quoted: bool) -> list[Mark] | None:
    if not words:
        return None
    text = " ".join(words)
    if live := _LIVE_PLACE.fullmatch(text):
        lead = words[: words.index(next(w for w in words if w in _LIVE_STARTS))]
        if all(_YEAR.fullmatch(word) or word in _FILLERS or word in _PHRASES or word in _STAGES for word in lead):
            kinds = [Mark(Variant.LIVE, live[1])]
            return [*kinds, Mark(Variant.ACOUSTIC)] if {"acoustic", "unplugged"} & set(words) else kinds
    if by := _BY.fullmatch(text):
        return [Mark(_BY_KINDS.get(by[1].split()[0], Variant.COVER), squash(by[2]))]
    if (source := _FROM.fullmatch(text)) and (quoted or _FROM_WHAT.search(source[1])):
        return [Mark(Variant.EDITION, text)]
    return _by_vocabulary(words)


_STAGES = frozenset(["mtv", "bbc", "radio", "1", "vh1", "kexp", "npr", "triple", "j", "spotify", "itunes"])
_LIVE_STARTS = frozenset(["live", "unplugged", "en", "ao", "dal", "in", "acoustic", "na", "recorded"])
_BY_KINDS = {
    "remix": Variant.REMIX, "remixed": Variant.REMIX, "mixed": Variant.REMIX, "reworked": Variant.REMIX,
    "edit": Variant.REMIX, "karaoke": Variant.KARAOKE, "in": Variant.KARAOKE,
}  # fmt: skip


def _by_vocabulary(words: list[str]) -> list[Mark] | None:
    """Use up the words with known phrases, longest first; what is left must be years, fillers, or a name before "remix"."""
    if not words:
        return None
    kinds: list[Variant] = []
    years: list[str] = []
    rest: list[str] = []
    strong = False
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in _PHRASES:
                kinds.append(_PHRASES[phrase])
                strong = strong or phrase not in _WEAK
                at += length
                break
        else:
            word = words[at]
            if _YEAR.fullmatch(word):
                years.append(word)
            elif word not in _FILLERS:
                rest.append(word)
            at += 1
    year = years[-1] if years else ""
    last = words[-1]
    if {Variant.LIVE, Variant.ACOUSTIC} & set(kinds) or last in ("session", "sessions"):
        kinds = kinds or [Variant.LIVE]
        strong = True
        rest = [word for word in rest if word not in _STAGES] if last not in ("session", "sessions") else []
    name = [word for word in rest if word not in _BY_WHOM]
    if not name and kinds and (strong or len(kinds) > 1 or _VERSION_WORDS & set(words)):
        return [Mark(kind, year) for kind in dict.fromkeys(kinds)]
    if not name and year and last == "mix":
        return [Mark(Variant.REMASTER, year)]
    if not 0 < len(name) + len(years) <= 6:
        return None
    detail = squash(" ".join([*name, *years]))
    if last in _BY_WHOM:
        return [
            Mark(Variant.REMIX, detail),
            *(Mark(kind) for kind in dict.fromkeys(kinds) if kind != Variant.REMIX),
        ]
    if last in _OF_WHICH:
        kind = Variant.COVER if last == "cover" else Variant.VERSION
        return [Mark(kind, detail), *(Mark(other) for other in dict.fromkeys(kinds) if other != kind)]
    return None
