"""What the pages share: values that cost something to make are made once for all who look."""

from typing import Annotated

from fastapi import Depends, Request

from timbre_spider.service.pages.findings import find
from timbre_spider.service.pages.pace import Pace
from timbre_spider.service.pages.progress import Progress, progress
from timbre_spider.service.state import Remembered, Service
from timbre_spider.storage.library import Library, read_library
from timbre_spider.storage.source_health import source_health

# Entries of each list of a library.
TOP = 15
# A library changes slowly: one that took a third of a second to read is shown for a minute.
_WORTH = 200.0


class Dashboard:
    """The pages' side of a service."""

    def __init__(self, service: Service) -> None:
        paces: dict[str, Pace] = {}
        self.service = service
        self._libraries: dict[str | None, Remembered[Library]] = {}
        self.health = Remembered(lambda: source_health(service.database))
        self.findings = Remembered(lambda: find(service))
        self.progress: Remembered[Progress] = Remembered(lambda: progress(service, paces), worth=1.0)

    def library_of(self, listener: str | None) -> Library:
        """What a stored listener has heard; None: all of them. Raises DatabaseUnreachable."""
        made = self._libraries.setdefault(
            listener, Remembered(lambda: read_library(self.service.database, listener, top=TOP), worth=_WORTH)
        )
        return made.get()

    def forget_songs(self) -> None:
        """Songs have changed by a person's word."""
        self.findings.forget()
        self._libraries.clear()


def _dashboard(request: Request) -> Dashboard:
    dashboard: Dashboard = request.app.state.dashboard
    return dashboard


# What a page asks for to get at all this.
There = Annotated[Dashboard, Depends(_dashboard)]
