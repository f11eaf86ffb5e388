"""The shapes of Last.fm's JSON, which is XML turned into JSON: strings for numbers, "" for nothing, objects for one."""

import json
from typing import Any
from urllib.parse import quote_plus

from ..shares import share
from ..world.ids import mbid

_STAR = "2a96cbd8b46e442fc41c2b86b821562f"
IMAGES = [
    {"size": size, "#text": f"https://lastfm.freetls.fastly.net/i/u/{width}/{_STAR}.png"}
    for size, width in (("small", "34s"), ("medium", "64s"), ("large", "174s"), ("extralarge", "300x300"))
]
IMAGES_JSON = json.dumps(IMAGES, separators=(",", ":"))


def one_or_many(items: list[Any]) -> Any:
    """A list; one element comes as itself."""
    return items[0] if len(items) == 1 else items


def attributes(user: str, total: int, limit: int, page: int) -> dict[str, str]:
    """`@attr` of a listener's pages."""
    return {
        "user": user,
        "totalPages": str(-(-total // limit)),
        "page": str(page),
        "perPage": str(limit),
        "total": str(total),
    }


def artist_url(name: str) -> str:
    return f"https://www.last.fm/music/{quote_plus(name.encode('utf-8', 'replace'), safe='')}"


def artist_json(name: str, index: int) -> dict[str, str]:
    return {"url": artist_url(name), "name": name, "mbid": mbid(2, index) if index % 4 else ""}


def tags_json(tags: list[tuple[str, int]]) -> list[dict[str, object]]:
    return [
        {"count": count, "name": name, "url": f"https://www.last.fm/tag/{quote_plus(name)}"} for name, count in tags
    ]


def top_tags(tags: list[tuple[str, int]], attr: dict[str, str]) -> dict[str, object]:
    """`toptags`. No tags are written in three ways: an empty list, "", or a text of white space [saved answers]."""
    if not tags:
        form = int(share("no tags", *attr.values()) * 3)
        return {"toptags": ({"tag": [], "@attr": attr}, {"tag": "", "@attr": attr}, {"#text": "\n", **attr})[form]}
    return {"toptags": {"tag": one_or_many(tags_json(tags)), "@attr": attr}}
