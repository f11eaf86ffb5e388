"""What a song that waits is asked for by."""

from dataclasses import asdict, replace

import pytest

from tests.pipelines.making import song
from timbre_spider.items import Answer, Outcome
from timbre_spider.pipelines.spotify_match import question_of, want_of
from timbre_spider.planning.want import Want
from timbre_spider.sources.gate import utc_now
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("names", "asked", "in_words"),
    [
        (("Ann", "Lantern (Live)"), ("Ann", "Lantern"), ("Ann", "Lantern")),
        (("Ann feat. Bob", "Lantern"), ("Ann", "Lantern"), ("Ann", "Lantern")),
        (("Ann", "Lantern (Calibre Remix)"), ("Ann", "Lantern (Calibre Remix)"), ("Ann", "Lantern")),
        (("Ａｎｎ", "Ｌａｎｔｅｒｎ　（Ｌｉｖｅ）"), ("Ann", "Lantern"), ("Ann", "Lantern")),
        (
            ("Ａｎｎ", "Ｌａｎｔｅｒｎ（Ｃａｌｉｂｒｅ　Ｒｅｍｉｘ）"),
            ("Ann", "Lantern(Calibre Remix)"),
            ("Ann", "Lantern"),
        ),
    ],
)
def test_question(names, asked, in_words):
    want = Want("hash:x", "ann", *names, plays=1)
    assert question_of(want) == asked
    assert question_of(want, in_words=True) == in_words


TOLD = Recording("", "Clara Langley", "O Beacon", isrcs=("USABC0000001",))


@pytest.mark.parametrize(
    ("told", "tier", "asked"),
    [
        ({"listenbrainz": TOLD}, "high", ("Clara Langley", "O Beacon")),
        ({"deezer": replace(TOLD, title="O, Beacon"), "listenbrainz": TOLD}, "exact", ("Clara Langley", "O Beacon")),
        ({"listenbrainz": TOLD}, "medium", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": None}, "high", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": replace(TOLD, artist="Клара Лангли")}, "high", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": replace(TOLD, title="О Маяк")}, "high", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": replace(TOLD, title="О Маяк"), "deezer": TOLD}, "high", ("Clara Langley", "O Beacon")),
    ],
)
def test_a_song_is_asked_for_by_the_names_the_open_sources_are_sure_of(told, tier, asked):
    heard = song("Clara Langly", "O Beacon")
    values = {service: asdict(each) if each else None for service, each in told.items()}
    key = ("open", heard.name_id)
    heard.known[key] = Answer(*key, Outcome.FOUND, utc_now(), values=values, tier=tier)
    want = want_of(heard)
    assert (question_of(want), want.artist_key) == (asked, "claralangly")


def test_without_the_open_sources_it_is_asked_for_as_it_was_heard():
    assert question_of(want_of(song("Clara Langly", "O Beacon"))) == ("Clara Langly", "O Beacon")
