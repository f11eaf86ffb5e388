"""One pace a service for all runs and workers on a database."""

from timbre_spider.storage.link import Link


class Turns:
    """Whose turn it is. Raises what the link raises."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def take(self, service: str, seconds: float) -> tuple[float, int]:
        """0 when the turn is taken, and the next one is `seconds` later; else the seconds until it is worth asking
        again. And how many share the service; 0: not told."""
        told = await self._link.call("timbre_take_turn", {"service": service, "seconds": str(seconds)})
        return float(told["wait"]), int(told.get("sharers", 0))

    async def hold(self, service: str, seconds: float) -> None:
        """Nobody's turn comes for so long."""
        await self._link.call("timbre_hold_turns", {"service": service, "seconds": str(seconds)})

    async def close(self) -> None:
        """Hang up."""
        await self._link.close()
