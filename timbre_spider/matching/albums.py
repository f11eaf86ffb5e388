"""The key of an album, under which its editions and its writings in discographies fall together."""

import re
from functools import lru_cache

from timbre_spider.matching.classify import classify, is_year
from timbre_spider.matching.normalise import DEFAULT_COLLAPSE, artist_key, rendered, title_key
from timbre_spider.matching.reading import artists_of, without_artist
from timbre_spider.matching.text import fold, is_plain, narrow, visible, vocabulary
from timbre_spider.matching.variants import Mark, Variant

_COLLAPSE = DEFAULT_COLLAPSE - {Variant.LIVE, Variant.ACOUSTIC}
_VARIOUS = vocabulary("various va variousartists")
# A name, and what stands behind it in brackets, after a dash, a colon or a comma.
_LAST = re.compile(
    r"(?P<name>.*\S)(?:\s*[(\[{](?P<bracket>[^()\[\]{}]*)[)\]}]?|\s+[-–—~:]+\s+(?P<dash>.+?)"
    r"|:\s+(?P<colon>[^()\[\]{}:]+)|,\s+(?P<comma>[^,]+))$"
)
_DISC = re.compile(
    r"(?:disc|disk|disque|cd|dvd|lp)\s*[#.]?\s*(?P<number>\d{1,2}|one|two|three|four|i{1,3}|iv)"
    r"(?:\s*(?:of|/)\s*\d{1,2})?|(?P<place>\d{1,2})\s*(?:of|/)\s*\d{1,2}"
    r"|(?P<ordinal>\d{1,2})(?:st|nd|rd|th) (?:disc|disk|cd)",
    re.I,
)
_DISC_BEHIND = re.compile(rf"(.*\S)[\s,]+(?:{_DISC.pattern})(?:\s*[-:]\s*.*)?", re.I)
_DISC_WITH_TITLE = re.compile(rf"(?:{_DISC.pattern})\s*[-:,]\s*\S.*", re.I)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
# "CDP 7 46001 2", "WPCR-12345", "SHVL 804", "WARPCD92": capitals, then digits.
_CATALOGUE = re.compile(
    # A composer's catalogue tells the work: "BWV 825", "K. 331".
    r"(?!(?:BWV|KV?|RV|HWV|TWV|SWV|WWV|ZWV|WAB|BB|D|S|L|M|G|H|P|B|Z|WQ)[\s.]*\d{1,4}[a-z]?$)"
    r"(?=(?:\D*\d){3}|[A-Z]{2,}(?:CD|LP|EP|\d))[A-Z]{1,7}[A-Z\d]*(?:[\s./-]*[A-Z]{0,3}\d[\dA-Z]*)+"
)
# Of digits alone it has many: "7243 8 55229 2 5".
_BARCODE = re.compile(r"(?=(?:\D*\d){8})[\d\s.-]+")
# What it is pressed on, and how many: "2CD", "3 x LP", "180g vinyl", "7\" single".
_CARRIER = re.compile(
    r"(?:\d{1,2}[\s-]*x?\s*)?(?:cd|lp|dvd|sacd|super audio cd|vinyl|cassette|tape|mc|blu-?ray)s?"
    r"(?:[\s-]*(?:rip|set|box|edition|album))*"
    r"|(?:\d{3}\s?g(?:r|rams?)?|heavyweight|gatefold|colou?red)\.?\s+(?:lp|vinyl)"
    r"|(?:7|10|12)(?:\"|''|”|-?\s?inch)(?:\s\S+)?",
    re.I,
)
# A segment of only these words, with one of the first kind, names an edition.
_EDITIONS = vocabulary(
    "edition ed reissue reissued rerelease remaster remastered expanded deluxe limited special collectors"
    " collector anniversary bonus box boxset boxed single ep lp maxi cds promo promotional import digipak digipack"
    " vinyl soundtrack ost hdcd sacd mfsl explicit clean edited version mono stereo score japan japanese advance"
    " exclusive flac alac mp3 aac kbps res 24bit 16bit fanbox 24k enhanced advisory cdm cdr cdep mcd audiophile"
    " dsd dts shm quadraphonic surround longbox slipcase sleeve hardcover numbered jewel auflage neuauflage limitierte"
    " limitiert erweiterte jubilaum limitee speciale reedition limitada reedicion aniversario luxo especial"
    " limitata ristampa heruitgave reedycja nyutgava делюкс переиздание юбилейное подарочное"
)
_BESIDE_EDITIONS = vocabulary(
    "the a of and with for from by in set re issue release disc discs disk disks cd dvd track tracks super legacy"
    " original motion picture music film movie album uk us usa eu german european australian international digital"
    " bit 24 20 16 extra new 2cd 3cd only plus digitally hi res khz 96khz 192khz 48khz 44 1khz itunes amazon target"
    " walmart hmv store tenth twentieth thirtieth fortieth fiftieth tour"
    " year years audio parental warning recording recordings broadcast complete definitive platinum gold picture mini"
    " paper card cardboard case spec hq 30 25 40 50 10 5 320 v0 web rip de la le les del für und et y e en"
)
# The word for "edition" at an end of a bracket: Germanic ones are run together with what stands before them.
_EDITION_ENDS = ("edition", "ausgabe", "utgave", "utgava", "uitgave", "versie", "edycja", "издание", "盘", "限定版")
_EDITION_WORDS = vocabulary(
    fold(
        "edicion edicao edizione edition издание версия 豪华版 特别版 纪念版 典藏版 精装版 珍藏版 完全版 通常版 初回版"
        " デラックス デラックスエディション デラックス盤 디럭스 스페셜 한정판"
    )
)
# Whom a pressing was made for.
_COUNTRIES = vocabulary("uk us usa eu europe european german germany australia australian canada japan import")
_EDITION_BEHIND = re.compile(
    r"(.*?\S)\s+(?:ep|e\.p\.|o\.?s\.?t\.?|box ?set|(?:original )?(?:motion picture |movie )?soundtrack"
    r"|(?:(?:super |\d\d?(?:st|nd|rd|th) )?(?:deluxe|special|limited|expanded|anniversary|collector'?s)) edition)\.?",
    re.I,
)
# Of a name of letters, digits and spaces alone, what may say that something stands behind it: the short way for most.
_MAY_END = re.compile(r"\d|dis[ckq]|cd|dvd|lp|(?:ep|ost|set|track|edition)\s*$", re.I)
# Files' folders begin with the year: "1997 - OK Computer", "[1997] OK Computer".
_YEAR_BEFORE = re.compile(r"(?:(?:19|20)\d\d\s+[-–—]\s+|[(\[](?:19|20)\d\d[)\]]\s*)(?P<name>\S.*)")
# How an album of no other name than its artist's is written.
_SELF_TITLED = re.compile(r"s\s?/\s?t\.?", re.I)
# What stands behind the comma of "The Band, The", "Tyler, The Creator", "Crosby, Stills & Nash".
_NO_FIRST_NAME = re.compile(r"^the\b|,|&|\band\b", re.I)
_LAYERS = 6


# An artist's albums are told of again with each of the artist's songs.
@lru_cache(maxsize=4096)
def album_key(artist: str, album: str) -> str:
    """The key of an album: its editions (deluxe, remastered, anniversary …) share it; a live album is its own.

    Catalogue numbers and the artist's name repeated are left out, and so is "disc 1"; a second disc is its own.
    """
    if is_plain(album) and not _MAY_END.search(album):
        return f"{_artist(artist)}|{title_key(album)}"
    name = _name(artist, visible(narrow(album)))
    marks: list[Mark] = []
    disc = 1
    for _ in range(_LAYERS):
        before = name
        if behind := _DISC_BEHIND.fullmatch(name):
            name, disc = behind[1], _number(behind)
        elif behind := _EDITION_BEHIND.fullmatch(name):
            name = behind[1]
        elif last := _LAST.fullmatch(name):
            segment = next(
                part for part in (last["bracket"], last["dash"], last["colon"], last["comma"]) if part is not None
            ).strip()
            bracketed = last["bracket"] is not None
            if number := _DISC.fullmatch(segment) or _DISC_WITH_TITLE.fullmatch(segment):
                name, disc = last["name"], _number(number)
            elif (_says_nothing(segment) and not _is_span(last)) or _names_edition(segment, bracketed=bracketed):
                name = last["name"]
            elif last["comma"] is None and (found := classify(segment)):
                name, marks = last["name"], [*marks, *found]
        name = name.rstrip(" ,-–—:")
        if name == before:
            break
    told = f" (disc {disc})" if disc > 1 else ""
    return f"{_artist(artist)}|{title_key(name)}{rendered(marks, _COLLAPSE)}{told}"


def artist_part(artist: str) -> str:
    """The artist's part of an album's key: what stands before its "|"."""
    return _artist(artist)


@lru_cache(maxsize=4096)
def acts_of(artist: str) -> frozenset[str]:
    """The artist's part, and those of all that it may name: "A & B" is a duo, or A's and B's together."""
    return frozenset({_artist(artist), *map(_artist, artists_of(artist))})


def _artist(artist: str) -> str:
    """The artist's key; "Dylan, Bob" is Bob Dylan, and all ways to say "various" are one."""
    last, comma, first = artist.partition(", ")
    if comma and " " not in last and not _NO_FIRST_NAME.search(first):
        artist = f"{first} {last}"
    key = artist_key(artist)
    return "various" if key in _VARIOUS else key


def _name(artist: str, album: str) -> str:
    """An album's name without whose it is and the year before it: "Bob Dylan's Greatest Hits", "1997 - OK Computer"."""
    if _SELF_TITLED.fullmatch(album):
        return artist
    album = without_artist(artist, album)
    if (dated := _YEAR_BEFORE.fullmatch(album)) and not (is_year(dated["name"]) or _is_aside(dated["name"])):
        album = without_artist(artist, dated["name"])
    for belonging in ("'s ", ": ", " / "):
        owner, found, rest = album.replace("’", "'").partition(belonging)
        if found and rest.strip() and fold(owner) == fold(artist):
            return rest
    return album


def _is_aside(segment: str) -> bool:
    """Whether a segment only says which pressing or take it is."""
    return _says_nothing(segment) or _names_edition(segment, bracketed=True) or classify(segment) is not None


def _is_span(last: re.Match[str]) -> bool:
    """Whether years part at a dash: "1962 - 1966"."""
    return last["dash"] is not None and is_year(last["name"]) and is_year(last["dash"])


def _says_nothing(segment: str) -> bool:
    """Whether a segment is a catalogue number, a year or what the album is pressed on."""
    return any(kind.fullmatch(segment) for kind in (_CATALOGUE, _BARCODE, _CARRIER)) or is_year(segment)


def _number(found: re.Match[str]) -> int:
    text = (found["number"] or found["place"] or found["ordinal"]).lower()
    return _NUMBERS.get(text) or int(text)


def _names_edition(segment: str, *, bracketed: bool) -> bool:
    """Whether a segment names an edition; in brackets a country does, and whatever ends with "edition"."""
    words = fold(segment).split()
    if (
        bracketed
        and words
        and (words[-1].endswith(_EDITION_ENDS) or not _EDITION_WORDS.isdisjoint(words) or _COUNTRIES.issuperset(words))
    ):
        return True
    known = [word in _EDITIONS or word in _BESIDE_EDITIONS or is_year(word) for word in words]
    return all(known) and not _EDITIONS.isdisjoint(words)
