import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.errors import Unusable
from timbre_spider.sources.text import as_list, isrcs, plain, read_json, valid_isrc, whole, year

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Sigur Rós", "Sigur Rós"),
        ("  two   words ", "two words"),
        (" one ", "one"),
        ("a  b", "a b"),
        ("\x7f\x80\x9f", ""),
        ("a\x00b", "a b"),
        ("tab\tand\nline", "tab and line"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("e\u0301", "é"),
        ("no\u00a0break", "no break"),
        ("全角 ＡＢＣ", "全角 ＡＢＣ"),
        (None, ""),
        (7, ""),
        ({"#text": "x"}, ""),
    ],
)
def test_plain(given: object, expected: str) -> None:
    assert plain(given) == expected


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_plain_is_idempotent_and_fits_utf_8(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert "\x00" not in once
    once.encode()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("440", 440), (440, 440), ("0", 0), (" 12 ", 12),
        ("", None), ("-1", None), (-1, None), ("1.5", None), (1.5, None), ("1,234", None), (True, None),
        (None, None), ("٣", None), ("9" * 5000, None), (2**31, None), ([1], None),
        (2**31 - 1, 2**31 - 1), ("2147483647", 2**31 - 1), ("2147483648", None), ("00000000001", None), (False, None),
    ],
)  # fmt: skip
def test_whole(given: object, expected: int | None) -> None:
    assert whole(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("GBFFP0300052", "GBFFP0300052"),
        ("gb-smu-45-66095", "GBSMU4566095"),
        ("QZ ES7 19 82312", "QZES71982312"),
        ("", None),
        ("N/A", None),
        ("GBFFP030005", None),
        ("1BFFP0300052", None),
        ("GBFFP03000５2", None),
        (None, None),
        (12, None),
    ],
)
def test_valid_isrc(given: object, expected: str | None) -> None:
    assert valid_isrc(given) == expected


def test_isrcs_are_each_once_and_in_order() -> None:
    assert isrcs(["us-ab1-20-00001", {"id": "GBFFP0300052"}, "USAB12000001", "junk", None]) == (
        "USAB12000001",
        "GBFFP0300052",
    )
    assert isrcs("GBFFP0300052") == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1994", 1994),
        ("1994-08-22", 1994),
        (1994, 1994),
        ("0000", None),
        ("", None),
        ("19940", None),
        (None, None),
        ("1859", None),
        (1860, 1860),
        (2200, 2200),
        ("2201", None),
        ("x1994", None),
        (1994.0, None),
    ],
)
def test_year(given: object, expected: int | None) -> None:
    assert year(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [([1, 2], [1, 2]), ("text", []), (7, []), ({"a": 1}, [{"a": 1}]), ("", []), ("\n", []), (None, []), ([], [])],
)
def test_as_list(given: object, expected: list[object]) -> None:
    assert as_list(given) == expected


def test_a_broken_string_breaks_nothing_around_it() -> None:
    body = b'[{"a": "bad \xff byte"}, {"a": "raw \x01 control"}, {"a": "\\ud83d"}, {"a": "fine"}]'
    answer = read_json(body, "Somebody")
    assert [plain(entry["a"]) for entry in answer] == [  # type: ignore[index, attr-defined]
        "bad � byte",
        "raw control",
        "",
        "fine",
    ]


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"{", b"[" * 100_000, b"\xff\xfe"])
def test_no_json_is_unusable(body: bytes) -> None:
    with pytest.raises(Unusable, match=r"^Somebody answered something that is no JSON"):
        read_json(body, "Somebody")
