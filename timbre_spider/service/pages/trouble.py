"""What kind of trouble a source had, told apart by what was said. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from timbre_spider.storage.source_health import Trouble

# How the sources say it (timbre_spider.sources); whatever else failed was an answer of no use.
_FAILURES = (
    ("layout changed", re.compile(r"may have changed|is not an? .*page|is a page of an? ")),
    ("no answer", re.compile(r"gives no answer|several questions in a row|does not answer")),
)
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class KindOfTrouble:
    """`kind`: refused, deferred, layout changed, no answer or failed; `said`: its newest reason, addresses left out."""

    source: str
    kind: str
    said: str
    answers: int
    last_at: datetime


def kind_of(outcome: str, reason: str) -> str:
    """The kind of an answer that brought nothing."""
    if outcome != "failed":
        return outcome
    return next((kind for kind, said in _FAILURES if said.search(reason)), "failed")


def kinds(troubles: Iterable[Trouble]) -> list[KindOfTrouble]:
    """Those of one source and kind together; `troubles` newest first, and so are these."""
    together: dict[tuple[str, str], KindOfTrouble] = {}
    for each in troubles:
        key = each.source, kind_of(each.outcome, each.reason)
        known = together.get(key)
        together[key] = (
            replace(known, answers=known.answers + each.answers)
            if known
            else KindOfTrouble(*key, _ADDRESS.sub("a page", each.reason), each.answers, each.last_at)
        )
    return list(together.values())
