"""The columns of a song, as the view song_features (sql/0039_features.sql) names, types and explains them.

Feeds and exports in every format have these, in this order; nothing else lists them.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from timbre_spider.storage.database import Database

_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL), col_description(a.attrelid, a.attnum)
    FROM pg_attribute a WHERE a.attrelid = 'song_features'::regclass AND a.attnum > 0 ORDER BY a.attnum
"""
# Every song has these; what sources know may be missing.
_ALWAYS = {"id", "canonical_id", "artist", "title", "created_at", "updated_at"}
_STRING, _NUMBER, _INTEGER = {"type": "string"}, {"type": "number"}, {"type": "integer"}
_JSON_TYPES: dict[str, dict[str, Any]] = {
    "uuid": {**_STRING, "format": "uuid"},
    "text": _STRING,
    "bigint": _INTEGER,
    "integer": _INTEGER,
    "smallint": _INTEGER,
    "real": _NUMBER,
    "double precision": _NUMBER,
    "boolean": {"type": "boolean"},
    "date": {**_STRING, "format": "date"},
    "timestamp with time zone": {**_STRING, "format": "date-time"},
}
_TEXTS = {"type": "array", "items": _STRING}
# What is within the columns of type json.
_NESTED: dict[str, dict[str, Any]] = {
    "lastfm_tags": {"type": "object", "additionalProperties": _INTEGER},
    "isrcs": _TEXTS,
    "genres": _TEXTS,
    "aoty_tags": _TEXTS,
    "styles": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "name": _STRING,
                "kind": {"enum": ["genre", "mood", "place", "period", "sound", "noise", "other"]},
                "weight": {"type": "number", "minimum": 0, "maximum": 1},
                "sources": {"type": "array", "items": {"enum": ["aoty", "aoty_tags", "lastfm"]}, "minItems": 1},
            },
            "required": ["name", "kind", "weight", "sources"],
            "additionalProperties": False,
        },
    },
    "aliases": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"artist": _STRING, "title": _STRING, "playcount": _INTEGER},
            "required": ["artist", "title", "playcount"],
            "additionalProperties": False,
        },
    },
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its SQL type, and what it means."""

    name: str
    sql_type: str
    meaning: str

    @property
    def json_schema(self) -> dict[str, Any]:
        """Its JSON Schema (2020-12)."""
        kind = _NESTED[self.name] if self.sql_type in ("json", "jsonb") else _JSON_TYPES[self.sql_type]
        types = kind["type"] if self.name in _ALWAYS else [kind["type"], "null"]
        return {**kind, "type": types, "description": self.meaning}


# An export of what has changed has these too, and a line a song that was merged into another.
MERGED = (
    Column("merged_into", "uuid", "The song that id was merged into"),
    Column("merged_at", "timestamp with time zone", "When it was merged"),
)


def columns_of(database: Database | psycopg.Connection) -> tuple[Column, ...]:
    """The columns, in their order."""
    if isinstance(database, Database):
        with database.connect() as connection:
            return columns_of(connection)
    return tuple(Column(*row) for row in database.execute(_COLUMNS).fetchall())


def song_schema(database: Database) -> dict[str, Any]:
    """The JSON Schema of a line of a feed or an export: a song, or with --since a merged id."""
    columns = columns_of(database)
    merged = {"id": {"type": "string", "format": "uuid", "description": "An id that is no song's any more"}}
    merged |= {each.name: {**_JSON_TYPES[each.sql_type], "description": each.meaning} for each in MERGED}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a feed or of timbre export",
        "oneOf": [{"$ref": "#/$defs/song"}, {"$ref": "#/$defs/merged"}],
        "$defs": {
            "song": _object("A song", {each.name: each.json_schema for each in columns}),
            "merged": _object("An id that was merged into another (timbre export --since)", merged),
        },
    }


def _object(title: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
