"""How uploads, old files and other services write the same song: further spellings, beside the damages of `dirt`.

The tables are the sandbox's own: what it believes about names it believes without the code that reads them.
"""

import re
from random import Random

from . import model
from .dirt import Spelling
from .model import Song

_UPLOADS = (
    "{t} (Official Video)", "{t} (Official Music Video)", "{t} [Official Audio]", "{t} (HD)", "{t} [HQ]",
    "{t} (Lyrics)", "{t} (Lyric Video)", "{t} (Official Visualizer)", "{t} **OFFICIAL VIDEO**", "{a} - {t}",
    "{a} - {t} (Official Video)", "{t} (Audio)", "{t} (Prod. Nimbus)", "{t} (Clip Officiel)", "{t} (Video Oficial)",
)  # fmt: skip
_SESSIONS = (
    "{t} - Spotify Singles", "{t} - A COLORS SHOW", "{t} (BBC Live Lounge)", "{t} (Live, Paradiso, Amsterdam)",
    "{t} [Live Wembley Arena]", "{t} (MTV Unplugged)", "{t} - Live @ Montreux", "{t} (Tiny Desk Concert)",
)  # fmt: skip
_EDITIONS = (
    "{t} (2009 Re-Mastered Digital Version)", "{t} - US Single Version", "{t} (24 Bit Digitally Remastered 02)",
    "{t} - Single Version", "{t} (UK Album Version)", "{t} (Bonus)", "{t} (1998)",
)  # fmt: skip
_IN_OTHER_TONGUES = (
    "{t} (En Vivo)", "{t} (Ao Vivo)", "{t} - En Directo", "{t} (Dal Vivo)", "{t} (Acústico)", "{t} (Versión Acústica)",
    "{t} (ライブ)", "{t} (라이브)", "{t} (现场版)", "{t} (Концертная версия)", "{t} - לייב", "{t} (リマスター版)",
    "{t} (Remasterizado)", "{t} (акустика)", "{t} (مباشر)", "{t} - حفلة", "{t} (אקוסטי)", "{t} (現場版)",
    "{t} (Remasterizado 2011)", "{t} (어쿠스틱)",
)  # fmt: skip
_NUMBERED = ("{n:02d} - {t}", "{n:02d}. {t}", "0{m} {t}")
_ROMAN = {
    ", Pt. 2": (", Pt. II", " Pt.II"), " (Part 2)": (" Part Two", " (Pt.II)"), " Part II": (" Part Two", " Pt.II"),
    " Pt. 2": (" Pt. II", " Part Two"), ", Vol. 2": (", Vol. II", " Volume II"), " II": (" 2",),
    " in A♭": (" in A-Flat", " in A flat"), ": III. Allegro": (": 3. Allegro", " - III. Allegro"),
}  # fmt: skip
_SPELLED = {"Two": "2", "Twenty-Two": "22"}
_COUNTED = {"2": "Two", "3": "Three", "4": "Four", "5": "Five", "6": "Six", "7": "Seven", "8": "Eight", "9": "Nine"}
_TRANSLATIONS = ("A Letter Home", "The Long Rain", "Snow at Night", "Far from Here", "Paper Boats", "The Quiet Sea")
_EMOJI = (" ❤️", " 🔥", " ✨")
_ENTITIES = {"&": "&amp;", "'": "&#39;", '"': "&quot;"}
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي"})
_FATHA = "\u064e"
_CENSORED = {"Fuck": ("F**k", "F*ck", "Fu*k"), "Shit": ("Sh*t", "S**t"), "Bitch": ("B*tch", "B**ch")}
_TRADITIONAL = str.maketrans(
    "爱梦风云时间红岁东长飞鸟阳边声电车书乡旧蓝远脸离别记忆与没里见伟丽华静晓国荣学兰军张刘陈杨赵黄吴孙马罗郑谢许乐队",
    "愛夢風雲時間紅歲東長飛鳥陽邊聲電車書鄉舊藍遠臉離別記憶與沒裡見偉麗華靜曉國榮學蘭軍張劉陳楊趙黃吳孫馬羅鄭謝許樂隊",
)
# The first kind of tags held so many characters.
_TAG = 30


def upload(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """What an upload adds to a title, or the artist in it."""
    artist, title = spelling
    return artist, rng.choice(_UPLOADS).format(a=artist, t=title)


def session(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """A take of the same song for a programme or at a place, or an edition of it, in one of several tongues."""
    if song.kind != model.SONG:
        return None
    artist, title = spelling
    return artist, rng.choice(rng.choice((_SESSIONS, _EDITIONS, _IN_OTHER_TONGUES))).format(t=title)


def track_number(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """The number of a file before the title."""
    artist, title = spelling
    return artist, rng.choice(_NUMBERED).format(n=rng.randrange(1, 17), m=rng.randrange(1, 10), t=title)


def cut(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """A title cut where old tags end, inside a word or behind one."""
    artist, title = spelling
    short = title[:_TAG]
    return (artist, short) if len(title) > _TAG + 1 and short[-1].isalnum() else None


def entities(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Signs as HTML writes them, once or twice."""
    artist, title = spelling
    for sign, entity in _ENTITIES.items():
        if sign in title:
            again = entity.replace("&", "&amp;") if rng.random() < 0.2 else entity
            return artist, title.replace(sign, again)
    return None


def numerals(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Roman numbers for arabic ones, and back; a small number as a word; "flat" for its sign."""
    artist, title = spelling
    head, found, digit = artist.rpartition(" No. ")
    if found and digit in _COUNTED:
        return f"{head} No. {_COUNTED[digit]}", title
    first, _, last = title.rpartition(" ")
    if last in _SPELLED:
        return artist, f"{first} {_SPELLED[last]}".strip()
    ending = next((ending for ending in _ROMAN if title.endswith(ending)), None)
    return (artist, title.removesuffix(ending) + rng.choice(_ROMAN[ending])) if ending else None


def sung(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """ "Livin'" for "Living", and "+" for "&"."""
    artist, title = spelling
    if re.search(r"[a-z]{3}ing\b", title):
        return artist, re.sub(r"([a-z]{3}in)g\b", r"\1'", title, count=1)
    return (artist, title.replace(" & ", " + ")) if " & " in title else None


def script(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """A title in two tongues; Arabic without its letters' finer forms, or with a vowel mark."""
    artist, title = spelling
    if song.artist.tongue == "ar" and not title.isascii():
        plain = title.translate(_ARABIC)
        return artist, plain if plain != title else title[:1] + _FATHA + title[1:]
    if song.artist.tongue in ("ja", "ko", "ru", "el") and title == song.title and not title.isascii():
        # A title means one thing, whoever writes it down.
        return artist, f"{title} ({_TRANSLATIONS[sum(map(ord, title)) % len(_TRANSLATIONS)]})"
    return None


def emoji(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """A sign put behind the title for joy."""
    artist, title = spelling
    return (artist, title + rng.choice(_EMOJI)) if song.kind == model.SONG else None


def censored(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """A swear word with stars for its letters."""
    artist, title = spelling
    for word, forms in _CENSORED.items():
        if word in title:
            return artist, title.replace(word, rng.choice(forms))
    return None


def traditional(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Chinese in traditional characters, the title alone or both names."""
    artist, title = spelling
    if song.artist.tongue != "zh":
        return None
    other = (artist if rng.random() < 0.3 else artist.translate(_TRADITIONAL), title.translate(_TRADITIONAL))
    return other if other != spelling else None


def misread(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """UTF-8 read as Windows' or ISO's letters, in the title, the artist or both; now and then twice."""
    artist, title = spelling
    encoding, times = rng.choice(("cp1252", "cp1252", "latin-1")), 2 if rng.random() < 0.15 else 1
    try:
        for _ in range(times):
            artist, title = (name.encode().decode(encoding) for name in (artist, title))
    except UnicodeDecodeError:
        return None
    kept = rng.choice(((artist, title), (spelling[0], title), (artist, spelling[1])))
    return kept if kept != spelling and all(sign.isprintable() for sign in "".join(kept)) else None
