"""Folding of text, for comparing only: what is shown keeps its spelling."""

import html
import re
import unicodedata
from functools import lru_cache

import opencc

from timbre_spider.matching.writing.censored import uncensored
from timbre_spider.matching.writing.misread import well_read

# Letters that Unicode does not decompose but that listeners type without the stroke or ligature; in Arabic the forms
# of one letter that writers use for each other.
PLAIN_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "þ": "th",
    "ŧ": "t", "ß": "ss", "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك",
}  # fmt: skip
# Left out without parting the word they stand in: "don't" is "dont", "M.I.A." is "mia".
_NOTHING = frozenset("'’‘`´ʼʻ′\".“”„″«»·•™®©℠ªº°ـ׳״")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
# Vowel marks of Hebrew and Arabic, which most writers leave out, and what only says how a sign is drawn.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)
# Japanese is written in either kana: "ひまわり" is "ヒマワリ".
_KATAKANA = {hiragana: chr(hiragana + 0x60) for hiragana in range(0x3041, 0x3097)}
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,7});", re.I)
_ENTITIES_IN_ENTITIES = 3
_FRACTION = re.compile("(?<=\\d)(?=[¼-¾⅐-⅞])")
_MONEY_AS_S = re.compile(r"\$(?=[a-z])|(?<=[a-z])\$")
_LONE_N = re.compile(r"(?<= )n(?= )")
# "10 000" is "10,000".
_SPACE_TO_CLOSE = re.compile(r"(?<!\d) | (?!\d)| (?=000(?!\d))")
_SPACE_BETWEEN_DIGITS = re.compile(r"\d \d")
# A name with none of these needs no look at its signs.
_SIGNS = re.compile("[&+#♯♭$*!@.,:/'’′]")
_DIGIT_BEFORE_SIGN = re.compile("\\d[.,:/'’′]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BETWEEN_DIGITS = re.compile("(?<=\\d)[.,:/'’′](?=\\d)")
_BETWEEN_WORDS = re.compile(r"(?<=\s)\+(?=\s)|(?<=[^\W_])\+(?=[^\W_])")
_PART_OF_A_WORD = re.compile(r"(?<=[^\W_+])\++|\++(?=[^\W_+])")
_SHARP_NOTE = re.compile(r"(?<![^\W_])([a-g])#(?=m?(?![^\W_]))")
_FLAT_NOTE = re.compile(r"\bin ([a-g])b(?= (?:maj|min)(?:or)?\b)")
# "livin'" is "living"; what is quoted ("'satin'") ends in no apostrophe of its own.
_DROPPED_G = re.compile(r"(?<![^\W_]|['’‘])([^\W\d_]{2,}in)['’](?![^\W_])")


def _folded(character: str) -> str | None:
    """What one character (after NFKC and casefold) counts as: itself, plain letters, a space, or nothing."""
    if character in PLAIN_LETTERS:
        return PLAIN_LETTERS[character]
    if character in _NOTHING or _MARKS.match(character):
        return None
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return " " if character.isspace() else None
    if category[0] not in "LNM":
        return " "
    if _HAN.match(character):
        return _simplified(character)
    if ord(character) in _KATAKANA:
        return _KATAKANA[ord(character)]
    base = unicodedata.normalize("NFD", character)[0]
    # Marks are accents in Latin and Greek; in other scripts (が, й, ปี) they make another letter.
    script = unicodedata.name(base, "").partition(" ")[0]
    return PLAIN_LETTERS.get(base, base) if script in ("LATIN", "GREEK") else character


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(character: str) -> str:
    """The simplified form of a Chinese character; itself where it has none."""
    simple: str = _to_simplified().convert(character)
    further: str = _to_simplified().convert(simple)
    return further if len(further) == 1 else character


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


def readable(text: str) -> str:
    """`text` with its HTML entities, nested ones too, as the signs they stand for, and its bytes as they were meant."""
    if not text.isascii():
        text = well_read(text)
    if "&" not in text:
        return text
    for _ in range(_ENTITIES_IN_ENTITIES):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def canonical(text: str) -> str:
    """One spelling for case, width and ligatures (NFKC, casefold); signs stay as they are."""
    text = narrow(text)
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text.casefold())


def narrow(text: str) -> str:
    """One spelling for width, ligatures (NFKC) and HTML entities; case as it is."""
    text = readable(text)
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", _FRACTION.sub(" ", text))


def is_plain(text: str) -> bool:
    """Whether a text is ASCII letters, digits and spaces alone, as most names are: the short way for them."""
    return text.isascii() and text.replace(" ", "").isalnum()


def visible(text: str) -> str:
    """`text` without what cannot be shown (controls, lone surrogates, formatting), single spaces."""
    return " ".join((text if text.isprintable() else text.translate(_VISIBLE)).split())


def fold(text: str) -> str:
    """The words of `text`: one case, no accents, signs or width, single spaces. Idempotent, total, linear.

    "&" and a lone "n" count as "and", "$" beside a letter as "s"; "♯", "♭" and a "+" that belongs to a word ("C++") are
    words; between digits a sign parts ("1.1" is not "11"). A text without any letter or digit ("!!!") is its own name
    and keeps its signs.
    """
    if is_plain(text):
        folded = " ".join(text.lower().split())
    else:
        plain = canonical(text)
        if _SIGNS.search(plain):
            plain = _signs_as_words(plain)
        folded = " ".join(plain.translate(_FOLDING).split())
    if " n " in folded:
        folded = _LONE_N.sub("and", folded)
    return folded or _MARKS.sub("", unicodedata.normalize("NFKC", "".join(canonical(text).translate(_VISIBLE).split())))


def _signs_as_words(plain: str) -> str:
    """The signs that mean something, as words."""
    if "*" in plain or "!" in plain or "@" in plain or "#" in plain:
        plain = _SHARP_NOTE.sub(r"\1 sharp ", uncensored(plain))
    if "$" in plain:
        plain = _MONEY_AS_S.sub("s", plain)
    if "in'" in plain or "in’" in plain:
        plain = _DROPPED_G.sub(r"\1g", plain)
    if _DIGIT_BEFORE_SIGN.search(plain):
        plain = _BETWEEN_DIGITS.sub(" ", _THOUSANDS.sub("", plain))
    if "+" in plain and any(map(str.isalnum, plain)):
        plain = _PART_OF_A_WORD.sub(lambda found: " plus" * len(found[0]) + " ", _BETWEEN_WORDS.sub(" and ", plain))
    if "♭" in plain or "♯" in plain:
        plain = plain.replace("♯", " sharp ").replace("♭", " flat ")
    return plain.replace("&", " and ") if "&" in plain else plain


def squash(folded: str) -> str:
    """Folded words run together, except between digits: "blink 182" is "blink182", "20 20" is not "2020"."""
    if " " not in folded:
        return folded
    together = folded.replace(" ", "")
    if together.isalpha() or not _SPACE_BETWEEN_DIGITS.search(folded):
        return together
    return _SPACE_TO_CLOSE.sub("", folded)


def vocabulary(words: str) -> frozenset[str]:
    """The words of a text, for looking up."""
    return frozenset(words.split())
