"""Whether the process of a run is still there."""

import os
from dataclasses import replace

import psutil
import pytest

from timbre_spider.storage.process import ProcessIdentity

pytestmark = pytest.mark.unit

HERE = ProcessIdentity.of_this_one()


@pytest.mark.parametrize(
    ("started", "gone"), [(0, False), (1.9, False), (-1.9, False), (2.5, True), (-2.5, True), (-86_400, True)]
)
def test_a_number_that_another_process_has_by_now_is_told_by_its_start(started: float, gone: bool) -> None:
    assert replace(HERE, started=HERE.started + started).is_gone is gone


def test_one_that_ended_is_gone_waited_for_or_not() -> None:
    number = os.fork()
    if number == 0:
        os._exit(0)
    child = ProcessIdentity(HERE.host, number, psutil.Process(number).create_time())
    os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody was told
    assert child.is_gone
    os.waitpid(number, 0)
    assert child.is_gone


def test_one_of_another_machine_is_not_here() -> None:
    assert (HERE.is_here, replace(HERE, host="elsewhere").is_here) == (True, False)
    assert (HERE.number, HERE.started) == (os.getpid(), psutil.Process().create_time())
