"""What an error of the database means for the batch that met it."""

from enum import Enum, auto

import psycopg

from timbre_spider.errors import DatabaseUnreachable


class FailureKind(Enum):
    """What to do about it."""

    GONE = auto()
    """The server or the way to it: try again later."""
    SLOW = auto()
    """The statement took longer than the server allows: try less at once."""
    POISON = auto()
    """A row breaks a rule: find it, set it aside."""


class RestFailure(Exception):
    """Supabase's REST side answered with an error; `failure` says of which kind, `told` is Postgres's own message.

    Neither holds the key.
    """

    def __init__(self, message: str, failure: FailureKind, told: str = "") -> None:
        super().__init__(message)
        self.failure = failure
        self.told = told


_SLOW = (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable)
_POISON = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded, ValueError)
ERRORS = (psycopg.Error, DatabaseUnreachable, RestFailure, OSError, ValueError)


def kind_of(error: Exception) -> FailureKind:
    """Which failure `error` is; what nobody can name counts as gone, so that nothing is thrown away."""
    if isinstance(error, RestFailure):
        return error.failure
    if isinstance(error, _SLOW):
        return FailureKind.SLOW
    if isinstance(error, _POISON):
        return FailureKind.POISON
    return FailureKind.GONE
