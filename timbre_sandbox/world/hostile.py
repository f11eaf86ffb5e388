"""Chart rows no pipeline should break on. Only there when asked for."""

from .model import Row


def hostile_rows(first_rank: int) -> list[Row]:
    """Rows at the tail of the chart that are nobody's song. A lone surrogate goes out as a JSON escape."""
    names = (
        ("Nul\0Artist", "Nul\0Title"),
        ("Control\x07Bell", "Escape\x1b[31mRed"),
        ("Line\nBreaker", "Two\r\nLines\tand a tab"),
        ("Endless Artist", "A" * 10_000),
        ("B" * 10_000, "Endless Name"),
        ("Lone Surrogate", "Half \ud83d a face"),
        ("Other \udc00 Half", "Surrogate"),
        ("", "No Artist"),
        ("No Title", ""),
        ("   ", "\u200b\u200b"),
        ("<script>alert(1)</script>", "'; DROP TABLE songs; --"),
        ("Right \u202eto left", "\ufeffMarked"),
    )
    return [
        Row(artist, title, 1, None, 0, ("hostile",), first_rank + place) for place, (artist, title) in enumerate(names)
    ]
