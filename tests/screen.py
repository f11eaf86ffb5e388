"""A command on a terminal of its own, as a person sees it."""

import os
import pty
import select
import subprocess
import time

from tests.conftest import BIN, Workspace


def shown_by(workspace: Workspace, *command: str, prompt: str = "", typed: str = "", **env: str) -> str:
    """Everything a command writes to its terminal until it ends; `typed` goes in once `prompt` is seen."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [BIN / command[0], *command[1:]], cwd=workspace.folder, env=workspace.env | env, stdin=there, stdout=there,
        stderr=there, start_new_session=True,
    )  # fmt: skip
    os.close(there)
    said, deadline, waiting = b"", time.monotonic() + 120, bool(typed)
    try:
        while process.poll() is None or select.select([here], [], [], 0)[0]:
            assert time.monotonic() < deadline, said.decode(errors="replace")
            if select.select([here], [], [], 0.1)[0]:
                said += os.read(here, 65536)
            if waiting and prompt.encode() in said:
                os.write(here, typed.encode())
                waiting = False
    except OSError:  # the other end is closed
        process.wait(30)
    finally:
        process.kill()
        process.wait()
        os.close(here)
    return said.decode()
