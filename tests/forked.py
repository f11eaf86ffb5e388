"""Commands in processes of their own that need not load Python's modules: forks of a process that has loaded them all.

To their user they are what the programs in .venv/bin are: arguments, folder, environment, output, status, signals. The
settings and the terminal, which depend on the environment, are read after the fork.
"""

import atexit
import gc
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from weakref import finalize

# What reads the environment, or runs, when it is imported.
_NOT_BEFORE_THE_FORK = ("settings", "commands.crawl", "__main__", "scrapyd_runner")
# What a crawl imports only when it needs it.
_NEEDED_LATER = (
    "scrapy.cmdline", "scrapy.core.engine", "scrapy.core.downloader.handlers.http11", "scrapy.pqueues",
    "scrapy.utils.reactor", "scrapy.utils.ssl", "twisted.internet.asyncioreactor",
    "aiohttp.web", "uvicorn", "uvicorn.lifespan.off", "uvicorn.loops.asyncio", "uvicorn.protocols.http.h11_impl",
)  # fmt: skip
_INT = struct.Struct("i")


class Forked:
    """A running command, with as much of `subprocess.Popen` as tests use; what it says is kept together."""

    def __init__(self, command: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        self.args = command
        self.returncode: int | None = None
        self._output, name = tempfile.mkstemp(prefix="timbre-said-")
        os.unlink(name)
        self._told, told = os.pipe()
        for file in (self._output, self._told):
            finalize(self, os.close, file)
        request = json.dumps([list(map(str, command)), str(folder), dict(env)]).encode()
        socket.send_fds(_server(), [request], [self._output, told])
        os.close(told)
        self.pid = self._next_number()

    def wait(self, timeout: float | None = None) -> int:
        """The exit status. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self.returncode = self._next_number()
        return self.returncode

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """What it said, once it has ended. Raises subprocess.TimeoutExpired."""
        self.wait(timeout)
        return self.said, None

    @property
    def said(self) -> str:
        """What it has said so far."""
        return os.pread(self._output, 1 << 28, 0).decode()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _next_number(self) -> int:
        told = os.read(self._told, _INT.size)
        assert told, "the process that commands are forks of has ended"
        number: int = _INT.unpack(told)[0]
        return number


@lru_cache(maxsize=1)
def _server() -> socket.socket:
    """The way to the process whose forks the commands are; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(10)

    atexit.register(end)
    return ours


def _wait_for_a_command(requests: socket.socket) -> tuple[list[str], str, dict[str, str]]:
    """Forks at each request; comes back in the forks alone, with command, folder and environment."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, files, *_ = socket.recv_fds(requests, 1 << 20, 2)
        if not request:
            os._exit(0)
        if os.fork() == 0:
            break
        for each in files:
            os.close(each)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    requests.close()
    output, told = files
    pid = os.fork()
    if pid:
        # One that waits for the command, and tells how it ended.
        os.write(told, _INT.pack(pid))
        os.write(told, _INT.pack(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
        os._exit(0)
    os.close(told)
    for standard in (1, 2):
        os.dup2(output, standard)
    os.close(output)
    command, folder, env = json.loads(request)
    return command, folder, env


def _load() -> None:
    """All that a command may import, save what it must import by itself."""
    for package in map(import_module, ("timbre_spider", "timbre_sandbox")):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if each.name.partition(".")[2] not in _NOT_BEFORE_THE_FORK:
                import_module(each.name)
    for name in _NEEDED_LATER:
        import_module(name)
    for value in vars(import_module("scrapy.settings.default_settings")).values():
        for name in value if isinstance(value, dict) else [value]:
            if isinstance(name, str) and name.startswith("scrapy."):
                import_module(name.rpartition(".")[0])
    assert "twisted.internet.reactor" not in sys.modules, "a reactor is of one process"
    gc.collect()
    gc.freeze()


def main() -> None:
    sys.path[0] = str(Path(sys.executable).parent)
    _load()
    (name, *arguments), folder, env = _wait_for_a_command(socket.socket(fileno=int(sys.argv[1])))
    from scrapy.cmdline import execute

    from timbre_spider.cli import main as timbre
    from timbre_spider.terminal import console

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.path[1:1] = filter(None, env.get("PYTHONPATH", "").split(os.pathsep))
    sys.argv = [str(Path(sys.executable).with_name(name)), *arguments]
    console.__init__()  # type: ignore[misc]
    sys.exit({"timbre": timbre, "scrapy": execute, "downloads": _downloads}[name]())


def _downloads() -> None:
    import_module("tests.middlewares.downloads").main()


if __name__ == "__main__":
    main()
