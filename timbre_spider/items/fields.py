"""The fields of items."""

from typing import Any


def fields_of(item: Any) -> dict[str, Any]:
    """The fields of a dataclass by their names, not copied: `dataclasses.asdict` takes ten times as long for that."""
    return {name: getattr(item, name) for name in item.__dataclass_fields__}
