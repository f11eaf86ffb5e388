"""Writes the reference: each page from the code it is about, so that it cannot say anything else.

`make docs` calls `write`; tests/test_reference.py holds that nothing lacks its line.
"""

import inspect
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import typer
from pydantic import SecretStr
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from docs import draw_way  # noqa: E402
from docs.draw_schema import Column, Table, drawing  # noqa: E402
from timbre_spider import errors  # noqa: E402
from timbre_spider.cli import app  # noqa: E402
from timbre_spider.config import Config, load_config  # noqa: E402
from timbre_spider.items import Outcome  # noqa: E402
from timbre_spider.service.app import create_app  # noqa: E402
from timbre_spider.service.state import Service  # noqa: E402
from timbre_spider.storage.connect import EmbeddedDatabase  # noqa: E402
from timbre_spider.storage.database import Database  # noqa: E402
from timbre_spider.storage.embedded import EmbeddedServer  # noqa: E402
from timbre_spider.storage.migrate import migrate  # noqa: E402

Row = tuple[str, ...]


def table(head: Row, rows: Iterable[Row]) -> str:
    """A table of Markdown."""

    def line(cells: Row) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), line(("---",) * len(head)), *map(line, rows)])


def settings() -> list[Row]:
    """Name, default, what it is for: of every setting, in the order and words of .env.example."""
    rows = []
    words: list[str] = []
    fresh = True
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            words = [*([] if fresh else words), line.removeprefix("#").strip()]
            fresh = False
        elif "=" in line:
            name = line.partition("=")[0]
            field = Config.model_fields[name.lower()]
            secret = SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
            default = "secret" if secret else "" if field.default is None else f"`{field.default}`"
            rows.append((f"`{name}`", default, " ".join(words)))
            fresh = True
        else:
            words, fresh = [], True
    return rows


def commands() -> Iterator[tuple[str, str, list[Row]]]:
    """Name, help and parameters of every command that does something."""

    def under(command: Any, names: tuple[str, ...]) -> Iterator[tuple[str, str, list[Row]]]:
        subcommands = getattr(command, "commands", {})
        if not subcommands or command.invoke_without_command:
            yield " ".join(names), command.help or "", list(map(_parameter, command.params))
        for name, each in subcommands.items():
            yield from under(each, (*names, name))

    yield from under(typer.main.get_command(app), ("timbre",))


def _parameter(parameter: Any) -> Row:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`", getattr(parameter, "help", None) or ""
    value = "" if parameter.is_flag else " …"
    return f"`{', '.join(parameter.opts)}{value}`", parameter.help or ""


def spiders() -> Iterator[tuple[str, str, list[Row]]]:
    """Name, docstring and arguments of every spider."""
    loader = SpiderLoader(Settings({"SPIDER_MODULES": ["timbre_spider.spiders"]}))
    for name in sorted(loader.list()):
        spider: Any = loader.load(name)
        rows = [
            (
                f"`{each}`",
                "" if field.is_required() or field.default is None else f"`{field.default}`",
                field.description or "",
            )
            for each, field in spider.takes.model_fields.items()
        ]
        yield name, inspect.getdoc(spider) or "", rows


def relations(connection: psycopg.Connection) -> list[Table]:
    """Every table and view of the schema, with what its columns are commented with."""
    found = connection.execute(
        """SELECT c.oid::bigint, c.relname, c.relkind IN ('v', 'm'), coalesce(obj_description(c.oid, 'pg_class'), '')
           FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
           AND relname <> 'schema_migrations' ORDER BY relkind IN ('v', 'm'), relname"""
    ).fetchall()
    return [Table(name, is_view, said, _columns(connection, oid)) for oid, name, is_view, said in found]


def _columns(connection: psycopg.Connection, oid: int) -> list[Column]:
    rows = connection.execute(
        """SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(col_description(a.attrelid, a.attnum), ''),
               (SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = a.attrelid AND contype = 'f'
                AND a.attnum = ANY (conkey) LIMIT 1)
           FROM pg_attribute a WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""",
        (oid,),
    ).fetchall()
    return [Column(*row) for row in rows]


def endpoints(database: Database) -> list[Row]:
    """Method and path, and what it does, of the service, as its OpenAPI says."""
    rows = []
    for path, methods in create_app(Service(load_config(), database)).openapi()["paths"].items():
        for method, said in methods.items():
            text = said.get("description") or said.get("summary") or ""
            rows.append((f"`{method.upper()} {path}`", text.partition("\n\n")[0]))
    return rows


def fields(schema: str) -> list[Row]:
    """Name, type, meaning: of every field of a JSON Schema under docs/schema, those of parts with a dot."""
    whole = json.loads((ROOT / "docs" / "schema" / f"{schema}.json").read_text(encoding="utf-8"))
    parts = whole.get("$defs", {})

    def under(part: dict[str, Any], before: str, seen: tuple[str, ...]) -> Iterator[Row]:
        for name, each in part.get("properties", {}).items():
            yield f"`{before}{name}`", _type(each), each.get("description", "")
            for inner in _references(each):
                if inner not in seen:
                    yield from under(parts[inner], f"{before}{name}.", (*seen, inner))

    first = _references(whole)
    return list(under(parts[first[0]] if first and "properties" not in whole else whole, "", ()))


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
        return own + [
            name for key, each in schema.items() if key not in ("$defs", "properties") for name in _references(each)
        ]
    if isinstance(schema, list):
        return [name for each in schema for name in _references(each)]
    return []


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(_type, schema["anyOf"])))
    kind = schema.get("type") or ("object" if "$ref" in schema else "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


OUTCOMES = {
    "found": (
        "it is there, with how well it matched and its values",
        "when it is stale: AOTY after 7 days (1 while the album is under 90 days old), Last.fm after 1 day, Spotify "
        "after 7 days in extended mode and never by itself in development mode",
    ),
    "absent": ("asked properly, and not there", "after 1 day, then after twice as long each time, up to 32 days"),
    "refused": (
        "the site refuses us, by a challenge or robots.txt; nothing more is asked of it in this run",
        "in the next run",
    ),
    "deferred": ("out of quota or budget, or the run was stopped", "when the service said, else at our own guess"),
    "failed": ("gave up after retries", "in the next run"),
}


def outcomes() -> list[Row]:
    """Each outcome, its meaning, when the question is asked again."""
    return [(f"*{outcome}*", *OUTCOMES[outcome]) for outcome in Outcome]


def failures() -> list[Row]:
    """Each error, the exit status it ends a command with, and who raises it."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.TimbreError)]
    return [
        (f"`{kind.__name__}`", str(kind.exit_status), " ".join((inspect.getdoc(kind) or "").split())) for kind in kinds
    ]


def _sections(parts: Iterable[tuple[str, str, list[Row]]], head: Row) -> str:
    said = []
    for name, text, rows in parts:
        said += [f"## `{name}`", text, *([table(head, rows)] if rows else [])]
    return "\n\n".join(said)


# What stands above each page's tables.
HEADS = {
    "settings": """# Settings

From the environment, or from `.env` in the folder you start in. `timbre config` shows what holds, and where that comes
from.""",
    "commands": """# Commands

The exit status is 0 when a command did what it was asked, 1 when it failed, 2 for wrong usage or configuration.""",
    "spiders": """# Spiders and their arguments

`scrapy crawl NAME -a ARGUMENT=VALUE …`, in the project's folder.""",
    "tables": """# Tables

```{image} schema.svg
:alt: The tables, with lines from what refers to what is referred to
```""",
    "feed": """# The feed

One JSON object a song, in `exports/songs.jsonl`, in `timbre export` and in `scrapy crawl … -O FILE`. Its JSON Schema is
`docs/schema/song.json`.""",
    "summary": """# The summary of a run

`logs/pipeline_summary_<time>.json`, and the same in the run's row of the table `runs`. Its JSON Schema is
`docs/schema/run_summary.json`.""",
    "api": """# The service

`timbre serve` listens at http://127.0.0.1:8000, and `/docs` there tries each of these out. Where it listens for other
machines, it wants `Authorization: Bearer API_TOKEN`.""",
    "outcomes": """# Outcomes

Every question to a source about a song or an album ends in exactly one of these.""",
    "errors": """# Errors

Each is one line for you; the exit status is what the command ends with.""",
}


def pages(database: Database) -> dict[str, str]:
    """Each page of the reference, by its name; `database` has the schema."""
    with database.connect() as connection:
        tables = relations(connection)
    columns = "\n\n".join(
        f"## `{each.name}`{' (view)' if each.is_view else ''}\n\n{each.said}\n\n"
        + table(("column", "type", ""), [(f"`{c.name}`", c.type, c.said) for c in each.columns])
        for each in tables
    )
    written = {
        "settings": table(("setting", "default", ""), settings()),
        "commands": _sections(commands(), ("", "")),
        "spiders": _sections(spiders(), ("argument", "default", "use")),
        "tables": columns,
        "feed": table(("field", "type", ""), fields("song")),
        "summary": table(("field", "type", ""), fields("run_summary")),
        "api": table(("", ""), endpoints(database)),
        "outcomes": table(("outcome", "meaning", "asked again"), outcomes()),
        "errors": table(("error", "exit status", ""), failures()),
    }
    texts = {f"{name}.md": f"{HEADS[name]}\n\n{text}\n" for name, text in written.items()}
    return texts | {"schema.svg": drawing(tables), "way.svg": draw_way.drawing()}


def write(folder: Path) -> None:
    """Writes the reference into `folder`, from a database of its own."""
    with TemporaryDirectory(prefix="timbre-docs-") as scratch:
        server = EmbeddedServer(Path(scratch) / "postgres")
        try:
            database = EmbeddedDatabase(server, "reference")
            migrate(database)
            made = pages(database)
            database.close()
        finally:
            server.close()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(ROOT / "docs" / "reference")
