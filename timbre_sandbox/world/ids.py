"""Identifiers the services give: made from the seed, so they are the same every time."""

from random import Random

from .model import Track

_BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_REGISTRANTS = ("GB", "US", "DE", "FR", "SE", "JP", "NL", "CA", "AU", "BR", "QM", "QZ", "KR", "IT", "ES")
_MASK = 0x9E3779B1
DEEZER_FIRST = 60_000_000


def spotify_id(rng: Random) -> str:
    """22 characters of base 62."""
    return "".join(rng.choices(_BASE62, k=22))


class Isrcs:
    """ISRCs of new recordings; no two alike."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._next = 0

    def new(self, year: int) -> str:
        self._next += 1
        country = self._rng.choice(_REGISTRANTS)
        registrant = f"{_BASE62[36 + self._next % 26]}{_BASE62[36 + self._next // 26 % 26]}"
        return f"{country}{registrant}{self._rng.randrange(10)}{year % 100:02d}{self._next % 100_000:05d}"


def plain_isrc(isrc: str | None) -> str | None:
    """An ISRC in its plain writing: upper case, no hyphens."""
    return isrc.replace("-", "").upper() if isrc else None


def mbid(kind: int, index: int) -> str:
    """A MusicBrainz id that tells which thing it names; `kind` is 1 recording, 2 artist, 3 release, 4 release group."""
    mixed = (index * 2 + kind) * _MASK % 2**32
    return f"{mixed:08x}-{index % 65_536:04x}-4{kind:03x}-8{index % 4096:03x}-{mixed * 7 % 2**24:06x}{index:06x}"


def index_of_mbid(text: str, kind: int) -> int | None:
    """The index an id of `kind` was made from; None when it was not made here."""
    try:
        index = int(text[-6:], 16)
    except ValueError:
        return None
    return index if mbid(kind, index) == text.lower() else None


def deezer_id(track: Track) -> int:
    """Deezer's number of a track."""
    return DEEZER_FIRST + track.index * 3
