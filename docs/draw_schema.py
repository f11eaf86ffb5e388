"""The tables as a drawing: a box each, lines from what refers to what is referred to."""

from dataclasses import dataclass, field
from html import escape

WIDTH, LINE, HEAD, GAP_X, GAP_Y = 250, 16, 24, 90, 24
CENTRE = "songs"


@dataclass(frozen=True)
class Column:
    """A column; `refers_to` is a table."""

    name: str
    type: str
    said: str
    refers_to: str | None = None


@dataclass(frozen=True)
class Table:
    """A table or view of the schema."""

    name: str
    is_view: bool
    said: str
    columns: list[Column] = field(default_factory=list)

    @property
    def height(self) -> int:
        return HEAD + LINE * len(self.columns) + 8


def drawing(tables: list[Table]) -> str:
    """An SVG of the tables, `songs` in the middle column, the others where there is room; views are left out."""
    shown = sorted((each for each in tables if not each.is_view), key=lambda each: (each.name != CENTRE, -each.height))
    filled = [0, 0, 0]
    at: dict[str, tuple[int, int]] = {}
    for each in shown:
        column = 1 if each.name == CENTRE else min((0, 2, 1), key=lambda place: filled[place])
        at[each.name] = (20 + column * (WIDTH + GAP_X), 20 + filled[column])
        filled[column] += each.height + GAP_Y
    width, height = 40 + 3 * WIDTH + 2 * GAP_X, 20 + max(filled)
    boxes = [part for each in shown for part in _box(each, *at[each.name])]
    lines = [
        _line(at[each.name], number, at[column.refers_to])
        for each in shown
        for number, column in enumerate(each.columns)
        if column.refers_to in at and column.refers_to != each.name
    ]
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11" '
            f'viewBox="0 0 {width} {height}">',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def _box(table: Table, x: int, y: int) -> list[str]:
    parts = [
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{table.height}" rx="4" fill="#f7f7fb" stroke="#556"/>',
        f'<text x="{x + 8}" y="{y + 16}" font-weight="bold" font-size="13">{escape(table.name)}</text>',
    ]
    for number, column in enumerate(table.columns):
        line = y + HEAD + LINE * number + 12
        weight = ' fill="#a0309a"' if column.refers_to else ""
        parts.append(f'<text x="{x + 8}" y="{line}"{weight}>{escape(column.name)}</text>')
        parts.append(
            f'<text x="{x + WIDTH - 8}" y="{line}" text-anchor="end" fill="#778">{escape(_short(column.type))}</text>'
        )
    return parts


def _short(type_: str) -> str:
    return type_.replace("timestamp with time zone", "timestamptz").replace("double precision", "float8")


def _line(of: tuple[int, int], number: int, to: tuple[int, int]) -> str:
    (x, y), (to_x, to_y) = of, to
    start_y, end_y = y + HEAD + LINE * number + 8, to_y + HEAD // 2
    if x == to_x:
        side = x + WIDTH
        path = f"M{side},{start_y} C{side + 60},{start_y} {side + 60},{end_y} {side},{end_y}"
    else:
        start, end = (x + WIDTH, to_x) if x < to_x else (x, to_x + WIDTH)
        middle = (start + end) // 2
        path = f"M{start},{start_y} C{middle},{start_y} {middle},{end_y} {end},{end_y}"
    return f'<path d="{path}" fill="none" stroke="#a0309a" stroke-opacity="0.5"/>'
