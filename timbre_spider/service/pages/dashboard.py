"""What the pages share: values that cost something to make are made once for all who look."""

from collections.abc import Hashable
from contextlib import suppress
from functools import partial
from typing import Annotated

from fastapi import Depends, Request

from timbre_spider.matching.albums.key import artist_part
from timbre_spider.service.following import Following
from timbre_spider.service.pages.findings import find
from timbre_spider.service.pages.pace import Pace
from timbre_spider.service.pages.progress import Progress, progress
from timbre_spider.service.pages.render import part
from timbre_spider.service.state import Remembered, Service
from timbre_spider.storage.library import Library, listeners, read_library, state_of_songs
from timbre_spider.storage.source_health import source_health

# Entries of each list of a library.
TOP = 15
# A library changes slowly: one that took a third of a second to read is shown for a minute.
_WORTH = 200.0
# A run tells how far it is every other second.
_DRAWN_SECONDS = 2.0


class Dashboard:
    """The pages' side of a service."""

    def __init__(self, service: Service) -> None:
        paces: dict[str, Pace] = {}
        self.service = service
        self._libraries: dict[str | None, Remembered[Library]] = {}
        self.health = Remembered(lambda: source_health(service.database))
        self.findings = Remembered(lambda: find(service))
        self.progress: Remembered[Progress] = Remembered(lambda: progress(service, paces), worth=1.0)
        self.live = Following(lambda: part("now_live.html", progress=self.progress.get()), every=_DRAWN_SECONDS)

    def prepare(self) -> None:
        """Read what a visitor sees first, before one comes."""
        with suppress(Exception):  # whatever is wrong, a visitor is told
            self.service.counts.prepare()
            self.library_of(self.meant(listeners(self.service.database)))
            find(self.service)  # with its first time come the lists of words

    def meant(self, stored: list[str]) -> str | None:
        """Of the stored listeners LASTFM_USERNAME, or the only one there is; else everybody."""
        wanted = (self.service.config.lastfm_username or "").lower()
        return next((each for each in stored if each.lower() == wanted), stored[0] if len(stored) == 1 else None)

    def library_of(self, listener: str | None) -> Library:
        """What a stored listener has heard; None: all of them. Raises DatabaseUnreachable."""
        made = self._libraries.setdefault(
            listener, Remembered(partial(self._read, listener), worth=_WORTH, made_of=self._songs)
        )
        return made.get()

    def _read(self, listener: str | None) -> Library:
        return read_library(self.service.database, listener, artist_part, top=TOP)

    def _songs(self) -> Hashable:
        return state_of_songs(self.service.database)

    def forget_songs(self) -> None:
        """Songs have changed by a person's word."""
        self.findings.forget()
        self._libraries.clear()


def _dashboard(request: Request) -> Dashboard:
    dashboard: Dashboard = request.app.state.dashboard
    return dashboard


# What a page asks for to get at all this.
There = Annotated[Dashboard, Depends(_dashboard)]
