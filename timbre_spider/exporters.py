"""The formats of a feed in which a song is one flat row; in the others it is written as it comes, nested."""

from io import BytesIO
from typing import Any

from scrapy.exporters import CsvItemExporter, XmlItemExporter

from timbre_spider.cells import flat


class SongCsvExporter(CsvItemExporter):
    """CSV: lists and maps as JSON text, nothing for what is not known. What is appended needs no second header."""

    def __init__(self, file: BytesIO, **options: Any) -> None:
        has_header = file.seekable() and file.tell() > 0
        super().__init__(file, include_headers_line=not has_header, **options)

    def export_item(self, item: dict[str, Any]) -> None:
        super().export_item(flat(item))


class SongXmlExporter(XmlItemExporter):
    """XML, as CSV: a tag is no name for an element, and what is not known has none."""

    def export_item(self, item: dict[str, Any]) -> None:
        super().export_item({name: value for name, value in flat(item).items() if value is not None})
