"""The errors of timbre_spider.

TimbreError
├── ConfigError            exit status 2
│   ├── UsageError
│   └── WrongWorld
└── RunError               exit status 1
    ├── DatabaseUnreachable
    │   └── SchemaTooNew
    ├── SourceError
    │   ├── KeyRejected
    │   ├── UserUnknown
    │   ├── UserPrivate
    │   ├── Unusable
    │   │   ├── NotTaken
    │   │   ├── NoAnswer
    │   │   └── UnknownPage
    │   ├── Refused
    │   ├── Parked
    │   └── Stopped
    └── PortInUse

The message of each is one line for the user: what happened, to what, what to do. None holds a secret.
"""

from datetime import datetime

from timbre_spider.redaction import redacted


class TimbreError(Exception):
    """Base of all errors a user can cause or meet; ``exit_status`` is what the process ends with."""

    exit_status = 1

    def __str__(self) -> str:
        # Services and drivers put what they were given into what they say, and we quote them.
        return redacted(super().__str__())


class ConfigError(TimbreError):
    """A setting is missing or wrong. Raised by `config` and by the commands' checks; the user mends `.env`."""

    exit_status = 2


class UsageError(ConfigError):
    """An argument is wrong. Raised by the commands and by the spiders' arguments; the user repeats the command."""


class HistoryUnreadable(UsageError):
    """A file that is no history, is damaged or dangerous to open. Raised by `histories`; the user names another one."""


class WrongWorld(ConfigError):
    """Songs of the sandbox and of the live services would mix. Raised by `storage`; the user picks another database."""


class RunError(TimbreError):
    """The run could not do what it was asked. Base of the errors below."""


class DatabaseUnreachable(RunError):
    """No connection to Postgres. Raised by `storage.connect`; the user checks DATABASE_URL and the server."""


class SchemaTooNew(DatabaseUnreachable):
    """The database was migrated by a newer program. Raised by `storage.migrate`; the user updates timbre_spider."""


class SourceError(RunError):
    """An outside service gave no usable answer. Raised by `sources`; base of the errors below."""


class KeyRejected(SourceError):
    """The service does not accept our key. Raised by `sources`; the user mends the key in `.env`."""

    exit_status = 2


class UserUnknown(SourceError):
    """Last.fm has no user of this name. Raised by `sources.lastfm`; the user mends LASTFM_USERNAME or `user=`."""

    exit_status = 2


class UserPrivate(SourceError):
    """The user hides the listening history. Raised by `sources.lastfm`; the user opens it on Last.fm."""

    exit_status = 2


class Unusable(SourceError):
    """The answer is broken or the service is down for now. Raised by `sources`; asked again, then given up.

    `retry_after`: seconds the service wants to be left alone; None where it names none.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotTaken(Unusable):
    """The service does not take the question: asking the same again would bring the same. Raised by `sources`."""


class NoAnswer(Unusable):
    """No answer came: no connection, or none in time. Raised where requests leave; by the service's gate from then on,
    where several questions in a row had none; asked again in the next run."""


class UnknownPage(Unusable):
    """A page of another kind than asked for, or of none that is read. Raised by `sources.aoty`; look at it."""


class Refused(SourceError):
    """The service refuses us. Raised by `sources`, by its gate from then on; asked again in the next run."""


class Parked(SourceError):
    """Quota is used up until `until`. Raised by `sources`, by its gate until then; the run goes on without."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(reason)
        self.until = until


class Stopped(SourceError):
    """The run is ending and asks nothing more. Raised by a gate of `sources` after a stop signal."""


class PortInUse(RunError):
    """A port to listen on is taken. Raised by the sandbox and the service; the user picks another with `--port`."""
