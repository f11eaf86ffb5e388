"""What Postgres cannot keep is taken out, and nothing else."""

from typing import Any

import pytest

from timbre_spider.storage.clean import clean, clean_json

pytestmark = pytest.mark.unit

ODD, KEPT = "a\x00b\ud800\udfffc", "a\ufffdb\ufffd\ufffdc"


@pytest.mark.parametrize(
    ("text", "kept"), [(ODD, KEPT), ("\ud7ff\ue000\x01😀", "\ud7ff\ue000\x01😀"), ("", ""), (None, None)]
)
def test_a_text(text: str | None, kept: str | None) -> None:
    assert clean(text) == kept


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (ODD, KEPT),
        ({ODD: ODD}, {KEPT: KEPT}),
        ({7: {"a": [ODD]}}, {"7": {"a": [KEPT]}}),
        ([ODD, 1, None, True], [KEPT, 1, None, True]),
        ((ODD, (ODD,)), [KEPT, [KEPT]]),
        (float("nan"), None),
        ([float("inf"), float("-inf"), 0.5, -1e308], [None, None, 0.5, -1e308]),
        (2**70, 2**70),
    ],
)
def test_whatever_is_in_json(value: Any, kept: Any) -> None:
    assert clean_json(value) == kept
