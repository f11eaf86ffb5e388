"""Folding of text, for comparing only: what is shown keeps its spelling."""

import re
import unicodedata

# Letters that Unicode does not decompose but that listeners type without the stroke or ligature.
_PLAIN_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "þ": "th",
    "ŧ": "t", "ß": "ss", "ё": "е",
}  # fmt: skip
# Left out without parting the word they stand in: "don't" is "dont", "M.I.A." is "mia".
_NOTHING = frozenset("'’‘`´ʼʻ′\".“”„″«»·•™®©℠ªº°ـ")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})

_MONEY_AS_S = re.compile(r"\$(?=[a-z])|(?<=[a-z])\$")
_LONE_N = re.compile(r"(?<= )n(?= )")
_SPACE_TO_CLOSE = re.compile(r"(?<!\d) | (?!\d)")


def _folded(character: str) -> str | None:
    """What one character (after NFKC and casefold) counts as: itself, plain letters, a space, or nothing."""
    if character in _PLAIN_LETTERS:
        return _PLAIN_LETTERS[character]
    if character in _NOTHING or "\u0300" <= character <= "\u036f":
        return None
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return " " if character.isspace() else None
    if category[0] not in "LNM":
        return " "
    base = unicodedata.normalize("NFD", character)[0]
    # Marks are accents in Latin and Greek; in other scripts (が, й, ปี) they make another letter.
    script = unicodedata.name(base, "").partition(" ")[0]
    return _PLAIN_LETTERS.get(base, base) if script in ("LATIN", "GREEK") else character


class _Folding(dict[int, str | None]):
    """A table for `str.translate` that works each character out once."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = _folded(chr(code))
        return folded


class _Visible(dict[int, str | None]):
    """A table for `str.translate` that drops what cannot be shown: controls, lone surrogates, formatting."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        unseen = unicodedata.category(character) in _UNSEEN
        self[code] = kept = (" " if character.isspace() else None) if unseen else character
        return kept


_FOLDING = _Folding()
_VISIBLE = _Visible()


def canonical(text: str) -> str:
    """One spelling for case, width and ligatures (NFKC, casefold); signs stay as they are."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def narrow(text: str) -> str:
    """One spelling for width and ligatures (NFKC); case as it is."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def visible(text: str) -> str:
    """`text` without what cannot be shown (controls, lone surrogates, formatting), single spaces."""
    return " ".join((text if text.isprintable() else text.translate(_VISIBLE)).split())


def fold(text: str) -> str:
    """The words of `text`: one case, no accents, signs or width, single spaces. Idempotent, total, linear.

    "&" and a lone "n" count as "and", "$" beside a letter as "s". A text without any letter or digit ("!!!") is
    its own name and keeps its signs.
    """
    plain = canonical(text)
    if "&" in plain:
        plain = plain.replace("&", " and ")
    if "$" in plain:
        plain = _MONEY_AS_S.sub("s", plain)
    folded = " ".join(plain.translate(_FOLDING).split())
    if " n " in folded:
        folded = _LONE_N.sub("and", folded)
    return folded or unicodedata.normalize("NFKC", "".join(plain.translate(_VISIBLE).split()))


def squash(folded: str) -> str:
    """Folded words run together, except between digits: "blink 182" is "blink182", "20 20" is not "2020"."""
    return _SPACE_TO_CLOSE.sub("", folded) if " " in folded else folded


def vocabulary(words: str) -> frozenset[str]:
    """The words of a text, for looking up."""
    return frozenset(words.split())
