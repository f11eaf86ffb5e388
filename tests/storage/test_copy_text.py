"""How a row is written for COPY and as JSON; test_writer.py holds odd texts against a real database."""

from typing import Any

import pytest

from timbre_spider.storage.copy_text import copy_line, plain
from timbre_spider.storage.staging import COLUMNS

pytestmark = pytest.mark.unit


def row(kind: str, **told: Any) -> tuple[Any, ...]:
    return tuple(told.get(name) for name in COLUMNS[kind])


def cells(kind: str, **told: Any) -> dict[str, str]:
    written = copy_line(kind, row(kind, **told)).split("\t")
    return {name: cell for name, cell in zip(COLUMNS[kind], written, strict=True) if cell != r"\N"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a\tb\nc\rd\\e", r"a\tb\nc\rd\\e"),
        ("\x00\ud800", "\ufffd\ufffd"),
        ("\\N", r"\\N"),
        (7, "7"),
        (0.25, "0.25"),
        (False, "False"),
        (float("nan"), "nan"),
    ],
)
def test_a_text_or_a_number(text: Any, written: str) -> None:
    assert cells("rejects", artist=text) == {"artist": written}


@pytest.mark.parametrize(
    ("keys", "written"),
    [
        ([], "{}"),
        (["hash:a", "isrc:b"], '{"hash:a","isrc:b"}'),
        (['a"b', "c\\d", "e,f"], r'{"a\\"b","c\\\\d","e,f"}'),
    ],
)
def test_an_array(keys: list[str], written: str) -> None:
    assert cells("songs", keys=keys, absorbs=keys, taken_keys=keys) == {
        "keys": written, "absorbs": written, "taken_keys": written,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": 1, "b": [None, True]}, '{"a":1,"b":[null,true]}'),
        (("Rock", "Pop"), '["Rock","Pop"]'),
        ((), "[]"),
        ({"ü": "❤"}, '{"ü":"❤"}'),
        ({"a": 'say "x"'}, r'{"a":"say \\"x\\""}'),
        ({"a": "b\tc\n"}, r'{"a":"b\\tc\\n"}'),
        ({"a\x00": "\ud800"}, '{"a\ufffd":"\ufffd"}'),
        ({"a": float("nan"), "b": [float("inf")]}, '{"a":null,"b":[null]}'),
    ],
)
def test_json(value: Any, written: str) -> None:
    assert cells("answers", values=value) == {"values": written}
    assert cells("songs", genres=value) == {"genres": written}


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_column_of_every_kind_is_written(kind: str) -> None:
    assert copy_line(kind, row(kind)) == "\t".join([r"\N"] * len(COLUMNS[kind]))


def test_each_kind_s_lists_and_objects_are_json() -> None:
    nested = {"songs": {"open", "lastfm_tags", "genres", "aoty_tags"}, "aliases": {"listens"}, "answers": {"values"},
        "albums": {"genres", "secondary_genres", "tags", "labels", "tracks"}}  # fmt: skip
    for kind, names in nested.items():
        written = cells(kind, **{name: [{"a": 1}] for name in names})
        assert written == dict.fromkeys(names, '[{"a":1}]')


def test_as_json_a_row_goes_by_names_and_is_clean() -> None:
    told = plain("rejects", ("me", "A\x00", "T", 5, float("nan")))
    assert told == {"listener": "me", "artist": "A\ufffd", "title": "T", "playcount": 5, "reason": None}


@pytest.mark.parametrize("write", [copy_line, plain])
@pytest.mark.parametrize("cut", [("me", "A", "T", 5), ("me", "A", "T", 5, "x", "y")])
def test_a_row_that_is_not_as_its_table_is_refused(write: Any, cut: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        write("rejects", cut)
