"""Each assumption stands in a file that is there."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent
NAMED = re.findall(
    r"`((?:timbre_sandbox/)?[a-z_]+(?:/[a-z_]+)*(?:\.py)?|sql/\w+\.sql)`", (ROOT / "docs/assumptions.md").read_text()
)
PLACES = [name for name in NAMED if "/" in name or name.endswith(".py")]


@pytest.mark.parametrize("place", PLACES)
def test_the_place_of_an_assumption_exists(place: str) -> None:
    assert (ROOT / place).exists() or (ROOT / "timbre_spider" / place).exists()
