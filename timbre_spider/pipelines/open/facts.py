"""What several open sources say of one song, as facts: each by the one that is believed most."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from timbre_spider.items import STRENGTH, OpenFacts
from timbre_spider.sources.recording import Recording, mbid

Value = TypeVar("Value")


def facts_of(told: Mapping[str, Recording]) -> OpenFacts:
    """The facts of a song, by what each service told of it."""

    def strongest(value: Callable[[Recording], Value | None]) -> tuple[Value | None, str | None]:
        for service in STRENGTH:
            if service in told and (found := value(told[service])):
                return found, service
        return None, None

    identity, identity_source = strongest(lambda each: mbid(each.id))
    isrcs, isrcs_source = strongest(lambda each: each.isrcs)
    album, album_source = strongest(lambda each: each if each.album else None)
    release_date, release_date_source = strongest(lambda each: each.release_date)
    duration, duration_source = strongest(lambda each: each.duration_ms)
    return OpenFacts(
        mbid=identity,
        mbid_source=identity_source,
        isrcs=isrcs or (),
        isrcs_source=isrcs_source,
        album_name=album.album if album else None,
        release_mbid=mbid(album.album_id) if album else None,
        album_source=album_source,
        release_date=release_date,
        release_date_source=release_date_source,
        duration_ms=duration,
        duration_source=duration_source,
    )


def is_complete(told: Mapping[str, Recording]) -> bool:
    """Whether nobody else needs to be asked: ISRC and album are known."""
    return any(each.isrcs for each in told.values()) and any(each.album for each in told.values())
