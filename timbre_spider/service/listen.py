"""From a configuration to a service that listens, until a signal ends it."""

import asyncio
import errno
import socket

import uvicorn

from timbre_spider.config import Config
from timbre_spider.errors import PortInUse
from timbre_spider.service.app import create_app
from timbre_spider.service.state import Service
from timbre_spider.service.ticking import scheduled, start_ticking
from timbre_spider.stop_signal import stop_signal
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.migrate import migrate
from timbre_spider.terminal import console

# How long an answer under way may take when the service is told to end: then what it asks the database is cancelled,
# and a second later it is itself.
_PATIENCE = 1


class _Server(uvicorn.Server):
    """Ends, however long the database takes for an answer."""

    def __init__(self, settings: uvicorn.Config, service: Service) -> None:
        super().__init__(settings)
        self._service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(_PATIENCE, self._service.stop)
        await super().shutdown(sockets)


def listen(config: Config, host: str, port: int) -> None:
    """Blocks. Raises ConfigError, DatabaseUnreachable, PortInUse."""
    with listening_on(host, port) as listening, open_database(config) as database:
        migrate(database)
        database.keep_connections()
        service = Service(config, database)
        schedule = scheduled(service)
        app = create_app(service)
        shown = f"[{host}]" if ":" in host else host
        console.print(
            f"http://{shown}:{port} (what it answers: http://{shown}:{port}/docs). Ctrl-C ends it; runs go on."
        )
        ticking = start_ticking(service, schedule)
        settings = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_PATIENCE + 1,
        )
        try:
            # What ended it uvicorn raises once more at its end, and a SIGTERM would leave our Postgres running.
            with stop_signal.caught():
                _Server(settings, service).run(sockets=[listening])
        finally:
            service.stop()
            ticking.shutdown()


def listening_on(host: str, port: int) -> socket.socket:
    """A socket of its own, so that a port that is taken is told before anything is opened. Raises PortInUse."""
    # Asyncio sends at once what is written, and not 40 ms later, only where the protocol is named.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        taken = error.errno == errno.EADDRINUSE
        why = "is taken" if taken else f"cannot be listened on ({error.strerror})"
        raise PortInUse(f"{host}:{port} {why}: pick another with --port or --host.") from None
    return listening
