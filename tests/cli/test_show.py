"""Whose library `timbre show` shows."""

import pytest

from timbre_spider.cli.show import chosen
from timbre_spider.config import load_config
from timbre_spider.errors import RunError, UsageError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("user", "configured", "stored", "whose"),
    [
        ("Bob", "Ann", ["ann", "bob"], "bob"),
        (" bob ", None, ["ann", "bob"], "bob"),
        (None, "Ann", ["ann", "bob"], "ann"),
        (None, "Cid", ["ann", "bob"], None),
        (None, None, ["ann", "bob"], None),
        (None, None, ["ann"], "ann"),
        (None, "Cid", ["ann"], "ann"),
    ],
)
def test_whose_library_is_meant(user, configured, stored, whose):
    assert chosen(load_config(_env_file=None, lastfm_username=configured), user, stored) == whose


@pytest.mark.parametrize(("user", "stored", "error"), [("Cid", ["ann"], UsageError), (None, [], RunError)])
def test_a_library_that_is_not_there_is_no_other(user, stored, error):
    with pytest.raises(error):
        chosen(load_config(_env_file=None, lastfm_username="ann"), user, stored)
