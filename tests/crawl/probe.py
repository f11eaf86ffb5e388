"""Stages for tests: they see what is in work, and in which order it came."""

import json
from pathlib import Path

_state = {"now": 0, "most": 0}


class Entrance:
    """Before all other stages."""

    def __init__(self):
        self._order = []

    def process_item(self, item):
        _state["now"] += 1
        _state["most"] = max(_state["most"], _state["now"])
        self._order.append([item.artist, item.playcount])
        return item

    def close_spider(self):
        Path("probe.json").write_text(json.dumps({"most": _state["most"], "order": self._order}))


class Slow:
    """Holds every song for a moment, as a source would."""

    async def process_item(self, item):
        import asyncio

        await asyncio.sleep(0.2)
        return item


class Exit:
    """After all other stages."""

    def process_item(self, item):
        _state["now"] -= 1
        return item
