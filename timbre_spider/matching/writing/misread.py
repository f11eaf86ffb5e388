"""Names whose bytes were read in another encoding than they were written in: "BeyoncÃ©" is "Beyoncé"."""

import re

# The first byte of a letter in UTF-8 and one that goes on, as Latin-1 and Windows show them. Quotes, dashes and an
# ellipsis go on as well, but stand behind such a letter on purpose: "BEYONCÉ’S".
_TELLS = re.compile("[ÂÃÄÅÐÑâ-í](?:[\u0080-\u00bf]|[€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ])")
_ENCODINGS = ("cp1252", "latin-1")
# Some were misread, stored, and misread again.
_TIMES = 3


def well_read(text: str) -> str:
    """`text` as it was written, where UTF-8 was read as something else; else itself. Nothing else reads as UTF-8."""
    for _ in range(_TIMES):
        if not _TELLS.search(text):
            break
        written = next(filter(None, (_written(text, encoding) for encoding in _ENCODINGS)), text)
        if written == text:
            break
        text = written
    return text


def _written(text: str, encoding: str) -> str:
    try:
        return text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return ""
