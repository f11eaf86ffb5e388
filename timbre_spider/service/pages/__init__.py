"""The dashboard: pages for a person, rendered here, that work without JavaScript and load nothing from elsewhere."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from timbre_spider.service.pages import history, library, login, now, sources, who
from timbre_spider.service.pages.dashboard import Dashboard
from timbre_spider.service.state import Service


def add_pages(app: FastAPI, service: Service) -> None:
    """The pages of `service`, and what they are drawn with."""
    app.state.dashboard = Dashboard(service)
    for pages in (now, history, library, who, sources, login):
        app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
