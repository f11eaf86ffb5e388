"""What artists brought out and where Spotify has it, which costs no call of Spotify's: MusicBrainz, beside calls that
are scarce."""

import asyncio
import heapq

from timbre_spider.extensions.context import Context
from timbre_spider.pipelines.spotify.match import key_of_album
from timbre_spider.planning.artist import MOST_LINKED
from timbre_spider.planning.calls import Call

# Artists put in order at a time.
_IN_LINE = 50


class Links:
    """An artist at a time, those with the most plays at stake first."""

    def __init__(self, context: Context) -> None:
        self._pool = context.pool
        self._beforehand = context.beforehand
        self._left = MOST_LINKED
        self._line: list[str] = []
        self._asking: asyncio.Task[None] | None = None
        self._asked_for = ""

    @property
    def is_asking(self) -> bool:
        """Whether somebody is being asked for."""
        return self._asking is not None and not self._asking.done()

    def go_on(self) -> None:
        """Asks for the next artist's, if nobody is being asked for."""
        if self._may_ask and not self.is_asking:
            artist = self._next()
            if artist is not None:
                self._begin(artist)

    def is_due(self, artist: str) -> bool:
        """Whether an artist's albums may still come to be known."""
        if self.is_asking and artist == self._asked_for:
            return True
        return self._may_ask and (artist in self._line or artist in self._pool.unlinked)

    def due_before(self, call: Call) -> str | None:
        """Whose albums should be known before `call` is made: its artist's, which may hold a better one, and those of
        whoever has more plays at stake than it is expected to find."""
        if self.is_due(call.artists[0]):
            return call.artists[0]
        if self._may_ask:
            self._put_in_line()
            if self._line and self._plays_of(self._line[-1]) > call.expected:
                return self._line[-1]
        return None

    async def ask_first(self, artist: str) -> None:
        """Returns when an artist's albums that are due are known."""
        await self.rest()
        if self.is_due(artist):
            if artist in self._line:
                self._line.remove(artist)
            self._pool.unlinked.discard(artist)
            self._begin(artist)
            await self.rest()

    async def rest(self) -> None:
        """Returns when nobody is being asked for."""
        if self._asking is not None:
            await self._asking

    def _begin(self, artist: str) -> None:
        self._left -= 1
        self._asked_for = artist
        self._asking = asyncio.ensure_future(self._ask(artist))

    @property
    def _may_ask(self) -> bool:
        return self._left > 0 and self._beforehand.links_by is not None

    def _plays_of(self, artist: str) -> int:
        return sum(want.plays for want in self._pool.wants_of(artist))

    def _put_in_line(self) -> None:
        if not self._line and self._pool.unlinked:
            plays = {key: self._plays_of(key) for key in self._pool.unlinked}
            self._line = heapq.nsmallest(_IN_LINE, plays, key=lambda key: (-plays[key], key))[::-1]
            self._pool.unlinked.difference_update(self._line)

    def _next(self) -> str | None:
        self._put_in_line()
        while self._line:
            if self._pool.wants_of(artist := self._line.pop()):
                return artist
        return None

    async def _ask(self, key: str) -> None:
        assert self._beforehand.links_by is not None
        told = await self._beforehand.links_by(self._pool.artist(key).mbid)
        if told is None:
            # Who cannot be asked now is not asked on.
            self._left = 0
        elif wants := self._pool.wants_of(key):
            name = wants[0].artist
            self._pool.tell_of(key, [(key_of_album(name, album.name), album) for album in told.linked])
            self._pool.tell_of_releases(key, [(key_of_album(name, each.name), each) for each in told.releases])
