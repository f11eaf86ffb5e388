"""The ledger of Spotify's calls: how many were made of each kind of endpoint, and what is locked until when."""

from collections.abc import Mapping
from datetime import UTC, datetime

from timbre_spider.items import CallsMade
from timbre_spider.storage.database import Database
from timbre_spider.storage.link import Link


class CallLedger:
    """Shared by all runs and workers. Raises what the link raises."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def made(self, at: datetime) -> dict[str, CallsMade]:
        """By kind of endpoint, what was made in the fortnight before."""
        return _read(await self._link.call("timbre_spotify_calls", {"at": at.isoformat()}))

    async def take(self, bucket: str, at: datetime, most: int | None) -> bool:
        """Whether a call may be made now, of `most` in a rolling day (None: not bounded); it counts from now on."""
        asked = {"bucket": bucket, "at": at.isoformat(), "most": -1 if most is None else most}
        return bool(await self._link.call("timbre_take_spotify_call", asked))

    async def lock(self, bucket: str, at: datetime, until: datetime) -> None:
        """Nothing of the kind is to be asked before `until`."""
        told = {"bucket": bucket, "at": at.isoformat(), "until": until.isoformat()}
        await self._link.call("timbre_lock_spotify_calls", told)

    async def close(self) -> None:
        """Hang up."""
        await self._link.close()


def calls_made(database: Database, at: datetime) -> dict[str, CallsMade]:
    """What `CallLedger.made` tells, for commands. Raises DatabaseUnreachable."""
    return _read(database.call("timbre_spotify_calls", {"at": at.isoformat()}))


def _read(told: Mapping[str, Mapping[str, list[list[str]]]]) -> dict[str, CallsMade]:
    return {
        bucket: CallsMade(
            tuple((_time(hour), int(calls)) for hour, calls in each["hours"]),
            tuple((_time(met), _time(until)) for met, until in each["locks"]),
        )
        for bucket, each in told.items()
    }


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
