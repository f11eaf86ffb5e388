"""What MetaBrainz knows of the world: recordings with their credits, releases and ISRCs, as its guidelines have them.

A recording stands for all releases of one performance and one mix, remasters included; guests are in the credit and
not in the title; what tells a live or acoustic take is a comment. LB's and MusicBrainz's services answer from here.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .shares import share
from .world.ids import mbid, plain_isrc
from .world.model import Album, Song, Track, World

# [observed] 15 % of all recordings have an ISRC, but 78 to 91 % of those people listen to.
_ISRC_HEARD, _ISRC_UNHEARD = 0.85, 0.15
# Assumed: how often the canonical release is another than the song's own album ([saved answer] a compilation).
_CANONICAL_ELSEWHERE = 0.12
# Assumed: how many of the ids a release has on Spotify in one market or another are linked, the work of volunteers.
_LINKED = 0.4
_SAME_RECORDING = ("", "remaster")
_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})
_NO_WORD = re.compile(r"[^\w]+")


def folded(text: str) -> str:
    """A name as the exact look-up compares it [source]: lower case, no accents, nothing but letters and digits."""
    plain = _NO_WORD.sub("", text).lower()
    if plain.isascii():
        return plain
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare.translate(_SPECIAL))


@dataclass(slots=True, eq=False)
class Recording:
    """`tracks` are its appearances on releases, its own album first; `comment` tells takes of one title apart."""

    title: str
    comment: str
    tracks: list[Track]

    @property
    def song(self) -> Song:
        return self.tracks[0].song

    @property
    def index(self) -> int:
        return self.tracks[0].index

    @property
    def id(self) -> str:
        return mbid(1, self.index)

    @property
    def credit(self) -> str:
        """ "A feat. B & C"."""
        guests = " & ".join(guest.name for guest in self.song.guests)
        return f"{self.song.artist.name} feat. {guests}" if guests else self.song.artist.name

    @property
    def isrcs(self) -> tuple[str, ...]:
        """In plain writing; often several, oftener none."""
        known = _ISRC_HEARD if self.song.heard else _ISRC_UNHEARD
        if share("isrc", self.index) >= known:
            return ()
        return tuple(dict.fromkeys(filter(None, (plain_isrc(track.isrc) for track in self.tracks))))

    @property
    def length(self) -> int | None:
        """ms; None where nobody entered it."""
        return self.tracks[0].duration_ms if share("length", self.index) < 0.95 else None

    @property
    def canonical(self) -> Album:
        """The release that stands for it: mostly its own album, at times a compilation or a single."""
        others = self.tracks[1:]
        if others and share("canonical", self.index) < _CANONICAL_ELSEWHERE:
            return others[-1].album
        return self.tracks[0].album


def links_to_spotify(album: Album) -> tuple[str, ...]:
    """The ids of the album on Spotify that somebody linked: that of one market, of several or of none."""
    ids = (album.spotify_id, album.abroad_id)
    return tuple(each for place, each in enumerate(ids) if each and share("linked", album.index, place) < _LINKED)


class MetaBrainz:
    """`recordings` by the index their id is made of; looked up by exactly folded names."""

    def __init__(self, world: World) -> None:
        self.recordings: dict[int, Recording] = {}
        self.of_track: dict[int, Recording] = {}
        self.of_artist: dict[int, list[Recording]] = defaultdict(list)
        self.of_isrc: dict[str, list[Recording]] = defaultdict(list)
        self.albums: dict[int, Album] = {}
        self._exact: dict[str, Recording] = {}
        self._on_release: dict[str, tuple[Recording, Album]] = {}
        for song in world.songs:
            if song.on_musicbrainz:
                for recording in recordings_of(song):
                    self._add(recording)

    def _add(self, recording: Recording) -> None:
        self.recordings[recording.index] = recording
        for artist in recording.tracks[0].artists:
            self.of_artist[artist.index].append(recording)
        for isrc in recording.isrcs:
            self.of_isrc[isrc].append(recording)
        credit, title = folded(recording.credit), folded(recording.title)
        # Of several of one name the studio recording, which comes first, is the canonical one.
        self._exact.setdefault(credit + title, recording)
        for track in recording.tracks:
            self.of_track[track.index] = recording
            self.albums[track.album.index] = track.album
            self._on_release.setdefault(credit + folded(track.album.title) + title, (recording, track.album))

    def exact(self, artist: str, title: str, release: str = "") -> tuple[Recording, Album] | None:
        """The recording of exactly these names, and the release; a release nobody knows is no hindrance [source]."""
        credit, name = folded(artist), folded(title)
        if release and (found := self._on_release.get(credit + folded(release) + name)):
            return found
        recording = self._exact.get(credit + name)
        return (recording, recording.canonical) if recording else None


def recordings_of(song: Song) -> Iterable[Recording]:
    """A song's recordings, the studio one first."""
    groups: dict[tuple[str, int], list[Track]] = defaultdict(list)
    for track in song.tracks:
        studio = track.variant in _SAME_RECORDING
        groups["" if studio else track.variant, 0 if studio else track.album.index].append(track)
    for (variant, _), tracks in sorted(groups.items(), key=lambda group: (group[0][0] != "", group[1][0].index)):
        edit = variant == "radio_edit"
        yield Recording(f"{song.title} (radio edit)" if edit else song.title, "" if edit else variant, tracks)
