import pytest

from timbre_spider.extensions.accounting import compliance_of, sanity_checks
from timbre_spider.run_summary import Flow, ServiceTraffic
from timbre_spider.sources.traffic import Traffic
from timbre_spider.storage.runs import RunFacts

pytestmark = pytest.mark.unit

ROWS = Flow(chart=10, stored=6, rejected=1, beyond=3)
PLAYS = Flow(chart=100, stored=70, rejected=5, beyond=25)
FACTS = RunFacts(aliases=6, songs_without_key=0, last_coverage={"isrc": 90.0})


def passed(rows=ROWS, plays=PLAYS, coverage=None, facts=FACTS, incomplete=None):
    checks = sanity_checks(rows, plays, coverage or {"isrc": 90.0}, facts, incomplete=incomplete)
    return {check.check: check.passed for check in checks}


ALL_RIGHT = {
    "rows_add_up": True,
    "plays_add_up": True,
    "rows_are_in_the_database": True,
    "songs_have_keys": True,
    "coverage_holds": True,
}


@pytest.mark.parametrize(
    ("wrong", "differing"),
    [
        ({}, {}),
        ({"rows": Flow(chart=10, stored=6, rejected=1, beyond=2)}, {"rows_add_up": False}),
        ({"rows": Flow(chart=10, stored=7, rejected=1, beyond=2)}, {"rows_are_in_the_database": False}),
        ({"plays": Flow(chart=100, stored=71, rejected=5, beyond=25)}, {"plays_add_up": False}),
        ({"facts": RunFacts(6, 1, {"isrc": 90.0})}, {"songs_have_keys": False}),
        ({"facts": RunFacts(6, 0, None)}, {"coverage_holds": None}),
        ({"coverage": {"isrc": 85.0}}, {}),
        ({"coverage": {"isrc": 84.9}}, {"coverage_holds": False}),
        ({"coverage": {"isrc": None}}, {"coverage_holds": None}),
        ({"coverage": {"isrc": 100.0, "new": 0.0}}, {}),
        ({"incomplete": "the run ended early"}, {"rows_add_up": None, "plays_add_up": None}),
    ],
)
def test_what_is_wrong_is_the_check_that_fails(wrong, differing):
    assert passed(**wrong) == ALL_RIGHT | differing


@pytest.mark.parametrize(
    ("last", "now", "why"),
    [(None, {"isrc": 90.0}, "there is no such run"), ({"isrc": 90.0}, {"isrc": None}, "no song was stored")],
)
def test_why_coverage_cannot_be_held_against_anything_is_said(last, now, why):
    flow = Flow(chart=0, stored=0, rejected=0, beyond=0)
    *_, covered = sanity_checks(flow, flow, now, RunFacts(0, 0, last), incomplete=None)
    assert (covered.check, covered.passed) == ("coverage_holds", None)
    assert covered.says.endswith(f"; not to be told: {why}")


def test_without_the_databases_word_only_the_sums_are_checked():
    assert passed(facts=None) == {"rows_add_up": True, "plays_add_up": True}


def test_a_check_says_what_was_expected_and_what_was_found():
    check = sanity_checks(Flow(chart=10, stored=6, rejected=1, beyond=2), PLAYS, {}, None, incomplete=None)[0]
    assert (check.expected, check.found) == (10, 9)


def compliance(most=5, limit=5, robots=False, requests=5, **sent):
    traffic = Traffic(lambda: 0.0)
    traffic.sent(**sent)
    service = ServiceTraffic(
        requests=requests, retries=0, statuses={}, most_at_once=1, most_per_minute=most, limit_per_minute=limit
    )
    return compliance_of(service, traffic, robots=robots)


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ({}, "kept"),
        ({"most": 6}, "broken"),
        ({"most": 6, "limit": None}, "kept"),
        ({"while_shut": True}, "broken"),
        ({"against_robots": True}, "broken"),
        ({"requests": 0, "most": 0}, "not asked"),
    ],
)
def test_the_verdict_on_a_service(asked, verdict):
    assert compliance(**asked).verdict == verdict


def test_robots_txt_is_not_about_an_api():
    assert compliance(robots=False).requests_against_robots is None
    assert compliance(robots=True).requests_against_robots == 0
