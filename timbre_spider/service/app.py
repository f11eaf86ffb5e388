"""The service as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from fastapi_swagger import patch_fastapi
from starlette.exceptions import HTTPException

from timbre_spider import __version__
from timbre_spider.errors import TimbreError
from timbre_spider.service.access import Access
from timbre_spider.service.following import Following
from timbre_spider.service.heads import Heads
from timbre_spider.service.metrics import Measured, Metrics
from timbre_spider.service.pages import add_pages
from timbre_spider.service.pages.login import OPEN_PATHS
from timbre_spider.service.refusals import REFUSALS, asked_wrongly, not_taken, told
from timbre_spider.service.routes import database, health, overrides, pipeline, reports, runs, songs, watch
from timbre_spider.service.state import Service

_THREADS = 8


def create_app(service: Service) -> FastAPI:
    """The application of `service`, guarded."""
    token = service.config.api_token
    app = FastAPI(
        title="timbre_spider",
        version=__version__,
        summary="A listener's whole music history as a clean, canonical, enriched table of songs.",
        lifespan=_lasting,
        responses=REFUSALS,
        # For the description alone: `Access` asks for it before anything is looked at.
        dependencies=[Depends(HTTPBearer(auto_error=False, description="API_TOKEN"))] if token else [],
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
    )
    # FastAPI's own /docs loads its scripts from elsewhere; this one brings them along.
    patch_fastapi(app, redirect_from_root_to_docs=False, swagger_ui_parameters={"persistAuthorization": False})
    app.state.service = service
    app.state.following = Following(lambda: pipeline.status(service).model_dump_json())
    app.state.metrics = metrics = Metrics(service)
    for routes in (health, pipeline, runs, database, songs, reports, overrides, watch):
        app.include_router(routes.router)
    add_pages(app, service)
    app.add_exception_handler(TimbreError, told)
    app.add_exception_handler(HTTPException, not_taken)
    app.add_exception_handler(RequestValidationError, asked_wrongly)
    app.add_middleware(Measured, metrics=metrics)
    app.add_middleware(Access, token=token.get_secret_value() if token else None, open_paths=OPEN_PATHS)
    app.add_middleware(Heads)
    return app


@asynccontextmanager
async def _lasting(app: FastAPI) -> AsyncIterator[None]:
    """Each thread may hold a connection to the database, which a crawl needs too; one looks ahead for whoever comes."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
    async with anyio.create_task_group() as meanwhile:
        meanwhile.start_soon(partial(anyio.to_thread.run_sync, app.state.dashboard.prepare, abandon_on_cancel=True))
        yield
        meanwhile.cancel_scope.cancel()
