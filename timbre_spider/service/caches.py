"""How often the caches had what runs asked of them."""

from collections.abc import Sequence
from typing import Any

from timbre_spider.run_summary import Lookups

_CACHES = {"pages": "page_cache", "answers": "hot_answers"}


def caches_of(runs: Sequence[dict[str, Any]]) -> dict[str, Lookups]:
    """Of these runs together, as their progress or summaries tell: AOTY's pages, and answers; those that were on."""
    used = {}
    for cache, field in _CACHES.items():
        told = [run[field] for run in runs if run.get(field)]
        if told:
            hits, misses = (sum(each.get(name, 0) for each in told) for name in ("hits", "misses"))
            used[cache] = Lookups.of(hits, misses)
    return used
