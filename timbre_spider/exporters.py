"""Feeds: a line a stored song, as `timbre export` tells it too."""

import json
from typing import Any

from scrapy.exporters import CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from timbre_spider.items import AOTY_ATTRS, SPOTIFY_ATTRS, Song, song_record

_NESTED = {"spotify": SPOTIFY_ATTRS, "lastfm": ("tags",), "aoty": AOTY_ATTRS}


class SongLinesExporter(JsonLinesItemExporter):
    """JSON Lines."""

    def export_item(self, item: Song) -> None:
        super().export_item(song_record(item))


class SongJsonExporter(JsonItemExporter):
    """One JSON array."""

    def export_item(self, item: Song) -> None:
        super().export_item(song_record(item))


class SongCsvExporter(CsvItemExporter):
    """CSV: nested parts become columns (`spotify_album_name`), lists and tags JSON text."""

    def export_item(self, item: Song) -> None:
        super().export_item(flat(song_record(item)))


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """A record with one level; every record has the same columns, in the same order."""
    columns: dict[str, Any] = {}
    for name, value in record.items():
        if name in _NESTED:
            for part in _NESTED[name]:
                each = (value or {}).get(part)
                columns[f"{name}_{part}"] = (
                    json.dumps(each, ensure_ascii=False) if isinstance(each, list | dict) else each
                )
        else:
            columns[name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
    return columns
