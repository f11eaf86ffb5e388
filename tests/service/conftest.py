"""The service, listening on a port of this machine, with a database of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from timbre_spider.config import load_config
from timbre_spider.service.app import create_app
from timbre_spider.service.listen import listening_on
from timbre_spider.service.state import Service
from timbre_spider.storage.database import Database


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serves an ASGI application; its address."""
    listening = listening_on("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def client_of(database: Database, tmp_path: Path) -> Iterator[Callable[..., httpx2.Client]]:
    """Serves the database with settings as given: `client_of(api_token=…)`; a client of that service."""
    opened = []
    database.keep_connections()

    def serve(**given: Any) -> httpx2.Client:
        config = load_config(_env_file=None, **({"data_dir": tmp_path / "data", "logs_dir": tmp_path / "logs"} | given))
        serving = served(create_app(Service(config, database)))
        client = httpx2.Client(base_url=serving.__enter__(), timeout=30)
        opened.append((client, serving))
        return client

    yield serve
    for client, serving in opened:
        client.close()
        serving.__exit__(None, None, None)
    database.hang_up()


@pytest.fixture
def client(client_of: Callable[..., httpx2.Client]) -> httpx2.Client:
    """A client of a service without a token."""
    return client_of()
