"""What flows through the house: chart rows come in, songs go out, answers of sources are kept beside them."""

from timbre_spider.items.answers import Answer, Outcome
from timbre_spider.items.aoty import AotyAlbum, AotyTrack, CataloguedAlbum, SeenOn, Sighting
from timbre_spider.items.fields import fields_of
from timbre_spider.items.heard import ChartRow, Listens, Reject, Scrobble, Scrobbled, spelling_id
from timbre_spider.items.open import STRENGTH, Discography, OpenFacts, Release
from timbre_spider.items.song import Identity, KnownSong, Song
from timbre_spider.items.spotify import CallsMade, SpotifyAlbum, SpotifyTrack

__all__ = [
    "STRENGTH", "Answer", "AotyAlbum", "AotyTrack", "CallsMade", "CataloguedAlbum", "ChartRow", "Discography",
    "Identity", "KnownSong", "Listens", "OpenFacts", "Outcome", "Reject", "Release", "Scrobble", "Scrobbled", "SeenOn",
    "Sighting", "Song", "SpotifyAlbum", "SpotifyTrack", "fields_of", "spelling_id",
]  # fmt: skip
