"""What behind an album's name tells by whom, for whom, on what and as which file it was made, and no other album."""

import re
from functools import lru_cache
from itertools import takewhile

from timbre_spider.matching.names.classify import is_year
from timbre_spider.matching.writing.text import fold, vocabulary

# "CDP 7 46001 2", "WPCR-12345", "SHVL 804", "WARPCD92", "CAD 905 CD": capitals, then digits.
_CATALOGUE = re.compile(
    # A composer's catalogue tells the work: "BWV 825", "K. 331".
    r"(?!(?:BWV|KV?|RV|HWV|TWV|SWV|WWV|ZWV|WAB|BB|D|S|L|M|G|H|P|B|Z|WQ|HOB|OP)[\s.]*\d{1,4}[a-z]?$)"
    r"(?=(?:\D*\d){3}|[A-Z]{2,}(?:CD|LP|EP|\d))[A-Z]{1,7}[A-Z\d]*(?:[\s./-]*[A-Z]{0,3}\d[\dA-Z]*)+"
    r"(?:[\s/-]?(?:CD|LP|EP|X|R))?"
)
# "DIS 36", but neither "TOP 40" nor "XII 12".
_SHORT_CATALOGUE = re.compile(r"(?!VOL|TOP|MIX|NOW|ACT|DVD|WAB|HOB|[IVXLC]{3}|.WV)[A-Z]{3}[\s-]\d\d")
# Behind its label's name: "One Little Indian TPLP71CD".
_LABELLED = re.compile(r"(?!Live|Remix|Demo)(?:[A-Z\d][\w.&'’]*[\s,:-]+){1,4}[A-Z]{2,}-?\d{2,}[A-Z\d]*")
# Of digits alone it has many: "7243 8 55229 2 5", not the years "1967-1970".
_BARCODE = re.compile(r"(?!(?:19|20)\d\d\s*-\s*(?:19|20)\d\d)(?=(?:\D*\d){8})[\d\s.-]+")
_OF_DIGITS = re.compile(r"(?=(?:\D*\d){5})[\d\s.-]+")
_DATE = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d")
_DATED = re.compile(
    r"(?:rec(?:orded)?|rel(?:eased)?|orig(?:inally)?|pub(?:lished)?|[©℗])[\s.:]*(?:in\s+)?(?:19|20)\d\d", re.I
)
_SHORT_YEAR = re.compile(r"['’‘`´]\d\d")
_BIT_RATE = re.compile(r"(?:[a-z]\w{2,3}[\s@-]+)?\d{2,4}\s?k(?:bps|bits?|bit/s|b/s)?", re.I)
# "2CD", "3 x LP", "CD+DVD", "2-Disc Set", "180g vinyl", "7\" single".
_MEDIUM = (
    r"(?:blu-?spec cd2?|cd(?:-?rom|-?r)?|lp|dvd|sacd|super audio cd|vinyl|cassette|tape|mc|blu-?ray|minidisc|dis[ck])s?"
)
_CARRIER = re.compile(
    rf"(?:(?:\d{{1,2}}[\s-]*x?|double|triple|doppel|dbl\.?|audio|hybrid|(?:24[\s-]?k(?:arat)?[\s-]*)?gold)[\s-]*)?{_MEDIUM}"
    rf"(?:[\s-]*(?:\+|&|and|/)[\s-]*(?:\d{{1,2}}[\s-]*x?\s*)?{_MEDIUM})*"
    r"(?:[\s-]*(?:rip|set|box|edition|album|maxi|single|ep|version))*"
    rf"|(?:maxi|single)[\s-]*{_MEDIUM}"
    r"|(?:\d{3}\s?g(?:r|rams?)?|heavyweight|gatefold|colou?red)\.?\s+(?:lp|vinyl)"
    r"|(?:7|10|12)(?:\"|''|”|-?\s?inch)(?:\s\S+)?",
    re.I,
)
# Where it was sold: record clubs pressed their own.
_SOLD = re.compile(
    r"columbia house|(?:bmg|rca|columbia|record)\s+(?:music\s+|record\s+)?(?:club|direct|service)|club edition"
    r"|copy controlled|(?:(?:new|original|half[\s-]speed) master(?:ed|ing)?(?: recording)?|east west)(?: records)?",
    re.I,
)
# Which of an artist's: "정규 4집", "미니앨범", "The 4th Mini Album", "Full Album"; "Re-Release".
_ALBUM = re.compile(
    r"(?:정규|미니|스페셜|싱글)?\s*\d{0,2}\s*(?:집|앨범)"
    r"|(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)|full|complete|debut|studio)\s+(?:(?:mini|full|single|studio)\s+)?album|(?:the\s+|double\s+|triple\s+)?album"
    r"|re[\s-](?:release|issue|press)d?",
    re.I,
)
_KINDS = (_CATALOGUE, _BARCODE, _DATE, _DATED, _BIT_RATE, _CARRIER, _SOLD, _ALBUM)
# In brackets whatever holds no other words: countries, labels, files.
_MADE = vocabulary(
    "uk us usa eu jp kr europe european germany deutschland france australia australian canada canadian japan"
    " japanese italy spain brazil mexico korea russia holland netherlands sweden asia asian taiwan argentina"
    " records recordings emi polydor columbia atlantic geffen capitol parlophone decca philips rca bmg sony"
    " universal motown rhino mofi nonesuch subpop 4ad warp matador interscope elektra arista mca cbs grammophon"
    " telarc naxos teldec erato mercury ariola eastwest roadrunner earache epitaph dischord sst ryko rykodisc"
    " deram chrysalis charisma repertoire sundazed dcc stax tamla fontana pye polygram toshiba supraphon melodiya"
    " amiga balkanton hispavox hungaroton retail oop cdr fidelity warner bros legacy vertigo slash note sub def"
    " ninja nuclear mundi virgin sire verve grp ecm hyperion chandos castle harvest mute asylum sanctuary"
    " prestige riverside nimbus bluebird okeh rounder shanachie spinefarm nettwerk kranky relapse napalm candlelight"
    " laface ruffhouse rawkus barsuk jagjaguwar kompakt setanta ipecac rhymesayers astralwerks steeplechase arhoolie"
    " folkways takoma megaforce zomba dg kscope peaceville steamhammer spv hanssler ondine orfeo vivarte maverick"
    " flac mp3 320 256 v0 v2 vbr cbr kbps lossless ape"
    " m4a ogg wav digital download"
)
# Beside these, or beside a year, such words do too: "(Epic)" by itself may tell what music it is.
_BESIDE_MADE = vocabulary(
    "non gold fantasy impulse import press pressing release label music island epic domino tune xl jam reprise rough"
    " trade creation deutsche merge blue pop london harmonia blast century media studio 192 128 web rip cd eac log"
    " cue scene mobile brothers restless volcano relativity fearless vanguard milestone mosaic contemporary pablo jive"
    " harmonia opus brilliant capriccio alligator magna musea deconstruction"
)
_MAKERS = _MADE | _BESIDE_MADE


@lru_cache(maxsize=1024)
def tells_pressing(segment: str, *, bracketed: bool) -> bool:
    """Whether a segment is a catalogue number, a date or a carrier; in brackets countries, labels and files, too."""
    if is_year(segment) or any(kind.fullmatch(segment) for kind in _KINDS):
        return True
    return bracketed and (
        segment.startswith("+")
        or any(kind.fullmatch(segment) for kind in (_SHORT_CATALOGUE, _SHORT_YEAR, _LABELLED))
        or _is_labelled(segment)
        or _tells_maker(fold(segment).split())
    )


def _tells_maker(words: list[str]) -> bool:
    """Whether words name countries, labels or files and nothing else: "Japan Import", "2002, Nonesuch"."""
    names = {word for word in words if not is_year(word)}
    sure = not _MADE.isdisjoint(names) or (names and len(names) < len(set(words)))
    return bool(sure) and names <= _MAKERS


def _is_labelled(segment: str) -> bool:
    """Whether a label's name stands before its number: "4AD CAD 905 CD", "Reprise 9 45529-2"."""
    words = segment.split()
    labels = len(list(takewhile(lambda word: fold(word) in _MAKERS, words)))
    number = " ".join(words[labels:])
    return labels > 0 and (_CATALOGUE.fullmatch(number) or _OF_DIGITS.fullmatch(number)) is not None
