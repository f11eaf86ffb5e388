"""What the pages share: values that cost something to make are made once for all who look."""

from typing import Annotated

from fastapi import Depends, Request

from timbre_spider.service.pages.pace import Pace
from timbre_spider.service.pages.progress import Progress, progress
from timbre_spider.service.state import Remembered, Service


class Dashboard:
    """The pages' side of a service."""

    def __init__(self, service: Service) -> None:
        paces: dict[str, Pace] = {}
        self.service = service
        self.progress: Remembered[Progress] = Remembered(lambda: progress(service, paces))


def _dashboard(request: Request) -> Dashboard:
    dashboard: Dashboard = request.app.state.dashboard
    return dashboard


# What a page asks for to get at all this.
There = Annotated[Dashboard, Depends(_dashboard)]
