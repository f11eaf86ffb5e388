"""Small changes of sql/ drawn by chance: what a rule finds in the functions and views, not what somebody thought of."""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

# Comments, texts, $$ and the size of a type, in the order they are met.
TOKEN = re.compile(r"--[^\n]*|E?'(?:[^']|'')*'|\$\$|::numeric\(\d+, \d+\)")
# Statements that define no behaviour, or do so only behind `AS $$`, `AS` or `RETURN`.
STATEMENT = re.compile(r"[^;]*;")
HEAD = re.compile(
    r"\s*CREATE (?:OR REPLACE )?(?:FUNCTION|VIEW)\b.*?"
    r"(?:\bAS \$\$|\bRETURN\b|\bBEGIN ATOMIC\b|\bAS\b(?=\s+SELECT))|\s*DO \$\$",
    re.S,
)
NOT_TRIED = re.compile(
    r"\s*(?:CREATE (?:TABLE|(?:UNIQUE )?INDEX|TYPE|OR REPLACE (?:AGGREGATE|TRIGGER))|COMMENT|ALTER|DROP"
    r"|SELECT timbre_restrict_access|INSERT INTO (?:schema_migrations|genre_names))\b"
)  # fmt: skip

Turned = str | Callable[[re.Match[str]], str]
SWAPPED = {"min": "max", "max": "min", "least": "greatest", "greatest": "least", "true": "false", "false": "true"}
# What is looked for where neither comment nor text stands, and what it becomes.
RULES: list[tuple[str, Turned]] = [
    (r"(?<![<>-])<(?![>=])", "<="),
    (r"<=", "<"),
    (r"(?<![<>#=-])>(?![>=])", ">="),
    (r">=", ">"),
    # Not where a column is set.
    (r"(\.\w+|[)\]]) = |(?<=\w) = (?=ANY\b)", r"\1 <> "),
    (r" <> ", " = "),
    (r"\bAND\b", "OR"),
    (r"\bOR\b", "AND"),
    (r"\b(min|max|least|greatest)(?=\()", lambda found: SWAPPED[found[0]]),
    (r"\b(true|false)\b", lambda found: SWAPPED[found[0]]),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS DISTINCT FROM\b", "IS NOT DISTINCT FROM"),
    (r"\bIS NOT DISTINCT FROM\b", "IS DISTINCT FROM"),
    (r" DESC\b", ""),
    (r"\bDISTINCT (?!FROM\b|ON\b)", ""),
    (r"(?<!NOT )\bEXISTS\b", "NOT EXISTS"),
    (r"(?<!IS )\bNOT ", ""),
    (r"\bUNION ALL\b", "UNION"),
    (r"\bUNION\b(?! ALL)", "UNION ALL"),
    (r"\bLEFT JOIN\b", "JOIN"),
    (r" \+ ", " - "),
    (r" - ", " + "),
    (r"(?<!SELECT) \* ", " / "),
    # Not the LIMIT of what is looked up by its key.
    (r"(?<![\w.$:])(?<!LIMIT )(?<!\de-)\d+(?:\.\d+)?(?![\w.])", lambda found: str(Decimal(found[0]) + 1)),
    (r"(ORDER BY [^;\n]* LIMIT )1\b", r"\g<1>2"),
    (r"\blower(?=\()", ""),
    # A column that is not written, a condition that is not asked, a statement that is not made.
    (r"\b\w+ = (?:v|m|o|excluded)\.\w+,\s*", ""),
    (r"\s(?:AND|OR) [^\n()]*(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)[^\n()]*)*(?=\n)", ""),
    (r"((?:;|\b(?:BEGIN|THEN|ELSE|LOOP)\b)\s*)(?:PERFORM|INSERT|UPDATE|DELETE)\b[^;]*(?=;)", r"\1NULL"),
]  # fmt: skip
COALESCE = re.compile(r"\bcoalesce\(")
ORDERED = re.compile(r"\bORDER BY [^();]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^();]*)*")


class Change(NamedTuple):
    """One place of a file, and what stands there instead."""

    file: str
    start: int
    end: int
    new: str

    def made_in(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]

    def shown(self, text: str) -> tuple[str, str]:
        """The lines it is in, as they were and as they become, each as one."""
        start = text.rfind("\n", 0, self.start) + 1
        end = text.find("\n", self.end)
        was, becomes = text[start:end], text[start : self.start] + self.new + text[self.end : end]
        return " ".join(was.split()), " ".join(becomes.split())


def blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def behaviour(text: str) -> tuple[str, str]:
    """The text without comments, and without texts too; both without what defines no behaviour, all in its place."""
    told = TOKEN.sub(lambda found: blank(found[0]) if found[0].startswith("--") else found[0], text)
    bare = TOKEN.sub(lambda found: found[0] if found[0] == "$$" else blank(found[0]), text)
    # Statements end where no function's body is.
    outside = "$$".join(part if n % 2 == 0 else blank(part) for n, part in enumerate(bare.split("$$")))
    for found in STATEMENT.finditer(outside):
        start, end = found.span()
        head = HEAD.match(bare[start:end])
        if head or NOT_TRIED.match(bare[start:end]):
            gone = start + head.end() - 2 * head[0].endswith("$$") if head else end
            told, bare = (each[:start] + blank(each[start:gone]) + each[gone:] for each in (told, bare))
    return told, bare


def changes_of(file: str, text: str) -> Iterator[Change]:
    """Every change the rules find in a file."""
    told, bare = behaviour(text)
    for pattern, new in RULES:
        for found in re.finditer(pattern, bare):
            yield Change(file, *found.span(), found.expand(new) if isinstance(new, str) else new(found))
    for found in COALESCE.finditer(bare):
        first, *others, end = list(parts(bare, found.end()))
        one, other = text[found.end() : first], text[first + 1 : others[0] if others else end].strip()
        rest = text[others[0] : end] if others else ""
        yield Change(file, found.start(), end + 1, one)
        yield Change(file, found.start(), end + 1, f"coalesce({other}, {one}{rest})")
    for found in ORDERED.finditer(bare):
        at = re.search(r",|\s(?:LIMIT|FILTER|DESC|ON|NULLS|LOOP)\b|\n|$", found[0])
        assert at
        if not at[0].endswith("DESC"):
            yield Change(file, *2 * [found.start() + at.start()], " DESC")
    for found in TOKEN.finditer(told):
        said = found[0].strip("E'")
        if re.fullmatch(r"\w[\w:%/. -]*", said):
            number = re.search(r"^\d+", said)
            new = f"{int(number[0]) + 1}{said[number.end() :]}" if number else f"{said}x"
            yield Change(file, found.end() - len(said) - 1, found.end() - 1, new)


def parts(bare: str, start: int) -> Iterator[int]:
    """Where the commas of a call's arguments stand, from behind its bracket, and last where it ends."""
    depth = 0
    for at in range(start, len(bare)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(bare[at], 0)
        if depth < 0:
            yield at
            return
        if bare[at] == "," and depth == 0:
            yield at


def drawn(files: Mapping[str, str], seed: int) -> Iterator[Change]:
    """All changes of the files in an order that chance gives, the same for a seed."""
    changes = sorted({each for file, text in files.items() for each in changes_of(file, text)})
    random.Random(seed).shuffle(changes)
    yield from changes
