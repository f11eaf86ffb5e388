"""What the commands print at the end: short tables and facts that fit the terminal, also a narrow one."""

import os
import sys
import textwrap
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from timbre_spider.how_many import how_many
from timbre_spider.items import Outcome
from timbre_spider.run_summary import PlannedQuestions, RunSummary
from timbre_spider.storage.database import Database

# The services of a source that are not one of its name.
SERVICES_OF = {"open": ("listenbrainz", "deezer", "musicbrainz"), "labs": ("listenbrainz_labs",)}


def called_as() -> str:
    """The command as the user can type it here."""
    command = Path(sys.argv[0])
    if command.name == "__main__.py":  # python -m timbre_spider, as the service starts a run
        command = Path(sys.executable).with_name("timbre")
    if not command.is_absolute():
        return str(command)
    return os.path.relpath(command) if command.is_relative_to(Path.cwd()) else command.name


def place_of(database: Database) -> dict[str, str]:
    """Where the songs are and how to look at them, as facts."""
    here = database.description.replace(f"{Path.cwd()}{os.sep}", "")
    return {"Database": here, "Open it": f"{called_as()} db shell"}


def facts(said: dict[str, str], width: int, indent: int = 10) -> Text:
    """A line a fact; one too long for `width` begins below its label, and wraps between words only."""
    lines: list[str] = []
    for label, text in said.items():
        if indent + len(text) <= width:
            lines.append(f"{label:<{indent}}{text}")
        else:
            lines += [label, *textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)]
    return Text("\n".join(lines))


def run_table(summary: RunSummary, console: Console) -> RenderableType:
    """The short table at the end of a run, or of a dry run."""
    if summary.plan is not None:
        return Group(_grid(_planned(summary)), *(_plan_of(*each, console.width) for each in summary.plan.items()))
    sources = _outcomes(summary)
    unbounded = console.options.update(max_width=1000)
    if Measurement.get(console, unbounded, sources).maximum > console.width:
        sources = _outcomes_below_each_other(summary)
    return Group(_grid(_done(summary)), sources)


def _grid(rows: dict[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(name, Text(value))
    return table


def _done(summary: RunSummary) -> dict[str, str]:
    return {
        "songs stored": f"{summary.songs.stored:,}",
        "chart rows in them": f"{summary.rows.stored:,}",
        "chart rows rejected": f"{summary.rows.rejected:,}",
        "chart rows beyond max": f"{summary.rows.beyond:,}",
        "seconds": f"{summary.seconds:,}",
        "requests": f"{sum(each.requests for each in summary.requests.values()):,}",
        "account": _account(summary),
        "limits, robots.txt": _politeness(summary),
        **_used_up(summary),
        **_shut(summary),
        **_by_listener(summary),
        **_drift(summary),
    }


def _by_listener(summary: RunSummary) -> dict[str, str]:
    """What there is of each, where there are several."""
    if len(summary.listeners) < 2:
        return {}
    return {
        name: f"{how_many(each.songs, 'song')}, {how_many(each.plays_stored, 'play')}"
        for name, each in summary.listeners.items()
    }


def _drift(summary: RunSummary) -> dict[str, str]:
    """How far Last.fm's own count of plays is from what was read; nothing where it is not."""
    off = {name: each.drift for name, each in summary.listeners.items() if each.drift}
    said = [
        f"{how_many(abs(drift), 'play')} {'more' if drift > 0 else 'fewer'} than were read" for drift in off.values()
    ]
    if len(summary.listeners) > 1:
        said = [f"{name}: {text}" for name, text in zip(off, said, strict=True)]
    return {"Last.fm counts": "; ".join(said)} if said else {}


def _account(summary: RunSummary) -> str:
    failed = [check.check.replace("_", " ") for check in summary.sanity if check.passed is False]
    told = sum(check.passed is not None for check in summary.sanity)
    if failed:
        return f"NOT right: {', '.join(failed)}; see the summary"
    return f"right in {told} of {told} checks" if told else "not checked: the run ended early"


def _politeness(summary: RunSummary) -> str:
    broken = [service for service, each in summary.compliance.items() if each.verdict == "broken"]
    return f"BROKEN at {', '.join(broken)}; see the summary" if broken else "kept at all services"


def _used_up(summary: RunSummary) -> dict[str, str]:
    """What is asked again only later, by the time it is back."""
    by_time: dict[datetime, list[str]] = {}
    for bucket, each in (summary.spotify_calls or {}).items():
        if each.back_at is not None:
            by_time.setdefault(each.back_at, []).append(bucket)
    said = [f"{', '.join(buckets)} until {at:%Y-%m-%d %H:%M} UTC" for at, buckets in sorted(by_time.items())]
    return {"Spotify used up": "; ".join(said)} if said else {}


def _shut(summary: RunSummary) -> dict[str, str]:
    """Who refused us, with which word; of AOTY, what can be done."""
    said = [each.shut for each in summary.requests.values() if each.shut]
    if said and summary.requests["aoty"].shut:
        said.append(f"{called_as()} report albums: the pages worth saving yourself")
    return {"asked no more": "; ".join(said)} if said else {}


def _outcomes(summary: RunSummary) -> Table:
    table = Table("source", *Outcome, "requests", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for source, outcomes, requests in _by_source(summary):
        table.add_row(source, *(f"{outcomes[outcome]:,}" for outcome in Outcome), f"{requests:,}")
    return table


def _outcomes_below_each_other(summary: RunSummary) -> Table:
    """The same; what did not happen is left out."""
    table = Table("source", "outcome", "songs", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[2].justify = "right"
    for source, outcomes, requests in _by_source(summary):
        lines = [(outcome, count) for outcome, count in outcomes.items() if count] + [("requests", requests)]
        for number, (what, count) in enumerate(lines):
            table.add_row("" if number else source, what, f"{count:,}")
    return table


def _by_source(summary: RunSummary) -> Iterator[tuple[str, dict[str, int], int]]:
    for source, outcomes in summary.outcomes.items():
        services = SERVICES_OF.get(source, (source,))
        yield source, outcomes, sum(summary.requests[service].requests for service in services)


def _planned(summary: RunSummary) -> dict[str, str]:
    assert summary.plan is not None
    longest = max((each.seconds or 0.0 for each in summary.plan.values()), default=0.0)
    return {
        "songs in the chart": f"{summary.songs.folded:,}",
        "songs that would be stored": f"{summary.songs.wanted:,}",
        "questions, at most": f"{sum(each.most for each in summary.plan.values()):,}",
        "time at the limits, at most": _duration(longest) if longest else "no limit is set",
    }


def _plan_of(service: str, planned: PlannedQuestions, width: int) -> Text:
    span = f"{planned.least:,} to {planned.most:,}" if planned.least < planned.most else f"{planned.most:,}"
    said = [f"{span} question" if span == "1" else f"{span} questions"]
    if planned.seconds:
        said.append(f"{_duration(planned.seconds)} at the limit")
    if planned.days:
        said.append("1 evening" if planned.days == 1 else f"{planned.days:,} evenings, a run each")
    head = facts({service: ", ".join(said)}, width, indent=14)
    indent = " " * 2
    return head.append("\n" + textwrap.fill(planned.reckoning, width, initial_indent=indent, subsequent_indent=indent))


def _duration(seconds: float) -> str:
    """ "45 s", "12 min", "3 h 20 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
