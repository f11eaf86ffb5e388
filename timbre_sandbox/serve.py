"""Starts the services, each on a port of its own, and stops them."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from types import TracebackType

from aiohttp import web

from timbre_spider.errors import PortInUse

from .aoty import Aoty
from .control import Control
from .counting import Counters
from .deezer import Deezer
from .env_file import write_env
from .exact import Exact
from .exchange import Service
from .labs import Labs
from .lastfm import LastFm
from .listenbrainz import ListenBrainz
from .metabrainz import MetaBrainz
from .musicbrainz import MusicBrainz
from .options import HOST, SERVICES, SandboxOptions, environment
from .spotify import Spotify, SpotifyAccounts
from .weather import Weather
from .wire import Handler, handler
from .world import DEFAULT_ROWS, World, build_world
from .world.listeners import names_of, rows_for_all, share_out

_TRIES_FOR_FREE_PORTS = 50
_BACKLOG = 512
# A hundred addresses in one question's.
_LONGEST_LINE = 65_536


class Sandbox:
    """The running services. `with Sandbox(options) as sandbox:` runs them in a thread of this process."""

    def __init__(self, options: SandboxOptions) -> None:
        self.options = options
        self.world: World = build_world(_rows(options), options.seed, options.catalog, options.hostile)
        self.listeners = share_out(self.world, names_of(options.listener, options.listeners))
        self.counters = Counters()
        self.weather = Weather(options.weather, options.seed, options.faults, options.limits)
        self._sockets = _listen(options.port)
        self.port: int = self._sockets[0].getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._thread: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point the pipeline here."""
        return environment(self.port, self.options.listener)

    def url(self, service: str) -> str:
        """The address of a service (see `options.SERVICES`), without a path."""
        return f"http://{HOST}:{self.port + SERVICES.index(service)}"

    async def run(self, ready: Callable[[], None] | None = None) -> None:
        """Serves until `stop`; calls `ready` once every service listens."""
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as running:
            for answering, listening in zip(self._handlers(self._stopping), self._sockets, strict=True):
                runner = _runner(answering)
                running.push_async_callback(runner.cleanup)
                await runner.setup()
                await web.SockSite(runner, listening, backlog=_BACKLOG).start()
            if ready is not None:
                ready()
            await self._stopping.wait()

    def stop(self) -> None:
        """Ends `run` soon; may be called from another thread or a signal handler."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    def __enter__(self) -> "Sandbox":
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self.run(ready.set)), daemon=True)
        self._thread.start()
        if not ready.wait(30):
            raise PortInUse(f"The sandbox at port {self.port} did not start; pick another with --port.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._thread is not None:
            self._thread.join(10)

    def _handlers(self, stopping: asyncio.Event) -> list[Handler]:
        options, world, weather = self.options, self.world, self.weather
        metabrainz, exact = MetaBrainz(world), Exact(world)
        control = Control(world, self.counters, weather, self.port, list(self.listeners))
        services: list[Service] = [
            LastFm(world, self.listeners, weather),
            Spotify(world, options.spotify_mode, exact, weather),
            SpotifyAccounts(),
            Aoty(world, weather, options.aoty_robots, options.aoty_challenge),
            ListenBrainz(world, metabrainz, weather, self.listeners),
            Deezer(world, exact, weather),
            MusicBrainz(world, metabrainz, weather),
            Labs(world),
        ]
        latency = options.latency_ms / 1000
        answering = (handler(service, self.counters, weather, latency, stopping) for service in services)
        return [handler(control, None, None, 0, stopping), *answering]


def serve(options: SandboxOptions) -> None:
    """Runs the sandbox until SIGINT or SIGTERM; prints each service's address, then writes the env file.

    Raises UsageError for a catalogue or a file that cannot be used, PortInUse for a port that is taken.
    """
    sandbox = Sandbox(options)

    def ready() -> None:
        if options.write_env is not None:
            write_env(options.write_env, sandbox.environment)
        for name in SERVICES:
            print(f"{name:<17} {sandbox.url(name)}", flush=True)
        print(
            *(f"{len(heard.rows)} chart rows of {name}" for name, heard in sandbox.listeners.items()),
            f"seed {options.seed}. Ctrl-C stops.",
            sep=", ",
            flush=True,
        )

    async def until_stopped() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, sandbox.stop)
        await sandbox.run(ready)

    asyncio.run(until_stopped())
    if options.write_env is not None:
        print(
            f"{options.write_env} keeps the lines that point here: delete them, or start the sandbox again.", flush=True
        )


def _rows(options: SandboxOptions) -> int | None:
    """Rows of the whole world."""
    if options.listeners == 1:
        return options.rows
    return rows_for_all(options.rows or DEFAULT_ROWS, options.listeners)


def _runner(answering: Handler) -> web.ServerRunner:
    server = web.Server(
        answering, access_log=None, keepalive_timeout=60, max_line_size=_LONGEST_LINE, max_field_size=_LONGEST_LINE
    )
    return web.ServerRunner(server, shutdown_timeout=1)


def _listen(port: int) -> list[socket.socket]:
    """Sockets on a run of ports, one a service."""
    if port:
        return _bind(port)
    for _ in range(_TRIES_FOR_FREE_PORTS):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            first = probe.getsockname()[1]
        with suppress(PortInUse, OverflowError):
            return _bind(first)
    raise PortInUse("Found no free run of ports for the sandbox; name one with --port.")


def _bind(first: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    for port in range(first, first + len(SERVICES)):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sockets.append(listening)
        try:
            listening.bind((HOST, port))
            listening.listen(_BACKLOG)
        except OSError:
            for each in sockets:
                each.close()
            last = first + len(SERVICES) - 1
            raise PortInUse(
                f"Port {port} is in use, and the sandbox needs {first} to {last}; "
                "stop what listens there or pick another with --port."
            ) from None
    return sockets
