"""How a staged row is written: in COPY's text format, or as JSON."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from timbre_spider.storage.clean import UNKEEPABLE, clean_json
from timbre_spider.storage.staging import COLUMNS

_JSON = {
    "open", "listens", "lastfm_tags", "genres", "aoty_tags", "values", "secondary_genres", "tags", "labels", "tracks",
}  # fmt: skip
_ARRAYS = {"keys", "absorbs", "taken_keys"}


def plain(kind: str, row: Sequence[Any]) -> dict[str, Any]:
    """A row by its columns' names, as JSON."""
    return {name: clean_json(value) for name, value in zip(COLUMNS[kind], row, strict=True)}


def copy_line(kind: str, row: Sequence[Any]) -> str:
    """A row in COPY's text format, without the end of the line."""
    return "\t".join(
        ["\\N" if value is None else write(value) for value, write in zip(row, _WRITERS[kind], strict=True)]
    )


def _text(value: Any) -> str:
    if type(value) is not str:
        return str(value)
    return value if _is_harmless(value) else _escaped(value)


def _array(value: list[str]) -> str:
    return _text("{" + ",".join(['"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in value]) + "}")


def _json(value: Any) -> str:
    if type(value) is tuple:  # genres, tags, labels, of which there are few
        return _names(value)
    return _any_json(value)


def _any_json(value: Any) -> str:
    try:
        text = _encode(value)
    except ValueError:  # NaN and infinities are no JSON
        text = _encode(clean_json(value))
    if _is_harmless(text):
        return text
    if "\\u0000" in text or UNKEEPABLE.search(text):
        text = _encode(clean_json(value))
    return _escaped(text)


def _is_harmless(text: str) -> bool:
    """Whether nothing in it is special to COPY or Postgres; quick, and right for most texts."""
    return text.isprintable() and "\\" not in text


def _escaped(text: str) -> str:
    text = UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


_names = lru_cache(maxsize=2**12)(_any_json)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_WRITERS = {
    kind: [_json if name in _JSON else _array if name in _ARRAYS else _text for name in names]
    for kind, names in COLUMNS.items()
}
