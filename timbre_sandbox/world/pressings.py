"""How the releases are sold: on how many discs, and in some markets under ids of their own."""

from collections.abc import Sequence
from random import Random

from .ids import spotify_id
from .model import Album

SOLD_APART = 0.2
ON_TWO_DISCS = 0.08
_FEWEST_ON_TWO = 8


def press(albums: Sequence[Album], rng: Random) -> None:
    """Gives some albums a second disc, and some another id abroad, with all their tracks."""
    for album in albums:
        if rng.random() < SOLD_APART:
            album.abroad_id = spotify_id(rng)
            for track in album.tracks:
                track.abroad_id = spotify_id(rng)
        if len(album.tracks) >= _FEWEST_ON_TWO and rng.random() < ON_TWO_DISCS:
            half = len(album.tracks) // 2
            for place, track in enumerate(album.tracks[half:], 1):
                track.disc, track.number = 2, place
