import os
import stat

import pytest
from dotenv import dotenv_values

from timbre_sandbox.env_file import BEGIN, END, write_env
from timbre_spider.errors import UsageError

pytestmark = pytest.mark.unit

LINES = {"LASTFM_BASE_URL": "http://127.0.0.1:8461/2.0/", "LASTFM_API_KEY": "made-up", "LASTFM_USERNAME": "listener"}
BLOCK = "\n".join([BEGIN, *(f"{name}={value}" for name, value in LINES.items()), END]) + "\n"

OWN = """# my settings\r
export PGHOST=elsewhere   # for psql

LASTFM_API_KEY=
OTHER='two
lines'
MAX_SONGS=500"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".env"


def test_a_new_file_holds_the_lines_and_is_private(path):
    old = os.umask(0)
    try:
        write_env(path, LINES)
    finally:
        os.umask(old)
    assert path.read_text() == BLOCK
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_persons_file_keeps_every_byte(path):
    path.write_bytes(OWN.encode() + b" # caf\xe9")
    path.chmod(0o644)
    write_env(path, LINES)
    assert path.read_bytes() == OWN.encode() + b" # caf\xe9\n" + BLOCK.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_its_lines_are_the_ones_that_count(path):
    path.write_text(OWN)
    write_env(path, LINES)
    assert dotenv_values(path).items() >= LINES.items()


def test_another_time_only_its_own_lines_change(path):
    path.write_text(OWN)
    write_env(path, LINES)
    path.write_text(path.read_text() + "ADDED=later\n")
    other = LINES | {"LASTFM_BASE_URL": "http://127.0.0.1:9461/2.0/"}
    write_env(path, other)
    write_env(path, other)
    assert path.read_text() == OWN.replace("\r", "") + "\nADDED=later\n" + BLOCK.replace(":8461", ":9461")


@pytest.mark.parametrize(
    "line", ["LASTFM_API_KEY=my-own", "export LASTFM_API_KEY='my-own'", "LASTFM_USERNAME=me\nLASTFM_API_KEY=my-own"]
)
def test_a_persons_own_value_is_never_replaced(path, line):
    path.write_text(f"{line}\n")
    path.chmod(0o640)
    with pytest.raises(UsageError, match=r"has LASTFM_API_KEY.* of its own") as refused:
        write_env(path, LINES)
    assert "my-own" not in str(refused.value)
    assert path.read_text() == f"{line}\n"
    assert list(path.parent.iterdir()) == [path]


def test_the_same_value_is_no_contradiction(path):
    path.write_text("LASTFM_USERNAME=listener\n")
    write_env(path, LINES)
    assert path.read_text() == "LASTFM_USERNAME=listener\n" + BLOCK


def test_a_link_stays_a_link(path, tmp_path):
    target = tmp_path / "settings.env"
    target.write_text(OWN)
    path.symlink_to(target)
    write_env(path, LINES)
    assert path.is_symlink()
    assert target.read_text().endswith(BLOCK)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(UsageError, match="no-folder"):
        write_env(tmp_path / "no-folder" / ".env", LINES)
