"""Before a crawl: the folders it writes into."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from timbre_spider.config import Config, load_config
from timbre_spider.crawling import check_folders
from timbre_spider.errors import ConfigError

pytestmark = pytest.mark.unit
STRANGER = 65534


@contextmanager
def as_stranger() -> Iterator[None]:
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    os.seteuid(STRANGER)
    try:
        yield
    finally:
        os.seteuid(0)


def config_in(folder: Path) -> Config:
    return load_config(
        _env_file=None, data_dir=folder / "a/data", logs_dir=folder / "logs", exports_dir=folder / "exports"
    )


def test_folders_of_ours_may_be_there_or_not(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    check_folders(config_in(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_a_folder_of_somebody_else_is_named_with_the_cure(tmp_path: Path) -> None:
    with as_stranger(), pytest.raises(ConfigError) as caught:
        check_folders(config_in(tmp_path))
    assert "DATA_DIR" in str(caught.value)
    assert f"belongs to user 0, and timbre runs as user {STRANGER}" in str(caught.value)
    assert f"chown -R {STRANGER} " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_in_the_way_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("")
    with pytest.raises(ConfigError, match=r"EXPORTS_DIR .* is no folder"):
        check_folders(config_in(tmp_path))
