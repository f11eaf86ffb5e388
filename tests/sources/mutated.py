"""Answers gone wrong: what services send, with anything in it deleted, replaced, nested, retyped, cut or garbled."""

import copy
import json
import random as chance
import re
from typing import Any

Random = chance.Random

ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 2**31, 2**70, 1e308, float("nan"), float("inf"), "", "0", " ", "-1", "1e9", "12K"),
    *("NaN", "\x00", "\ud83d", "é" * 300, "\u202e", "9" * 400, "²", [], {}, [[]], [None], [{}], {"": ""}),
    *({"#text": "x"}, {"name": []}, {"error": {}}, {"code": "429"}, ["a", 1, None]),
]
_TAGS = ("div", "span", "a", "h1", "table", "tr", "td", "script", "p", "title", "svg", "template", "!--", "")


def mutated_json(random: Random, value: Any) -> bytes:
    """`value`, changed in up to five places, as JSON; now and then garbled as bytes too."""
    value = copy.deepcopy(value)
    for _ in range(random.randint(1, 5)):
        value = _changed(random, value)
    body = json.dumps(value, ensure_ascii=random.random() < 0.9).encode("utf-8", "surrogatepass")
    return garbled(random, body) if random.random() < 0.2 else body


def _changed(random: Random, value: Any) -> Any:
    if not isinstance(value, (dict, list)) or not value or random.random() < 0.15:
        return _instead(random, value)
    if isinstance(value, list):
        place = random.randrange(len(value))
        match random.randrange(8):
            case 0:
                del value[place]
            case 1:
                value.insert(place, _odd(random))
            case 2:
                value.extend(copy.deepcopy(value[:place]))
            case _:
                value[place] = _changed(random, value[place])
        return value
    name = random.choice(list(value))
    match random.randrange(8):
        case 0:
            del value[name]
        case 1:
            value[random.choice(["error", "code", "index", "name", "", "@attr"])] = _odd(random)
        case 2:
            value[name] = copy.deepcopy(value[random.choice(list(value))])
        case _:
            value[name] = _changed(random, value[name])
    return value


def _odd(random: Random) -> Any:
    return copy.deepcopy(random.choice(ODD))


def _instead(random: Random, value: Any) -> Any:
    nested = [
        [value],
        {"x": value},
        str(value),
        [value, copy.deepcopy(value)],
        list(value) if isinstance(value, dict) else value,
    ]
    return _odd(random) if random.random() < 0.5 else random.choice(nested)


def mutated_html(random: Random, page: bytes) -> bytes:
    """`page`, changed in up to eight places, its marks above all; now and then garbled as bytes too."""
    for _ in range(random.randint(1, 8)):
        page = _remade(random, page)
    return garbled(random, page) if random.random() < 0.2 else page


def _remade(random: Random, page: bytes) -> bytes:
    marks = [found.span() for found in re.finditer(rb"<[^>]*>|[^<>]+", page)] or [(0, len(page))]
    start, end = random.choice(marks)
    other_start, other_end = random.choice(marks)
    piece = page[start:end]
    match random.randrange(8):
        case 0:
            return page[:start] + page[end:]
        case 1:
            return page[:start] + piece * random.randint(2, 40) + page[end:]
        case 2:
            return page[:start] + page[other_start:other_end] + page[end:]
        case 3:
            return page[:start] + re.sub(rb"^(</?)\w+", rb"\1" + random.choice(_TAGS).encode(), piece) + page[end:]
        case 4:
            return page[:start] + re.sub(rb'="[^"]*"', b'="' + _text(random) + b'"', piece, count=1) + page[end:]
        case 5:
            return page[:start] + _text(random) + page[start:]
        case 6:
            return page[: random.choice((start, end))]
        case _:
            return page[:start] + re.sub(rb"[\d,.]+", _text(random).replace(b"\\", b""), piece) + page[end:]


def _text(random: Random) -> bytes:
    return str(random.choice(ODD)).encode("utf-8", "surrogatepass")


def garbled(random: Random, body: bytes) -> bytes:
    """`body`, cut, with bytes changed, or in another encoding."""
    place, other = sorted((random.randrange(len(body) + 1), random.randrange(len(body) + 1)))
    match random.randrange(6):
        case 0:
            return body[:place]
        case 5:
            deep = random.choice([b"[", b'{"a":', b"<div>", b'<div class="albumBlock">'])
            return body[:place] + deep * random.choice([10, 300, 30_000]) + body[place:]
        case 1:
            return body[:place] + body[other:]
        case 2:
            return body[:place] + random.randbytes(random.randint(1, 8)) + body[place:]
        case 3:
            return b"\xef\xbb\xbf" + body
        case _:
            return body.decode("utf-8", "replace").encode("utf-16")
