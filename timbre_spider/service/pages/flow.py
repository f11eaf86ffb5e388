"""Where the rows of a chart went, as a drawing: bands from what came in to what became of it. Pure."""

from dataclasses import dataclass

_HEIGHT, _GAP = 120.0, 8.0
_LEFT, _RIGHT = 8.0, 92.0
_BAR = 3.0
# A part too small to be seen is drawn so thick, unless nothing is in it.
_LEAST = 1.0


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the rows: `kind` names its colour, `path` draws it, `top` and `tall` are those of its end."""

    kind: str
    name: str
    rows: int
    path: str
    top: float
    tall: float


def bands(parts: list[tuple[str, str, int]]) -> tuple[list[Band], float]:
    """A band for each (kind, name, rows) that has rows, and the height of the drawing (100 wide)."""
    parts = [part for part in parts if part[2] > 0]
    whole = sum(rows for _, _, rows in parts)
    drawn, start, end = [], _GAP * (len(parts) - 1) / 2, 0.0
    for kind, name, rows in parts:
        tall = max(_HEIGHT * rows / whole, _LEAST)
        drawn.append(Band(kind, name, rows, _path(start, end, tall), end, tall))
        start, end = start + tall, end + tall + _GAP
    return drawn, end - _GAP if drawn else 0.0


def _path(start: float, end: float, tall: float) -> str:
    middle, foot, bottom = (_LEFT + _RIGHT) / 2, start + tall, end + tall
    return (
        f"M{_LEFT - _BAR} {start:.1f}H{_LEFT}C{middle} {start:.1f} {middle} {end:.1f} {_RIGHT} {end:.1f}"
        f"H{_RIGHT + _BAR}V{bottom:.1f}H{_RIGHT}C{middle} {bottom:.1f} {middle} {foot:.1f} {_LEFT} {foot:.1f}"
        f"H{_LEFT - _BAR}Z"
    )
