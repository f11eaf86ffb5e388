"""What each error means for the batch that met it."""

import psycopg
import pytest

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.failure import ERRORS, FailureKind, RestFailure, kind_of

pytestmark = pytest.mark.unit

GONE, SLOW, POISON = FailureKind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.OperationalError("server closed the connection"), GONE),
        (psycopg.errors.AdminShutdown("terminating"), GONE),
        (psycopg.errors.DeadlockDetected("deadlock"), GONE),
        (psycopg.errors.DiskFull("no space"), GONE),
        (psycopg.errors.UndefinedFunction("no such function"), GONE),
        (psycopg.errors.InsufficientPrivilege("denied"), GONE),
        (DatabaseUnreachable("away"), GONE),
        (OSError("broken pipe"), GONE),
        (psycopg.errors.QueryCanceled("statement timeout"), SLOW),
        (psycopg.errors.LockNotAvailable("lock timeout"), SLOW),
        (psycopg.errors.NumericValueOutOfRange("too large"), POISON),
        (psycopg.errors.CheckViolation("a score of 101"), POISON),
        (psycopg.errors.NotNullViolation("null"), POISON),
        (psycopg.errors.ProgramLimitExceeded("too long for an index"), POISON),
        (ValueError("no such text"), POISON),
        (RestFailure("x", SLOW), SLOW),
        (RestFailure("x", POISON), POISON),
        (RestFailure("x", GONE), GONE),
    ],
)
def test_each_error_is_of_a_kind_and_what_nobody_can_name_is_gone(error: Exception, kind: FailureKind) -> None:
    assert isinstance(error, ERRORS)
    assert kind_of(error) is kind


def test_an_error_of_our_own_is_none_of_the_database_s() -> None:
    assert not isinstance(KeyError("x"), ERRORS)
    failure = RestFailure("Supabase says x", POISON, "x")
    assert (str(failure), failure.told, RestFailure("y", GONE).told) == ("Supabase says x", "x", "")
