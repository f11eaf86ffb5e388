"""How a listener's players write the same song: every function gives another spelling, or None where none fits."""

import re
import unicodedata
from collections.abc import Callable
from random import Random

from . import model
from .model import Song
from .words import PLACES

_MARKS = re.compile("[\u0300-\u036f]")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_WITHOUT_ACCENT = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "ð": "d",
        "Ð": "D",
        "ı": "i",
        "æ": "ae",
        "Æ": "Ae",
        "ß": "ss",
        "þ": "th",
        "Þ": "Th",
    }
)
_PARTS = {
    ", Pt. 2": (" Pt. 2", " (Part 2)", ", Part 2", " Part II", " (Pt. 2)"),
    " (Part 2)": (", Pt. 2", " Part 2", " - Part 2", " (Pt. 2)"),
    " Part II": (", Pt. 2", " (Part II)", " Part 2", " Pt. II"),
    " Pt. 2": (", Pt. 2", " (Part 2)", " Pt.2", " Part 2"),
    ", Vol. 2": (" Vol. 2", " (Vol. 2)", ", Volume 2"),
}

# A spelling is (artist, title). The first word of a function's name is what it does to it.
Spelling = tuple[str, str]


def variant(song: Song, spelling: Spelling, rng: Random) -> tuple[Spelling, str] | None:
    """A variant of the same song as the listener's file names it: (spelling, which variant)."""
    artist, title = spelling
    if song.kind != model.SONG:
        return None
    first = song.original.album.year
    year = rng.randrange(max(1998, min(first + 5, 2024)), 2026)
    place, when = rng.choice(PLACES), min(2026, first + rng.randrange(0, 9))
    kind = rng.choices(
        ("remaster", "live", "acoustic", "radio_edit", "mono", "edition"),
        (34 if first < 2012 else 10, 24, 9, 8, 5 if first < 1970 else 0.6, 16),
    )[0]
    forms = {
        "remaster": (
            f" - {year} Remaster", f" (Remastered {year})", " - Remastered", " (Remastered)", f" (Remastered {year})",
            f" - {year} Remastered Version", f" [{year} Remaster]", " (Remastered Version)", f" - Remastered {year}",
            f" - {year} - Remaster", " [Remastered]", f" (Remaster {year})", " (Digitally Remastered)", " - Remaster",
        ),
        "live": (
            " (Live)", " - Live", f" - Live at {place}", f" (Live at {place})", f" [Live at {place}]", " [Live]",
            f" (Live at {place}, {when})", f" (Live {when})", f" - Live from {place}", f" (Live from {place}, {when})",
            " (Live Version)", " - Live Version",
        ),
        "acoustic": (" (Acoustic)", " - Acoustic", " - Acoustic Version", " (Acoustic Version)", " [Acoustic]"),
        "radio_edit": (" (Radio Edit)", " - Radio Edit", " [Radio Edit]", " - Radio Edit Version", " (Radio Version)"),
        "mono": (" - Mono", " (Mono)", " (Mono Version)", " - Mono Version"),
        "edition": (
            " (Album Version)", " - Album Version", " (Deluxe Edition)", " (Bonus Track)", " [Bonus Track]",
            " (Deluxe Version)", " [Album Version]", " - Bonus Track", " (Explicit)", " (Expanded Edition)",
        ),
    }  # fmt: skip
    return (artist, title + rng.choice(forms[kind])), kind


def guests(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """The featured artists, in the title, in the artist, or left out."""
    if not song.guests:
        return None
    artist, title = spelling
    names = [guest.name for guest in song.guests]
    word = rng.choice(("feat.", "feat.", "ft.", "featuring", "Feat.", "ft", "feat"))
    joined = rng.choice((" & ", ", ", " and ")).join(names)
    return rng.choice(
        (
            (artist, f"{title} ({word} {joined})"),
            (artist, f"{title} ({word} {joined})"),
            (artist, f"{title} [{word} {joined}]"),
            (artist, f"{title} {word} {joined}"),
            (artist, f"{title} - {word} {joined}"),
            (artist, f"{title} ({rng.choice(('with', 'with', 'with', 'con', 'mit', 'avec', 'com'))} {joined})"),
            (f"{artist} {word} {joined}", title),
            (f"{artist} {word} {joined}", title),
            (f"{artist} ({word} {joined})", title),
            (artist, title),
        )
    )


def article(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """The artist's "The" left out or put behind."""
    artist, title = spelling
    if not artist.startswith("The ") or len(artist) < 8:
        return None
    return (artist[4:] if rng.random() < 0.8 else f"{artist[4:]}, The"), title


def accents(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Latin letters without their accents."""
    bare = tuple(_bare(part) for part in spelling)
    return (bare[0], bare[1]) if bare != spelling else None


def _bare(text: str) -> str:
    if not all(unicodedata.name(char, "").startswith("LATIN") for char in text if char.isalpha()):
        return text
    return _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(_WITHOUT_ACCENT)


def width(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Full-width letters, as Japanese players write them; or decomposed accents."""
    artist, title = spelling
    if artist.isascii() or title.isascii():
        wide = (artist.translate(_WIDE), title.translate(_WIDE))
        return rng.choice(((artist, wide[1]), wide, (wide[0], title)))
    loose = (unicodedata.normalize("NFD", artist), unicodedata.normalize("NFD", title))
    return loose if loose != spelling else None


def case(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Another case."""
    artist, title = spelling
    other = rng.choice(
        ((artist, title.upper()), (artist, title.lower()), (artist.upper(), title), (artist.lower(), title.lower()))
    )
    return other if other != spelling else None


def signs(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Other apostrophes, quotes, ampersands, hyphens, dots and spaces."""
    artist, title = spelling
    changes: list[Spelling] = []
    for old, new in (("'", "’"), ("'", ""), ("&", "and"), (" and ", " & "), ("...", "…"), ("!", ""), ("?", ""),
                     (", ", " "), ("(", "["), (" (", " - "), ("/", " / "), (".", "")):  # fmt: skip
        for place, text in ((0, artist), (1, title)):
            if old in text and not (old in ".?!" and text.strip(old) == ""):
                changed = text.replace(old, new)
                if old == "(":
                    changed = changed.replace(")", "]")
                elif old == " (":
                    changed = changed.replace(")", "")
                changes.append((changed, title) if place == 0 else (artist, changed))
    if _HYPHEN.search(title):
        changes.append((artist, _HYPHEN.sub(" ", title)))
    if " " in title:
        changes.append((artist, title.replace(" ", "  ", 1)))
    return rng.choice([change for change in changes if all(part.strip() for part in change)] or [None])


def part(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """Another writing of a part's number."""
    artist, title = spelling
    for ending, others in _PARTS.items():
        if title.endswith(ending):
            return artist, title.removesuffix(ending) + rng.choice(others)
    return None


def dash(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """The words that make it a remix, demo or instrumental: behind a dash instead of in brackets, and back."""
    artist, title = spelling
    if song.kind == model.SONG:
        return None
    if title.endswith(")") and " (" in title:
        base, _, words = title.rpartition(" (")
        return artist, rng.choice((f"{base} - {words[:-1]}", f"{base} [{words[:-1]}]"))
    base, found, words = title.rpartition(" - ")
    return (artist, f"{base} ({words})") if found else None


def typo(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """One slip in a longer Latin name: two letters swapped, one left out, doubled, or the neighbour's key."""
    artist, title = spelling
    in_title = rng.random() < 0.75
    plain = re.split(r" \(| - | \[", song.title)[0]
    if in_title and not title.startswith(plain):
        return None
    # Never in the words that tell the variant: a slip there would be a riddle, not dirt.
    name, rest = (plain, title[len(plain) :]) if in_title else (artist, "")
    places = [
        index for index in range(1, len(name) - 1)
        if name[index - 1 : index + 2].isascii() and name[index - 1 : index + 2].isalpha() and name[index + 1].islower()
    ]  # fmt: skip
    if len(places) < 7:
        return None
    index = rng.choice(places)
    slips: tuple[Callable[[], str], ...] = (
        lambda: name[:index] + name[index + 1] + name[index] + name[index + 2 :],
        lambda: name[:index] + name[index + 1 :],
        lambda: name[:index] + name[index] + name[index:],
        lambda: name[:index] + _neighbour(name[index], rng) + name[index + 1 :],
    )
    slipped = rng.choice(slips)()
    if slipped == name:
        return None
    return (artist, slipped + rest) if in_title else (slipped, title)


def _neighbour(letter: str, rng: Random) -> str:
    for keys in ("qwertyuiop", "asdfghjkl", "zxcvbnm"):
        place = keys.find(letter.lower())
        if place >= 0:
            near = keys[max(0, place - 1) : place] + keys[place + 1 : place + 2]
            return rng.choice(near)
    return letter
