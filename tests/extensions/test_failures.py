"""Why a run failed: the first error, and songs that are not stored."""

from types import SimpleNamespace
from typing import Any

import pytest

from timbre_spider.errors import RunError
from timbre_spider.extensions.failures import Failures

pytestmark = pytest.mark.unit


def writer(spooled: int = 0, lost: int = 0) -> Any:
    return SimpleNamespace(spooled=spooled, lost=lost, spool_dir="data/spool")


def test_what_follows_the_first_error_is_mostly_its_consequence() -> None:
    failures = Failures()
    for error in (first := RunError("first"), RunError("second")):
        failures.add(error)
    failures.add_unstored(writer(spooled=3))
    assert failures.first is first


@pytest.mark.parametrize(
    ("unstored", "said"),
    [
        (writer(), None),
        (writer(spooled=1), "1 song is kept in data/spool, not stored. When it is back: timbre replay"),
        (writer(spooled=1200), "1,200 songs are kept in data/spool, not stored."),
        (writer(lost=2), "2 songs could not be kept in data/spool either: make room on the disk and run again."),
        # What is gone for good is said before what waits.
        (writer(spooled=3, lost=2), "2 songs could not be kept"),
    ],
)
def test_songs_that_are_not_stored_make_a_run_fail(unstored: Any, said: str | None) -> None:
    failures = Failures()
    failures.add_unstored(unstored)
    assert (failures.first is None) if said is None else (said in str(failures.first))
