"""Whatever a service sends, nothing but our own errors leaves a reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.readers import READERS, read_mutated

pytestmark = pytest.mark.unit


@settings(max_examples=500)
@given(reader=st.sampled_from(READERS), seed=st.integers(0, 2**32))
def test_no_answer_breaks_a_reader(reader: str, seed: int) -> None:
    body, error = read_mutated(reader, seed)
    assert error is None, f"{reader}, seed {seed}: {type(error).__name__}: {error}\n{body[:2000]!r}"
