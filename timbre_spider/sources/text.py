"""Plain values out of what services send: nothing a database or a URL would choke on."""

import json
import re
import unicodedata
from functools import lru_cache

from timbre_spider.errors import Unusable

_UNWELCOME = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_SPACE = re.compile(r"\s+")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", re.ASCII)
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_LARGEST = 2**31 - 1


def plain(value: object) -> str:
    """Text without control characters and lone surrogates, NFC, white space single; "" for no text."""
    if not isinstance(value, str):
        return ""
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _UNWELCOME.sub(" ", value))).strip()


def whole(value: object) -> int | None:
    """A count of 0 or more, that fits an SQL integer, from a number or its digits; None for anything else."""
    if isinstance(value, str):
        value = value.strip()
        if not (value.isascii() and value.isdigit() and len(value) <= 10):
            return None
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _LARGEST else None


def valid_isrc(value: object) -> str | None:
    """An ISRC in its plain form; services also send it hyphenated, in lower case or empty [observed]."""
    code = re.sub(r"[^A-Z0-9]", "", value.upper()) if isinstance(value, str) else ""
    return code if _ISRC.fullmatch(code) else None


def isrcs(values: object) -> tuple[str, ...]:
    """The valid ones of a list of ISRCs, each once; some services send them as objects with an `id`."""
    codes = values if isinstance(values, list) else []
    plain_codes = (valid_isrc(code.get("id") if isinstance(code, dict) else code) for code in codes)
    return tuple(dict.fromkeys(code for code in plain_codes if code))


def year(value: object) -> int | None:
    """The year a date begins with, or a number that is one; None before 1860 (no recordings) and for no date."""
    match = re.match(r"\d{4}(?!\d)", str(value)) if isinstance(value, str | int) else None
    number = int(match[0]) if match else 0
    return number if 1860 <= number <= 2200 else None


def date_of(value: object) -> str | None:
    """A date that is YYYY, YYYY-MM or YYYY-MM-DD, or a number that is a year; None for anything else."""
    text = str(value) if isinstance(value, int) else plain(value)
    return text if _DATE.fullmatch(text) and year(text) else None


def as_list(value: object) -> list[object]:
    """What XML turned into JSON leaves: a list, one element without its list, or nothing in some form."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else []


def as_dict(value: object) -> dict[str, object]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


# Bytes. A page of a chart is larger, and takes megabytes once it is read.
_KEPT_A_MOMENT = 100_000


def parsed(body: bytes) -> object:
    """The JSON of an answer, for whoever judges and whoever reads it. A broken string breaks nothing around it. Raises
    ValueError, RecursionError."""
    return _parsed_once(body) if len(body) < _KEPT_A_MOMENT else _parsed(body)


def _parsed(body: bytes) -> object:
    return json.loads(body.decode("utf-8-sig", "replace"), strict=False)


_parsed_once = lru_cache(maxsize=16)(_parsed)


def read_json(body: bytes, service: str) -> object:
    """The JSON of an answer; Unusable if it is none."""
    try:
        return parsed(body)
    except (ValueError, RecursionError):
        raise Unusable(f"{service} answered something that is no JSON: it may be down, try again later.") from None
