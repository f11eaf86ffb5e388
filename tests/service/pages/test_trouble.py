"""Kinds of trouble, told apart by what was said."""

from datetime import UTC, datetime

import pytest

from timbre_spider.service.pages.trouble import kind_of, kinds
from timbre_spider.storage.source_health import Trouble

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "reason", "kind"),
    [
        ("refused", "aoty answers automated clients with a challenge (HTTP 403)", "refused"),
        ("deferred", "spotify is left alone until 12:00 UTC", "deferred"),
        ("failed", "https://x/1 is not an album's page: it may have changed, look at it.", "layout changed"),
        ("failed", "https://x/1 is not an artist's page: it may have changed, look at it.", "layout changed"),
        (
            "failed",
            "https://x is a page of an album, artist or chart: look at it.",
            "layout changed",
        ),
        ("failed", "deezer gives no answer (TimeoutError)", "no answer"),
        ("failed", "aoty answers HTTP 502, several questions in a row", "no answer"),
        ("failed", "MusicBrainz does not answer (busy): try again later.", "no answer"),
        ("failed", "aoty answers HTTP 500: it is asked again in the next run.", "failed"),
        ("failed", "KeyError", "failed"),
    ],
)
def test_each_kind_is_known_by_its_words(outcome: str, reason: str, kind: str) -> None:
    assert kind_of(outcome, reason) == kind


def test_those_of_a_kind_are_counted_together_under_the_newest_reason() -> None:
    told = [
        Trouble("aoty", "failed", f"https://aoty/{number} holds no chart: it may have changed, look at it.", 2, AT)
        for number in range(3)
    ] + [Trouble("open", "failed", "deezer gives no answer (TimeoutError)", 1, AT)]
    layout, silence = kinds(told)
    assert (layout.kind, layout.answers) == ("layout changed", 6)
    assert layout.said == "a page holds no chart: it may have changed, look at it."
    assert (silence.source, silence.kind) == ("open", "no answer")
