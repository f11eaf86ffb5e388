"""Whatever a service sends, nothing but our own errors leaves a reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.readers import READERS, read_as_it_is, read_mutated

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("reader", [reader for reader in READERS if not reader.endswith("error")])
def test_the_answers_to_be_harmed_are_ones_a_reader_reads(reader: str) -> None:
    assert read_as_it_is(reader)


@settings(max_examples=300)
@given(reader=st.sampled_from(READERS), seed=st.integers(0, 2**32))
def test_no_answer_breaks_a_reader(reader: str, seed: int) -> None:
    body, error = read_mutated(reader, seed)
    assert error is None, f"{reader}, seed {seed}: {type(error).__name__}: {error}\n{body[:2000]!r}"
