"""What behind an album's name tells an edition or a soundtrack, in the languages names are written in."""

import re
from functools import lru_cache

from timbre_spider.matching.names.classify import is_year
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.names.words import PHRASES, WEAK
from timbre_spider.matching.writing.text import fold, vocabulary

# One of these makes a bracket an edition's whatever else it holds: "(Original Soundtrack from the Vestron Picture)".
_TELLING = vocabulary(
    fold(
        "edition editions edicion edicao edizione издание deluxe remaster remastered remastering remasters"
        " remasterizado remasterizada rimasterizzato rimasterizzata remasterise remasterisee geremasterd"
        " ремастер ремастеринг reissue reissued rerelease repress expanded collector collectors anniversary"
        " jubilaum aniversario anniversaire anniversario юбилейное bonus digipak digipack hdcd sacd mfsl"
        " flac alac mp3 aac kbps vbr cbr boxset fanbox audiophile longbox slipcase"
        " digibook mediabook digifile digipac earbook steelbook tinbox ecolbook import importado importato promo"
        " promotional advisory ltd lim anniv digi dlx xrcd uhqr ultradisc uhqcd hqcd k2hd dualdisc hdtracks mixtape"
        " auflage neuauflage limitierte limitiert erweiterte limitee reedition reedicion reedicao relancamento limitada"
        " limitado limitata ristampa cofanetto coffret heruitgave reedycja nyutgava делюкс переиздание"
        " подарочное коллекционное soundtrack soundtracks ost filmmusik саундтрек サウンドトラック サントラ"
        " 사운드트랙 デラックス デラックスエディション リマスター エディション 紙ジャケット 디럭스 에디션"
        " 리마스터 스페셜 한정판 リパッケージ 리패키지 豪华版 特别版 纪念版 典藏版 精装版 珍藏版 完全版"
        " 通常版 初回版 限定版 重制版 原声带 原声 影视原声"
    )
)
# A segment of only these words and those beside them names one, too, behind a dash or a colon as well.
_EDITIONS = _TELLING | vocabulary(
    "ed limited special box boxed single ep maxi cds lp vinyl explicit clean edited version ver mono stereo"
    " score japan japanese advance retail exclusive lossless res 24bit 16bit 24k enhanced cdm cdr cdep mcd dsd"
    " dts shm quadraphonic surround sleeve hardcover numbered jewel speciale luxo especial repackage"
    " pressing mini bande banda sonora colonna trilha bof"
)
_BESIDE = vocabulary(
    "the a an of and with for from by in to set re issue release disc discs disk disks cd 2cd 3cd 4cd"
    " 2lp 3lp lp dvd track tracks super original originals originale originales music motion picture"
    " film movie tv series television show game album songs inspired inspiration uk us usa eu jp kr"
    " europe asia european german australian international digital bit 24 20 16 extra new non only plus digitally hi"
    " khz 96khz 192khz 48khz 44 1khz itunes amazon target walmart hmv store spotify tidal qobuz bandcamp"
    " tenth twentieth thirtieth fortieth fiftieth tour year years audio parental warning recording"
    " recordings broadcast complete definitive ultimate platinum gold paper card cardboard case spec hq"
    " 30 25 40 50 10 5 320 256 192 128 v0 v2 web de du la le les del der des dem zum aus für fur und et"
    " y e o do da di il al lujo oro comemorativa commemorative bandes son musique musica standard legacy"
    " rip"
)
# Germanic and Chinese words for "edition" are run together with what stands before them.
_ENDS = tuple(vocabulary("edition ausgabe auflage pressung utgave utgava uitgave versie edycja издание 盘"))
# "最终版" is an edition, "现场版" (live) or "国语版" (Mandarin) another recording.
_CHINESE = re.compile("[^现场国粤英日韩中伴演插钢混慢快]*版")
# In which language it is sung makes another one of it: "(Spanish Version)".
_LANGUAGES = vocabulary("english german french spanish italian portuguese russian japanese korean chinese mandarin")
_VERSION = vocabulary("version ver")
# What makes another album of it, in spite of an edition's words: "(Live Deluxe Edition)", "(Bonus Remix CD)".
_SAME = {Variant.REMASTER, Variant.EDITION, Variant.MONO, Variant.RADIO_EDIT, Variant.EXTENDED}
_OTHERWISE = frozenset(phrase for phrase, kind in PHRASES.items() if kind not in _SAME and phrase not in WEAK) | (
    vocabulary("vol volume part pt mixes sessions bsides sides concert konzert concierto vivo directo tribute dub club")
)
# "Musique du film", "Musik aus dem Film", "музыка к фильму"; the English ones are read with songs' variants.
_OF_A_FILM = re.compile(
    r"(?:original )?(?:musiques?|musica|musicas|musik|музыка|canciones|chansons) .*"
    r"\b(?:film\w*|pelicula|serie|фильм\w*|кинофильм\w*|сериал\w*)"
)
# Without any sign they end a name: "Kindred EP", "Rumours Super Deluxe Edition", "In Utero 2013 Remaster".
_BEHIND = re.compile(
    r"""(?P<name>.*?\S)\s+(?:
      (?:(?:super|deluxe|limited|special|expanded|remastered|collector'?s?|legacy|anniversary|\d+(?:st|nd|rd|th)|explicit
        |bonus[ ]tracks?|(?:us|uk|japan(?:ese)?)(?=[ ]edition))\s+)+(?:edition|version|reissue|box[ ]?set)
      |(?:super\s+)?deluxe|box(?:ed)?[ -]?set|bonus\s+(?:tracks?|disc|cd)
      |(?:(?:19|20)\d\d\s+)?(?:digital(?:ly)?\s+)?(?:remaster(?:ed)?|reissue|r[ei]masteri[sz]+a[td][oa])
        (?:\s+(?:19|20)\d\d)?
      |e\.?p\.?|o\.?s\.?t\.?|(?:the\s+)?(?:original\s+)?
        (?:motion\s+picture|movie|film|(?:video\s+)?game|television|tv|anime)?\s*soundtrack
      |(?:banda|colonna|trilha)\s+sonora(?:\s+originale?)?|bande\s+originale(?:\s+du\s+film)?
      |(?:edici[oó]n|edizione|edi[cç][aã]o|[eé]dition)\s+(?:especial|speciale|limitada|limitata|limit[eé]e|deluxe)
      |(?:limitierte|erweiterte)\s+\w*(?:ausgabe|auflage|edition)|\S*(?:sonder|jubil[aä]ums)(?:ausgabe|auflage|edition)
    )\.?""",
    re.I | re.X,
)
# How the last word of such a name ends: the quick answer for most.
_LAST_ENDS = tuple(
    vocabulary(
        "edition edición edicion edizione edição edicao édition version reissue set deluxe track tracks disc cd"
        " remaster remastered ado ada ato ata ep e.p ost o.s.t soundtrack sonora original originale film especial"
        " speciale limitée limitee ausgabe auflage 0 1 2 3 4 5 6 7 8 9"
    )
)


# "Limited 2 CD"
_SO_MANY_DISCS = re.compile(r"\b[2-9] (?=(?:cd|lp|dvd|dis[ck])s?\b)")
# What an edition brings along makes no other album: "Special Edition with Remix Disc", "Deluxe Edition + Live DVD".
_BRINGS = re.compile(r"\s(?:with|w/|incl(?:uding|udes|\.)?|plus|mit|avec|con|inkl\.?|[+&])\s", re.I)


@lru_cache(maxsize=1024)
def names_edition(segment: str, *, bracketed: bool) -> bool:
    """Whether a segment names an edition or a soundtrack; in brackets one word that tells it is enough."""
    brought = _BRINGS.search(segment)
    if brought and brought.start() and names_edition(segment[: brought.start()], bracketed=False):
        return True
    words = _SO_MANY_DISCS.sub("", fold(segment).replace("sound track", "soundtrack")).split()
    if not words or not (_LANGUAGES.isdisjoint(words) or _VERSION.isdisjoint(words)):
        return False
    if _OTHERWISE.isdisjoint(words) and (
        words[-1].endswith(_ENDS)
        or _OF_A_FILM.fullmatch(" ".join(words))
        or (bracketed and (_CHINESE.fullmatch(words[-1]) or not _TELLING.isdisjoint(words)))
    ):
        return True
    return not _EDITIONS.isdisjoint(words) and all(
        word in _EDITIONS or word in _BESIDE or is_year(word) for word in words
    )


def without_edition(name: str) -> str:
    """A name without the edition that ends it with no sign before; the name itself where none does."""
    found = _BEHIND.fullmatch(name) if name.rstrip(".").lower().endswith(_LAST_ENDS) else None
    return found["name"] if found and fold(found["name"]) != "the" else name
