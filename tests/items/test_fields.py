"""What flows through the house."""

from dataclasses import asdict

import pytest

from timbre_spider.items import OpenFacts, SpotifyTrack, fields_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "item",
    [SpotifyTrack("id", "Song", ("One", "Two"), duration_ms=1000), OpenFacts(isrcs=("AAAAA0000001",))],
)
def test_the_fields_of_a_flat_item_are_those_dataclasses_copies(item: SpotifyTrack | OpenFacts) -> None:
    assert fields_of(item) == asdict(item)
    assert list(fields_of(item)) == list(asdict(item))
