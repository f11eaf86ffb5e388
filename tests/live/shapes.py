"""The shape of JSON answers: which fields there are, and of what kind their values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

# On a page alone there is none before and none after; not of every track is known how long it is.
_OFTEN_NULL = frozenset({"next", "previous", "length"})
# Artists by themselves are joined with nobody.
_OFTEN_MISSING = frozenset({"joinphrase"})

Shape = Mapping[str, frozenset[str]]
"""Kinds of values by their path, as in `tracks.items[].name`."""


def shape_of(answers: Iterable[object]) -> Shape:
    """The shape all the answers have together. Keys that are MBIDs count as one."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for answer in answers:
        for path, kind in _values(answer, ""):
            kinds[path].add(kind)
    return {path: frozenset(each) for path, each in kinds.items()}


def differences(believed: Shape, seen: Shape) -> list[str]:
    """In words, what is other than believed. Fields nobody believes in are no difference: nothing reads them."""
    told = []
    for path, kinds in sorted(believed.items()):
        name, others = path or "the answer", seen.get(path, frozenset()) - kinds
        field = path.rpartition(".")[2]
        if field in _OFTEN_NULL:
            others -= {"null"}
        if path not in seen:
            # Of what lies within something that is missing, or was empty, nothing can be said.
            if _is_object(seen, path) and field not in _OFTEN_MISSING:
                told.append(f"{name} is missing; believed: {_listed(kinds)}")
        elif others:
            told.append(f"{name} is {_listed(others)}; believed: {_listed(kinds)}")
    return told


def _is_object(seen: Shape, path: str) -> bool:
    parent = path.rpartition(".")[0] if not path.endswith("[]") else ""
    return "an object" in seen.get(parent, frozenset()) and not path.endswith("[]")


def _values(value: object, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            yield path, "an object"
            for key, each in value.items():
                yield from _values(each, f"{path}.{_key(key)}".lstrip("."))
        case list():
            yield path, "a list"
            for each in value:
                yield from _values(each, f"{path}[]")
        case None:
            yield path, "null"
        case bool():
            yield path, "true or false"
        case int() | float():
            yield path, "a number"
        case _:
            yield path, "a text"


def _key(key: str) -> str:
    try:
        return "{mbid}" if str(UUID(key)) == key else key
    except ValueError:
        return key


def _listed(kinds: Iterable[str]) -> str:
    return " or ".join(sorted(kinds))
