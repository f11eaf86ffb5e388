"""Last.fm's answers as XML, which pylast reads; JSON is the converted form of it."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr


def as_xml(value: dict[str, Any]) -> bytes:
    """The XML of a JSON answer: `@attr` are attributes, `#text` is text, lists are repeated elements."""
    if "error" in value:
        inner = f'<error code="{value["error"]}">{_text(value["message"])}</error>'
        return _document("failed", inner)
    return _document("ok", "".join(_element(name, each) for name, each in value.items()))


def _document(status: str, inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<lfm status="{status}">{inner}</lfm>'.encode("utf-8", "replace")


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if not isinstance(value, dict):
        return f"<{name}>{_text(str(value))}</{name}>"
    attributes = dict(value.get("@attr", {}))
    if name == "image":
        attributes["size"] = value.get("size", "")
    if name == "registered":
        attributes["unixtime"] = value["unixtime"]
    inner = _text(str(value.get("#text", "")))
    shown = {"@attr", "#text"} | (set(attributes) if name in ("image", "registered") else set())
    inner += "".join(_element(key, each) for key, each in value.items() if key not in shown)
    written = "".join(f" {key}={quoteattr(_plain(str(each)))}" for key, each in attributes.items())
    return f"<{name}{written}>{inner}</{name}>"


def _text(text: str) -> str:
    return escape(_plain(text))


def _plain(text: str) -> str:
    """XML has no way to write most control characters."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")
