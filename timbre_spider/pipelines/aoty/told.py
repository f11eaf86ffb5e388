"""What a page of AOTY told of albums, into the catalogue, and their ids on Spotify to who waits: all of it is used."""

from collections.abc import Sequence

from scrapy.http import Response

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.page_cache import seen_at
from timbre_spider.items import AotyAlbum, SeenOn, Sighting
from timbre_spider.matching.albums.sightings import sightings
from timbre_spider.pipelines.spotify.artists import tell_of


async def into_catalogue(
    context: Context, albums: Sequence[AotyAlbum], seen_on: SeenOn, page: Response
) -> list[Sighting]:
    """The albums as seen when the page was answered; within a moment they are stored."""
    told = sightings(albums, seen_on, page.url, seen_at(page, context.clock()))
    await context.writer.catalogue(told)
    tell_of(context, albums)
    return told
