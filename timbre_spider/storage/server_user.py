"""Who runs the embedded Postgres where we are root, which it refuses to be: a user that root lends it."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from timbre_spider.errors import DatabaseUnreachable

NAME = "pgserver"
# Absolute: a root that came by `su` has no sbin in its PATH.
_USERADD = ("/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME)
# Root's home is closed to others, and so is all that root makes under umask 077. The lent user may pass there as root
# may; no folder changes its mode. The securebit is for access(2), which Postgres asks: without it the kernel answers
# for the user alone.
_PASS_ANYWHERE = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup")


@dataclass(frozen=True, slots=True)
class LentUser:
    """The user a server of root's runs as."""

    uid: int
    gid: int

    @classmethod
    def of(cls, cluster: Path) -> Self:
        """The owner of `cluster` or, for a new one, the system user `pgserver`, made on first use.

        Raises DatabaseUnreachable where that user cannot be made, or root cannot become it.
        """
        if shutil.which("setpriv") is None:
            raise DatabaseUnreachable(
                "Postgres does not run as root, and the program setpriv is missing. Install the package util-linux, "
                "run timbre as an ordinary user, or set DATABASE_URL."
            )
        if cluster.exists() and (found := cluster.stat()).st_uid:
            return cls(found.st_uid, found.st_gid)
        for _ in range(2):
            with suppress(KeyError):
                entry = pwd.getpwnam(NAME)
                return cls(entry.pw_uid, entry.pw_gid)
            with suppress(OSError):
                subprocess.run(_USERADD, capture_output=True, check=False)
        raise DatabaseUnreachable(
            f"Postgres does not run as root, and a user {NAME} could not be made. Run `useradd --system {NAME}`, "
            "run timbre as an ordinary user, or set DATABASE_URL."
        )

    def owns(self, folder: Path) -> None:
        """Hand `folder` to this user."""
        os.chown(folder, self.uid, self.gid)

    def runs(self, command: Iterable[object], reaching: Iterable[Path]) -> list[object]:
        """`command` so that this user runs it and gets to the folders it is `reaching` for."""
        above = {parent for folder in reaching for parent in folder.parents}
        allowed = () if all(map(self._may_pass, above)) else _PASS_ANYWHERE
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", *allowed, *command]

    def _may_pass(self, folder: Path) -> bool:
        found = folder.stat()
        bit = 0o100 if found.st_uid == self.uid else 0o010 if found.st_gid == self.gid else 0o001
        return bool(found.st_mode & bit)
