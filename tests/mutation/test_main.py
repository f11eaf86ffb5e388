"""Each file of a room has tests to try its mutants with."""

import pytest

from tests.conftest import ROOT
from tests.mutation.__main__ import ELSEWHERE, NOT_TRIED, tried_with

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("timbre_spider/cells.py", ("tests/test_cells.py",)),
        ("timbre_spider/sources/gate.py", ("tests/sources",)),
        ("timbre_spider/sources/aoty/page.py", ("tests/sources/aoty",)),
        ("timbre_spider/sources/deezer/__init__.py", ("tests/sources",)),
        ("timbre_spider/matching/names/words.py", ("tests/matching",)),
        ("timbre_spider/extensions/beforehand.py", ("tests/pipelines/open/test_look_ahead.py",)),
    ],
)
def test_a_file_s_tests_are_beside_it_or_listed(file, tests):
    assert tried_with(file) == tests


def test_all_that_is_listed_is_there():
    files = [*ELSEWHERE, *NOT_TRIED, *(test for tests in ELSEWHERE.values() for test in tests)]
    assert [file for file in files if not (ROOT / file).exists()] == []
