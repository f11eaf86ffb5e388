"""The table of mutants of sql/ is of the files as they are."""

import pytest

from tests.conftest import ROOT
from tests.mutation.sql import TESTS
from tests.mutation.sql_mutants import HARMLESS, MUTANTS
from timbre_spider.storage.migrate import SQL

pytestmark = pytest.mark.unit


def test_each_fits_its_file_and_changes_it() -> None:
    files = {path.name[:4]: path.read_text(encoding="utf-8") for path in SQL.glob("0*.sql")}
    assert [(file, old) for file, old, new in MUTANTS if files[file].count(old) != 1 or old == new] == []


def test_each_is_there_once_and_has_tests_that_are_there() -> None:
    assert len(set(MUTANTS)) == len(MUTANTS)
    assert set(HARMLESS) <= set(MUTANTS)
    assert {file for file, _, _ in MUTANTS} <= set(TESTS)
    assert [test for tests in TESTS.values() for test in tests if not (ROOT / test).exists()] == []
