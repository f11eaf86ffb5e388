"""Hidden letters."""

import pytest

from timbre_spider.matching.writing.censored import uncensored

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("f**k you", "fuck you"),
        ("f*k you", "fuck you"),
        ("what the h#ll!", "what the hell!"),
        # A sign for each letter goes before any number of them.
        ("sh**", "shit"),
        ("g*n", "gun"),
        # Two characters tell no word; signs at the end may be signs.
        ("f* you", "f* you"),
        ("damn!", "damn!"),
        ("hello!!", "hello!!"),
        ("e*mc", "e*mc"),
    ],
)
def test_a_hidden_word_is_read_where_one_fits(text, meant):
    assert uncensored(text) == meant
