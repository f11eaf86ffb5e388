"""Whether a run's account is right, and whether it asked as politely as promised. Pure."""

from collections.abc import Mapping

from timbre_spider.run_summary import Compliance, Flow, SanityCheck, ServiceTraffic
from timbre_spider.sources.traffic import Traffic
from timbre_spider.storage.runs import RunFacts

# Percentage points that a field's coverage may fall from run to run: songs come and go at the chart's end.
COVERAGE_MAY_FALL = 5.0


def sanity_checks(
    rows: Flow,
    plays: Flow,
    coverage: Mapping[str, float | None],
    facts: RunFacts | None,
    *,
    incomplete: str | None,
) -> list[SanityCheck]:
    """What must be so; `facts` are the database's word, None where it gave none.

    `incomplete`: why not all of the chart went its way in this process, so that the sums cannot be held against it.
    """
    return [
        _adds_up("rows", rows, incomplete),
        _adds_up("plays", plays, incomplete),
        *([] if facts is None else [_holds(rows, facts), _keyed(facts), _covered(coverage, facts.last_coverage)]),
    ]


def compliance_of(service: ServiceTraffic, traffic: Traffic, *, robots: bool) -> Compliance:
    """The verdict on what was asked of a service; `robots`: whether robots.txt is about it."""
    within = service.limit_per_minute is None or service.most_per_minute <= service.limit_per_minute
    kept = within and not traffic.while_shut and not traffic.against_robots
    return Compliance(
        verdict="not asked" if not service.requests else "kept" if kept else "broken",
        most_per_minute=service.most_per_minute,
        limit_per_minute=service.limit_per_minute,
        requests_while_shut=traffic.while_shut,
        requests_against_robots=traffic.against_robots if robots else None,
    )


def _adds_up(what: str, flow: Flow, incomplete: str | None) -> SanityCheck:
    found = flow.stored + flow.rejected + flow.beyond
    rule = f"{what} of the chart = stored + rejected + beyond max"
    return SanityCheck(
        check=f"{what}_add_up",
        says=f"{rule}; not to be told: {incomplete}" if incomplete else rule,
        expected=flow.chart,
        found=found,
        passed=None if incomplete else found == flow.chart,
    )


def _holds(rows: Flow, facts: RunFacts) -> SanityCheck:
    return SanityCheck(
        check="rows_are_in_the_database",
        says="aliases of the listeners are at least the rows this run stored",
        expected=rows.stored,
        found=facts.aliases,
        passed=facts.aliases >= rows.stored,
    )


def _keyed(facts: RunFacts) -> SanityCheck:
    return SanityCheck(
        check="songs_have_keys",
        says="no song is without a key it is found by",
        expected=0,
        found=facts.songs_without_key,
        passed=facts.songs_without_key == 0,
    )


def _covered(now: Mapping[str, float | None], last: Mapping[str, float | None] | None) -> SanityCheck:
    rule = f"no field's coverage fell by more than {COVERAGE_MAY_FALL:g} points since the last run asked the same"
    if not last or None in now.values():
        why = "there is no such run" if not last else "no song was stored"
        return SanityCheck(
            check="coverage_holds", says=f"{rule}; not to be told: {why}", expected=last, found=dict(now), passed=None
        )
    fell = {name for name, before in last.items() if (before or 0) - (now.get(name) or 0) > COVERAGE_MAY_FALL}
    return SanityCheck(check="coverage_holds", says=rule, expected=dict(last), found=dict(now), passed=not fell)
