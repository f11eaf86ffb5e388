"""Every format of a feed, written as Scrapy writes it."""

import csv
import io
import json
import marshal
import pickle
from typing import Any
from xml.etree import ElementTree

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from timbre_spider import settings as ours

pytestmark = pytest.mark.unit

SONG: dict[str, Any] = {
    "title": 'T, "<live>" & é',
    "isrc": None,
    "playcount": 0,
    "score": 0.5,
    "explicit": False,
    "lastfm_tags": {"hip hop": 100},
    "genres": ["Rock"],
    "updated_at": "2026-03-01T12:00:00+00:00",
}
CELLS = {
    **{name: str(value) for name, value in SONG.items()},
    "explicit": "false",
    "lastfm_tags": '{"hip hop": 100}',
    "genres": '["Rock"]',
}


def exporters() -> dict[str, str]:
    settings = Settings()
    settings.setmodule(ours)
    known: dict[str, str] = settings.getwithbase("FEED_EXPORTERS").copy_to_dict()
    return known


def written(format: str, before: bytes = b"", seekable: bool = True, **options: Any) -> bytes:
    class Kept(io.BytesIO):
        def close(self) -> None:
            """What was written is read afterwards."""

        def seekable(self) -> bool:
            return seekable

    file = Kept()
    file.write(before)
    exporter = load_object(exporters()[format])(file, encoding="utf-8", **options)
    exporter.start_exporting()
    for song in (SONG, {**SONG, "title": "U"}):
        exporter.export_item(song)
    exporter.finish_exporting()
    return file.getvalue()


def test_these_are_the_formats() -> None:
    assert sorted(exporters()) == ["csv", "jl", "json", "jsonl", "jsonlines", "marshal", "pickle", "xml"]


@pytest.mark.parametrize("format", ["jsonl", "jsonlines", "jl"])
def test_lines(format: str) -> None:
    first, second = (json.loads(line) for line in written(format).decode().splitlines())
    assert first == SONG
    assert list(first) == list(SONG)
    assert second["title"] == "U"
    assert "é" in written(format).decode()


def test_json() -> None:
    assert json.loads(written("json")) == [SONG, {**SONG, "title": "U"}]


def test_csv() -> None:
    first, second = csv.DictReader(io.StringIO(written("csv").decode(), newline=""))
    assert first == {**CELLS, "isrc": ""}
    assert second["title"] == "U"


def test_csv_that_is_appended_has_one_header() -> None:
    once = written("csv", fields_to_export=["title", "playcount"])
    assert once.startswith(b"title,playcount\r\n")
    assert written("csv", once, fields_to_export=["title", "playcount"]).count(b"title,playcount") == 1
    assert written("csv", seekable=False).startswith(b"title,isrc,")


def test_xml() -> None:
    first, second = ElementTree.fromstring(written("xml"))
    assert {each.tag: each.text for each in first} == {name: CELLS[name] for name in CELLS if name != "isrc"}
    assert second.findtext("title") == "U"


@pytest.mark.parametrize(("format", "load"), [("pickle", pickle.load), ("marshal", marshal.load)])
def test_python_s_own(format: str, load: Any) -> None:
    file = io.BytesIO(written(format))
    assert load(file) == SONG
    assert load(file)["title"] == "U"
