"""The forms under which a song is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.matching.names.forms import MOST_FORMS, forms_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("artist", "title", "first", "second"),
    [
        ("Ann", "Lantern", ("Ann", "Lantern"), None),
        ("ANN", "lantern!", ("ANN", "lantern!"), None),
        ("Ann feat. Bob", "Lantern", ("Ann", "Lantern"), ("Ann feat. Bob", "Lantern")),
        ("Ann", "Lantern (feat. Bob) [Mono]", ("Ann", "Lantern"), ("Ann", "Lantern (feat. Bob) [Mono]")),
        ("Ann", "Lantern - Live at Wembley 1986", ("Ann", "Lantern"), ("Ann", "Lantern - Live at Wembley 1986")),
        ("Ann & Bob", "Lantern (Live)", ("Ann & Bob", "Lantern"), ("Ann", "Lantern")),
        ("Earth, Wind & Fire", "September", ("Earth, Wind & Fire", "September"), ("Earth", "September")),
        ("Ann", "Lantern (Calibre Remix)", ("Ann", "Lantern (Calibre Remix)"), None),
        ("Ann", "Lantern (feat. Bob) (Calibre Remix)", ("Ann", "Lantern (Calibre Remix)"),
            ("Ann", "Lantern (feat. Bob) (Calibre Remix)")),
        ("Ann", "05 - Money", ("Ann", "Money"), ("Ann", "05 - Money")),
        ("Ann", "Ann - Money", ("Ann", "Money"), ("Ann", "Ann - Money")),
        ("Beatles, The", "Help!", ("The Beatles", "Help!"), ("Beatles, The", "Help!")),
        ("", "Lantern", ("", "Lantern"), None),
        ("Ａｎｎ", "Ｌａｎｔｅｒｎ\u3000（Ｌｉｖｅ）", ("Ann", "Lantern"), ("Ann", "Lantern (Live)")),
    ],
)  # fmt: skip
def test_the_forms(artist, title, first, second):
    forms = [(form.artist, form.title) for form in forms_of(artist, title)]
    assert forms == ([first] if second is None else [first, second])
    assert len(forms) <= MOST_FORMS


def test_what_does_not_collapse_stays_in_the_first_form():
    assert forms_of("Ann", "Lantern (Live)", frozenset())[0].title == "Lantern (Live)"


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_names_have_a_form_or_two_and_something_to_ask_with(artist, title):
    forms = forms_of(artist, title)
    assert len(forms) in (1, 2)
    assert len({form.name for form in forms}) == len(forms)
