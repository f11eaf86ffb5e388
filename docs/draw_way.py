"""The way of a song as a drawing, with the stages as the settings name them."""

from importlib import import_module

_SAID = {
    "validate": "what is no song is rejected, with the reason",
    "recall": "what the database knows and is still fresh",
    "open": "ListenBrainz, Deezer, MusicBrainz: ids, album, date, length",
    "spotify": "the planner's turn: the fewest calls for the most plays",
    "labs": "ids of songs that Spotify has not told",
    "tags": "what listeners call artist and song, from Last.fm",
    "aoty": "ratings and genres of its album, the catalogue first",
    "dedup": "which song it is; two that are one are merged",
    "postgres": "committed, then handed on",
}


def drawing() -> str:
    """An SVG: sources, spider, stages in the order of ITEM_PIPELINES, and what comes out."""
    stages: dict[str, int] = import_module("timbre_spider.settings").ITEM_PIPELINES
    named = sorted((number, path.rpartition(".")[2].lower()) for path, number in stages.items())
    rows = [
        ("chart pages · history files · listens", "Last.fm, what you own, ListenBrainz"),
        ("spider", "reads all, folds spellings of one song, the most played first"),
        *((f"{number}  {name}", _SAID[name]) for number, name in named),
        ("songs, answers, runs · feed · summary", "Postgres, exports/, logs/"),
    ]
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13" '
        f'viewBox="0 0 760 {20 + 44 * len(rows)}">',
        f'<rect width="760" height="{20 + 44 * len(rows)}" fill="#fff"/>',
    ]
    for number, (name, said) in enumerate(rows):
        y = 12 + 44 * number
        fill = "#eef6ee" if number in (0, len(rows) - 1) else "#f7f7fb"
        parts.append(
            f'<rect x="20" y="{y}" width="270" height="30" rx="5" fill="{fill}" stroke="#556"/>'
            f'<text x="155" y="{y + 20}" text-anchor="middle" font-weight="bold">{name}</text>'
            f'<text x="306" y="{y + 20}" fill="#445">{said}</text>'
        )
        if number + 1 < len(rows):
            parts.append(f'<path d="M155,{y + 30} v14 m-4,-5 l4,5 l4,-5" fill="none" stroke="#556"/>')
    return "\n".join([*parts, "</svg>\n"])
