"""What a run did better and worse than the one before. Pure; both are summaries as in run_summary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

# What changes by less says nothing: percent points of a share, the part of a count.
_POINTS = 1.0
_PART = 0.1


@dataclass(frozen=True, slots=True)
class Change:
    """One figure; None: that run does not tell it. `unit` "%" for shares, "" for counts, "s" for times."""

    what: str
    before: float | None
    now: float | None
    unit: Literal["%", "", "s"]
    verdict: Literal["worse", "better", "same"]

    @property
    def by(self) -> float | None:
        """What came on top; None where one side is not known."""
        return None if self.before is None or self.now is None else self.now - self.before


def changes(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> dict[str, list[Change]]:
    """By group, each figure of `now` beside that of `before` (None: there is no such run)."""
    groups = {"Coverage": _coverage, "Answers": _answers, "Trouble": _trouble, "Cost": _cost}
    compared = {}
    for name, figures in groups.items():
        then = {what: figure for what, (figure, *_) in figures(before or {})}
        # Trouble that is not told of was not there.
        unsaid = 0 if before and figures is _trouble else None
        compared[name] = [_change(what, then.get(what, unsaid), *figure) for what, figure in figures(now)]
    return compared


# What a figure is, its unit, and whether more of it is better (1), worse (-1) or neither (0).
_Figure = tuple[float | None, Literal["%", "", "s"], int]


def _change(what: str, then: float | None, now: float | None, unit: Literal["%", "", "s"], good: int) -> Change:
    verdict: Literal["worse", "better", "same"] = "same"
    if then is not None and now is not None:
        least = _POINTS if unit == "%" else max(_PART * then, 0.5)
        if abs(now - then) >= least and good:
            verdict = "better" if (now > then) == (good > 0) else "worse"
    return Change(what, then, now, unit, verdict)


def _coverage(told: Mapping[str, Any]) -> Iterator[tuple[str, _Figure]]:
    for field, percent in told.get("coverage_percent", {}).items():
        yield field, (percent, "%", 1)


def _answers(told: Mapping[str, Any]) -> Iterator[tuple[str, _Figure]]:
    for source, outcomes in told.get("outcomes", {}).items():
        asked = outcomes.get("found", 0) + outcomes.get("absent", 0)
        yield f"{source}: found", (100 * outcomes["found"] / asked if asked else None, "%", 1)
    for tier, count in told.get("tiers", {}).items():
        yield f"{tier} matches", (count, "", 0)


def _trouble(told: Mapping[str, Any]) -> Iterator[tuple[str, _Figure]]:
    for source, outcomes in told.get("outcomes", {}).items():
        for kind in ("refused", "deferred", "failed"):
            if outcomes.get(kind):
                yield f"{source}: {kind}", (outcomes[kind], "", -1)
    statuses: dict[str, int] = {}
    for service, traffic in told.get("requests", {}).items():
        for status, count in traffic["statuses"].items():
            if status != "200":
                statuses[f"{service}: answers {status}"] = count
    yield from ((what, (count, "", -1)) for what, count in sorted(statuses.items()))
    for level in ("WARNING", "ERROR", "CRITICAL"):
        if "log_counts" in told:
            yield f"lines of {level}", (told["log_counts"].get(level, 0), "", -1)
    if "sanity" in told:
        yield "checks that failed", (sum(check["passed"] is False for check in told["sanity"]), "", -1)


def _cost(told: Mapping[str, Any]) -> Iterator[tuple[str, _Figure]]:
    songs = told.get("songs", {}).get("stored")
    if songs is not None:
        yield "songs stored", (songs, "", 1)
    for service, traffic in sorted(told.get("requests", {}).items()):
        if traffic["requests"]:
            yield f"requests to {service}", (traffic["requests"], "", 0)
    if "seconds" in told:
        yield "duration", (told["seconds"], "s", 0)
    if "peak_memory_mb" in told:
        yield "peak memory, MB", (told["peak_memory_mb"], "", -1)


def worse(told: Mapping[str, list[Change]]) -> list[Change]:
    """What got worse, the groups in their order."""
    return [change for group in told.values() for change in group if change.verdict == "worse"]
