"""Whom root lends the embedded Postgres, and how a program is run as that user."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.server_user import LentUser

pytestmark = pytest.mark.unit


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A system on which the user is made by the first `useradd`, unless `makes` says otherwise."""
    told = SimpleNamespace(users={}, ran=[], makes=True)

    def run(command: Any, **options: Any) -> None:
        told.ran.append(tuple(command))
        if told.makes is None:
            raise FileNotFoundError(command[0])
        if told.makes:
            told.users["pgserver"] = SimpleNamespace(pw_uid=77, pw_gid=78)

    monkeypatch.setattr(pwd, "getpwnam", lambda name: told.users[name])
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", {"setpriv": "/usr/bin/setpriv"}.get)
    return told


USERADD = ("/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "pgserver")


def test_the_user_is_made_once(system: SimpleNamespace, tmp_path: Path) -> None:
    for _ in range(2):
        assert LentUser.of(tmp_path / "postgres") == LentUser(77, 78)
    assert system.ran == [USERADD]


@pytest.mark.parametrize("makes", [False, None], ids=["refused", "no such program"])
def test_where_it_cannot_be_made_there_are_ways_out(system: SimpleNamespace, tmp_path: Path, makes: Any) -> None:
    system.makes = makes
    with pytest.raises(DatabaseUnreachable) as caught:
        LentUser.of(tmp_path / "postgres")
    assert str(caught.value) == (
        "Postgres does not run as root, and a user pgserver could not be made. Run `useradd --system pgserver`, run "
        "timbre as an ordinary user, or set DATABASE_URL."
    )
    assert system.ran == [USERADD] * 2


def test_without_the_program_that_changes_users_there_are_ways_out(
    system: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", {"useradd": "/usr/sbin/useradd"}.get)
    with pytest.raises(DatabaseUnreachable) as caught:
        LentUser.of(tmp_path / "postgres")
    assert str(caught.value) == (
        "Postgres does not run as root, and the program setpriv is missing. Install the package util-linux, run timbre "
        "as an ordinary user, or set DATABASE_URL."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_cluster_that_somebody_owns_stays_theirs_and_root_s_goes_to_the_user(
    system: SimpleNamespace, tmp_path: Path
) -> None:
    cluster = tmp_path / "postgres"
    cluster.mkdir()
    assert LentUser.of(cluster) == LentUser(77, 78)
    LentUser(4321, 8765).owns(cluster)
    assert (cluster.stat().st_uid, cluster.stat().st_gid) == (4321, 8765)
    assert LentUser.of(cluster) == LentUser(4321, 8765)


PASSES = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup")
OWN_UID, OWN_GID = os.geteuid(), os.getegid()


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "passes"),
    [
        (0o700, OWN_UID, 4321, True),
        (0o677, OWN_UID, 4321, False),
        (0o710, 4321, OWN_GID, True),
        (0o707, 4321, OWN_GID, False),
        (0o701, 4321, 4321, True),
        (0o776, 4321, 4321, False),
    ],
)
def test_a_folder_on_the_way_that_is_closed_takes_a_right_to_pass(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int, uid: int, gid: int, passes: bool
) -> None:
    stat = Path.stat

    def told(path: Path, **options: Any) -> Any:
        """Of all folders above the one under test as if anybody may pass."""
        found = stat(path, **options)
        known = {"st_uid": found.st_uid, "st_gid": found.st_gid}
        return SimpleNamespace(st_mode=found.st_mode | (0o111 if path in tmp_path.parents else 0), **known)

    monkeypatch.setattr(Path, "stat", told)
    closed = tmp_path / "closed"
    closed.mkdir()
    tmp_path.chmod(0o777)
    closed.chmod(mode)
    user = LentUser(uid, gid)
    command = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    ended = ["initdb", "-D", closed]
    assert user.runs(ended, reaching=[tmp_path / "x", closed / "postgres"]) == [
        *command, *(() if passes else PASSES), *ended,
    ]  # fmt: skip
    assert user.runs(ended, reaching=[tmp_path / "x", closed]) == [*command, *ended]
    closed.chmod(0o700)
