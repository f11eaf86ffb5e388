"""The key of an album, under which its editions and its writings in discographies fall together."""

import re
from functools import lru_cache

from timbre_spider.matching.albums.discs import disc_before, disc_behind, disc_of
from timbre_spider.matching.albums.editions import names_edition, without_edition
from timbre_spider.matching.albums.pressings import tells_pressing
from timbre_spider.matching.albums.words import SAYS_MORE, run_together, without_owner, without_umlaut, words_of
from timbre_spider.matching.names.classify import classify, is_year
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE, artist_key, rendered
from timbre_spider.matching.names.peel import begins_with_guests
from timbre_spider.matching.names.reading import artists_of, without_artist
from timbre_spider.matching.names.variants import Mark, Variant
from timbre_spider.matching.writing.numbering import has_number_inside
from timbre_spider.matching.writing.text import fold, is_plain, narrow, squash, visible, vocabulary

_COLLAPSE = DEFAULT_COLLAPSE - {Variant.LIVE, Variant.ACOUSTIC}
_VARIOUS = vocabulary(
    "various va variousartist variousartists diverse diverseinterpreten verschiedene verschiedeneinterpreten aavv"
    " varios variosartistas variosinterpretes divers artistesdivers artistivari sampler compilation soundtrack ost"
    " originalsoundtrack originalmotionpicturesoundtrack разныеисполнители сборник 群星"
)
# A name, and what stands behind it in brackets, quoted, after a dash, a colon or a comma.
_LAST = re.compile(
    r"(?P<name>.*\S)(?:\s*[(\[{<【](?P<bracket>[^()\[\]{}<>【】]*)[)\]}>】]*"
    r"|\s+[\"“”](?P<quoted>[^\"“”]+)[\"“”]|\s+[-–—~:/|]+\s*(?P<dash>[^\s-][^()\[\]{}]*?)\s*[-~]*|:\s+(?P<colon>[^()\[\]{}:]+)|,\s+(?P<comma>[^,()\[\]{}]+))$"
)
# "Nevermind Live", "Hybrid Theory Instrumentals", "Ocean Floor Live in Paris": no sign before what makes it another.
_VARIANT_BEHIND = re.compile(
    r"(?P<name>.*?\S)\s+(?P<tail>(?:the\s+)?(?:live|en vivo|en directo|en public|ao vivo|dal vivo|acoustic|unplugged"
    r"|instrumentals?|remix(?:es|ed)?|demos?|karaoke)\b.*)",
    re.I,
)
_VARIANT_WORDS = (
    "live", "vivo", "directo", "public", "acoustic", "unplugged", "instrumental", "remix", "demo", "karaoke",
)  # fmt: skip
# A name that holds one of these is a live album's whatever stands behind it.
_TOLD_LIVE = vocabulary(
    "live unplugged concert concerts concerto concierto conciertos konzert konzerte konsert koncert vivo directo"
    " концерт концерты"
)
# Files' folders begin with the year: "1997 - OK Computer", "[1997] OK Computer"; "1967 - 1970 (CD 1)" is all name.
_YEAR_BEFORE = re.compile(
    r"(?:(?:19|20)\d\d\s+[-–—]\s+(?!(?:19|20)\d\d\s*[(\[])|[(\[](?:19|20)\d\d[)\]]\s*)(?P<name>\S.*)"
)
# "MTV Unplugged in New York" is "Unplugged in New York".
_STATION = re.compile(r"MTV\W+(?=Unplugged\b)", re.I)
# "Lord of the Rings, The", "Reklamation, Die", "Rush of Blood to the Head, A"; before what follows, too.
_ARTICLE_BEHIND = re.compile(
    r"(?P<name>[^,:()\[\]]*\w{2,}),\s(?P<article>[Tt]he|[Aa]n?|[Dd](?:er|ie|as)|[Ll][eao]s?|[EeIi]l|[Uu]ne?|[Hh]et)"
    r"(?P<rest>\s*(?:[:(\[].*|\s-\s.*)?)"
)
# Bonuses of Japanese pressings: "Dry + 4".
_PLUS_SO_MANY = re.compile(r"(?P<name>\S+\s.*[^\s\d])\s\+\s?\d{1,2}")
# That an artist did it says no more than whose it is: "(Mixed by The Chemical Brothers)".
_DEEDS = vocabulary("mixed compiled selected performed written composed produced conducted")
# How an album of no other name than its artist's is written.
_SELF_TITLED = vocabulary("st selftitled eponymous")
_LONE_N = re.compile(r"['’‘`´]n['’‘`´]", re.I)
# Of a name of letters and spaces alone, what may say that something stands behind it: the short way for most.
_MAY_END = vocabulary(
    "disc disk disque cd dvd sacd live vivo directo public acoustic unplugged instrumental instrumentals remix remixes"
    " remixed demo demos karaoke ep ost set boxset track tracks edition version deluxe remaster remastered reissue"
    " soundtrack sonora original originale film especial speciale limitada limitata limitee limitierte erweiterte"
    " remasterizado remasterizada rimasterizzato rimasterizzata sonderausgabe sonderauflage sonderedition"
)
# What stands behind the comma of "The Band, The", "Tyler, The Creator", "Crosby, Stills & Nash".
_NO_FIRST_NAME = re.compile(r"^the\b|,|&|\band\b", re.I)
# "Duke Ellington & His Orchestra": who leads it made the album.
_BAND_OF = re.compile(r"(?<=\S)\s+(?:&|and|y|und|et|e)\s+(?:his|her|su|sein|ihr|son|suo|seu)\s.*", re.I)
_LAYERS = 6


# An artist's albums are told of again with each of the artist's songs.
@lru_cache(maxsize=4096)
def album_key(artist: str, album: str) -> str:
    """The key of an album: its editions (deluxe, remastered, anniversary …) share it; a live album is its own.

    Catalogue numbers and the artist's name repeated are left out, and so is "disc 1"; a second disc is its own.
    """
    if album.isascii() and album.replace(" ", "").isalpha() and _MAY_END.isdisjoint(words := album.lower().split()):
        key = (
            _title_of(artist, words)
            if SAYS_MORE.isdisjoint(words) and not has_number_inside(album)
            else _title(artist, album)
        )
        return f"{artist_part(artist)}|{key}"
    name, marks, disc = _peeled(artist, _name(artist, album))
    places = "".join(sorted(f" {fold(mark.detail)}" for mark in marks if mark.kind is Variant.LIVE and mark.detail))
    told = f" (disc {disc})" if disc > 1 else ""
    return f"{artist_part(artist)}|{_title(artist, name)}{rendered(marks, _COLLAPSE)}{places}{told}"


@lru_cache(maxsize=4096)
def acts_of(artist: str) -> frozenset[str]:
    """The artist's part, and those of all that it may name: "A & B" is a duo, or A's and B's together."""
    return frozenset({artist_part(artist), *map(artist_part, artists_of(artist))})


@lru_cache(maxsize=4096)
def artist_part(artist: str) -> str:
    """The artist's part of an album's key, what stands before its "|": "Dylan, Bob" is Bob Dylan, and all ways to say
    "various" are one."""
    last, comma, first = artist.partition(", ")
    if comma and " " not in last and not _NO_FIRST_NAME.search(first):
        artist = f"{first} {last}"
    artist = _BAND_OF.sub("", artist)
    key = artist_key(artist)
    # What is peeled off may be the word: "Compilation (Remix)"; off letters alone nothing is.
    if key in _VARIOUS or (not is_plain(artist) and squash(fold(artist)) in _VARIOUS):
        return "various"
    return without_umlaut(key)


def _name(artist: str, album: str) -> str:
    """An album's name as it is read: without whose it is and the year before it, as in "1997 - OK Computer"."""
    album = visible(_LONE_N.sub(" n ", narrow(album)).replace("_", " ").replace("n°", "no "))
    if artist_part(artist) == "various" and artist_part(album.partition(" - ")[0]) == "various":
        album = album.partition(" - ")[2] or album
    album = _STATION.sub("", without_artist(artist, album))
    if behind := _ARTICLE_BEHIND.fullmatch(album):
        album = f"{behind['article']} {behind['name']}{behind['rest']}"
    if (dated := _YEAR_BEFORE.fullmatch(album)) and not (is_year(dated["name"]) or _is_aside(dated["name"])):
        album = without_artist(artist, dated["name"])
    return album


def _is_aside(segment: str) -> bool:
    """Whether a segment only says which pressing or take it is."""
    pressed = tells_pressing(segment, bracketed=True) or names_edition(segment, bracketed=True)
    return pressed or classify(segment) is not None


def _peeled(artist: str, name: str) -> tuple[str, list[Mark], int]:
    """A name without what says edition, pressing, disc or take; the takes; the disc."""
    marks: list[Mark] = []
    disc = 1
    if before := disc_before(name):
        name, disc = before
    for _ in range(_LAYERS):
        whole = name
        if behind := disc_behind(name):
            name, disc = behind
        elif (shorter := without_edition(name)) != name:
            name = shorter
        elif more := _PLUS_SO_MANY.fullmatch(name):
            name = more["name"]
        elif last := _LAST.fullmatch(name):
            segment = _segment(last)
            told = disc_of(segment)
            # "Deluxe Edition, Disc 2" is both.
            rest, told_beside = disc_behind(segment) or (segment, None)
            if told or _tells_nothing(artist, rest, last):
                name, disc = last["name"], told or told_beside or disc
            elif last["comma"] is None and (found := classify(segment)):
                name, marks = last["name"], [*marks, *found]
        name = name.rstrip(" ,-–—:/|~")
        if name == whole:
            break
    lowered = name.lower()
    if (
        any(word in lowered for word in _VARIANT_WORDS)
        and (taken := _VARIANT_BEHIND.fullmatch(name))
        and fold(taken["name"]) != fold(artist)  # "Maná Unplugged" is Maná's "Unplugged"
        and (found := classify(taken["tail"]))
    ):
        name, marks = taken["name"], [*marks, *found]
    if not _TOLD_LIVE.isdisjoint(fold(name).split()):
        # "Live in Paris [Live]", "Unplugged (Live)", "The Concert in Central Park (Live)"
        marks = [mark for mark in marks if mark != Mark(Variant.LIVE)]
    return name, marks, disc


def _segment(last: re.Match[str]) -> str:
    """What stands behind a name."""
    return next(
        last[kind] for kind in ("bracket", "quoted", "dash", "colon", "comma") if last[kind] is not None
    ).strip()


def _tells_nothing(artist: str, segment: str, last: re.Match[str]) -> bool:
    """Whether what stands behind a name leaves it the album it is."""
    bracketed = last["bracket"] is not None
    if bracketed:
        folded = fold(segment)
        is_alias = _is_self_titled(segment) or folded == fold(artist) or folded.startswith("aka ")
        is_deed = folded in {f"{deed} by {fold(artist)}" for deed in _DEEDS}
        if is_alias or is_deed or begins_with_guests(segment):
            return True
    # Years of what it holds are its name: "Best of 1962 - 1966", "Live at Massey Hall, 1971".
    tells_years = is_year(segment) and not bracketed and (last["dash"] is None or is_year(last["name"].split()[-1]))
    if last["colon"] is None and not tells_years and tells_pressing(segment, bracketed=bracketed):
        return True
    return names_edition(segment, bracketed=bracketed)


def _is_self_titled(name: str) -> bool:
    return fold(name).replace(" ", "") in _SELF_TITLED


def _title(artist: str, name: str) -> str:
    """A peeled name as it stands in a key, without whose it is."""
    return _title_of(artist, words_of(name))


def _title_of(artist: str, words: list[str]) -> str:
    """The words of a peeled name as they stand in a key."""
    whose = _whose(artist)
    if "".join(words) in _SELF_TITLED:
        words = whose or words
    return run_together(without_owner(words, whose))


@lru_cache(maxsize=4096)
def _whose(artist: str) -> list[str]:
    """The words of an artist's name that may stand in an album's; none of various artists."""
    return [] if artist_part(artist) == "various" else words_of(artist)
