"""ListenBrainz's fuzzy mapper, behind GET /1/metadata/lookup/: it forgives slips and tails, at times wrongly."""

import re
from collections import defaultdict

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .metabrainz import MetaBrainz, Recording, folded
from .world.model import World

# [source] Cut where one of these begins, when the whole name finds nothing.
_TAIL = re.compile(r"\s*(?:[(\[]| - |\b(?:ft|feat|featuring)\b).*$", re.I | re.S)
# Assumed after the search engine's defaults: letters that may differ, by the length of the name.
_SLIPS = ((7, 2), (4, 1))


class Mapper:
    """Finds the recording that names nearly mean."""

    def __init__(self, world: World, known: MetaBrainz) -> None:
        self._of_artist = known.of_artist
        self._artists: dict[str, list[int]] = defaultdict(list)
        for artist in world.artists:
            self._artists[folded(artist.name)].append(artist.index)

    def find(self, artist: str, title: str) -> Recording | None:
        """The nearest recording; artist and title are cut at their tails when they mean nothing whole."""
        for name in dict.fromkeys((artist, _cut(artist))):
            for words in dict.fromkeys((title, _cut(title))):
                if found := self._nearest(folded(name), folded(words)):
                    return found
        return None

    def _nearest(self, artist: str, title: str) -> Recording | None:
        best: tuple[int, bool, int] | None = None
        chosen = None
        for name in self._names(artist):
            for index in self._artists[name]:
                for recording in self._of_artist.get(index, ()):
                    far = OSA.distance(title, folded(recording.title), score_cutoff=_slips(title))
                    rank = far, recording.comment != "", recording.index
                    if far <= _slips(title) and (best is None or rank < best):
                        best, chosen = rank, recording
        return chosen

    def _names(self, artist: str) -> list[str]:
        if artist in self._artists:
            return [artist]
        near = process.extract(artist, self._artists.keys(), scorer=OSA.distance, score_cutoff=_slips(artist), limit=2)
        return [name for name, _, _ in near]


def _slips(name: str) -> int:
    return next((most for length, most in _SLIPS if len(name) >= length), 0)


def _cut(name: str) -> str:
    return _TAIL.sub("", name) or name
