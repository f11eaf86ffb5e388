"""What all services share: a request in, a reply out. Any routing would cost more than the answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol
from urllib.parse import parse_qsl

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_ascii = json.JSONEncoder(separators=(",", ":")).encode


@dataclass
class Request:
    """One request. `query` has the last value of each name; `form` the same of a posted body.

    `asked_before`: how often the very same was asked already.
    """

    method: str
    path: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    body: bytes = b""
    asked_before: int = 0

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string.decode("latin-1"), keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


@dataclass(slots=True)
class Reply:
    """One answer."""

    body: bytes
    status: int = 200
    content_type: bytes = b"application/json; charset=utf-8"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """`value` as JSON. Header names are given with underscores."""
    try:
        body = encode(value).encode()
    except UnicodeEncodeError:
        # A lone surrogate of a hostile row can only travel as an escape.
        body = _encode_ascii(value).encode()
    extra = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return Reply(body, status, headers=extra)


class Service(Protocol):
    """A stand-in for one outside service."""

    name: str

    def endpoint(self, request: Request) -> str:
        """What the request asks for, as the statistics name it."""

    def answer(self, request: Request) -> Reply:
        """The answer, at once; the latency is added outside."""


def page_numbers(text: str | None, default: int) -> int | None:
    """A whole number of a query; None when it is none."""
    if text is None or text == "":
        return default
    try:
        return int(text)
    except ValueError:
        return None
