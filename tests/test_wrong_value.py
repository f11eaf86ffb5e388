"""What is wrong with a value, in words."""

from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from timbre_spider.wrong_value import why_wrong

pytestmark = pytest.mark.unit


def is_odd(value: int) -> int:
    if not value % 2:
        raise ValueError("an odd one is wanted.")
    return value


class Asked(BaseModel):
    count: Annotated[int, Field(ge=1, le=9)] = 1
    odd: Annotated[int, AfterValidator(is_odd)] = 1
    share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    on: bool = True
    market: Annotated[str, Field(pattern="^[A-Z]{2}$", max_length=5)] = "US"
    period: Literal["week", "year"] = "week"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"count": "abc"}, "that is no whole number"),
        ({"count": 1.5}, "that is no whole number"),
        ({"count": 0}, "it must be 1 or more"),
        ({"count": 10}, "it must be 9 or less"),
        ({"odd": 2}, "an odd one is wanted"),
        ({"share": "x"}, "that is no number"),
        ({"share": 0}, "it must be more than 0.0"),
        ({"share": 1}, "it must be less than 1.0"),
        ({"on": "perhaps"}, "write true or false"),
        ({"market": "us"}, "it does not look like ^[A-Z]{2}$"),
        ({"market": "us" * 3}, "it has more than 5 letters"),
        ({"period": "day"}, "write 'week' or 'year'"),
    ],
)
def test_each_is_told_in_words(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Asked.model_validate(given)
    assert [why_wrong(detail) for detail in raised.value.errors()] == [said]
