"""How uploads, old files and other services write whom a song is by: alone, in company, turned, in other letters."""

import re
from random import Random

from .dirt import Spelling
from .model import Song

_IN_TITLE = re.compile(r"\s[(\[](?:feat\.|ft\.|with)\s([^()\[\]]+)[)\]]")
_NO_NAMES = ("The", "A", "DJ", "MC")
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
# What joins an act and its company in an artist field.
_JOINED = (" & ", " & ", ", ", " and ", " with ", " w/ ", " con ", " mit ", " avec ", " + ")


def names_turned(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """ "Surname, First", and the acts of a list in another order or joined otherwise."""
    artist, title = spelling
    if " & " in artist and " the " not in artist:
        one, _, other = artist.partition(" & ")
        return rng.choice((f"{other} & {one}", f"{one}, {other}", f"{other}, {one}", f"{one} / {other}")), title
    words = artist.split()
    if len(words) == 2 and all(word.isalpha() and word.istitle() for word in words) and words[0] not in _NO_NAMES:
        return f"{words[1]}, {words[0]}", title
    return None


def latin(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """A Russian artist in Latin letters, the title as it is."""
    artist, title = spelling
    if song.artist.tongue != "ru" or artist != song.artist.name:
        return None
    words = ("".join(_CYRILLIC.get(letter, letter) for letter in word.lower()) for word in artist.split())
    return " ".join(word.capitalize() for word in words), title


def site(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """The name of the site a file came from, or of an artist's own channel."""
    artist, title = spelling
    return rng.choice(((f"{artist} - www.example.com", title), (f"{artist} - Topic", title)))


def crossed(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """ "A x B": the guests beside the artist."""
    artist, title = spelling
    if not song.guests or artist != song.artist.name:
        return None
    joined = rng.choice((" x ", " x ", " X ", " × ")).join((artist, *(guest.name for guest in song.guests)))
    return joined, title


def company(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """The guests, the song's or its title's, as acts of one record; or the first of two acts alone."""
    artist, title = spelling
    if artist != song.artist.name:
        return None
    if song.guests:
        *before, last = (artist, *(guest.name for guest in song.guests))
        return ", ".join(before) + rng.choice(_JOINED) + last, title
    if listed := _IN_TITLE.search(title):
        return f"{artist}{rng.choice(_JOINED)}{listed[1]}", title.replace(listed[0], "")
    first, joined, _ = artist.partition(" & ")
    return (first, title) if joined and " & the " not in artist else None


def surname(song: Song, spelling: Spelling, rng: Random) -> Spelling | None:
    """An artist of two names by the last alone, as composers are called."""
    artist, title = spelling
    words = artist.split()
    if len(words) != 2 or words[0] in _NO_NAMES or song.artist.genre not in _OF_COMPOSERS:
        return None
    return words[1], title


_OF_COMPOSERS = ("Modern Classical", "Ambient", "Jazz Fusion", "Singer-Songwriter")
