"""Text without what Postgres cannot keep."""

import math
import re
from typing import Any

# NUL, and halves of surrogate pairs, which are no characters.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: Any) -> Any:
    """`text` without what Postgres cannot keep; None stays None."""
    return UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", text) if text and UNKEEPABLE.search(text) else text


def clean_json(value: Any) -> Any:
    """`value` with every text in it cleaned; keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(name)): clean_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):  # NaN is no JSON
        return None
    return value
