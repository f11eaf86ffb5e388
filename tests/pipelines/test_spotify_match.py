"""What a song that waits is asked for by."""

import pytest

from timbre_spider.pipelines.spotify_match import question_of
from timbre_spider.planning.want import Want

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
