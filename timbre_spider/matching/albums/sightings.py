"""What a page told of albums, with the keys under which the catalogue finds them again."""

import re
from collections.abc import Iterable
from datetime import datetime

from timbre_spider.items import AotyAlbum, SeenOn, Sighting
from timbre_spider.matching.albums.key import album_key

_NUMBER = re.compile(r"/album/(\d{1,9})(?!\d)", re.ASCII)


def sightings(albums: Iterable[AotyAlbum], seen_on: SeenOn, place: str, seen_at: datetime) -> list[Sighting]:
    """The albums as seen at `place`; one whose address has no number is left out: nothing could be added to it."""
    return [
        Sighting(int(number[1]), album_key(album.artist, album.title), album, seen_on, place, seen_at)
        for album in albums
        if (number := _NUMBER.search(album.url)) and int(number[1])
    ]
