"""What `timbre validate` finds out without asking anybody."""

import pytest

from timbre_spider.cli.findings import contact
from timbre_spider.config import load_config

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("given", "mark", "said"),
    [
        (None, "warn", "USER_AGENT_CONTACT is not set: ListenBrainz and MusicBrainz block"),
        ("ann@ann.blog", "ok", "( ann@ann.blog )"),
    ],
)
def test_whether_somebody_can_be_reached(given, mark, said):
    finding = contact(load_config(_env_file=None, user_agent_contact=given))
    assert finding.mark == mark
    assert said in finding.said
