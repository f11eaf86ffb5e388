"""The page `/who`: what the matcher was unsure of, and a person's word about it."""

import re
from typing import Annotated, get_args

from fastapi import Query, Request, Response

from timbre_spider.errors import TimbreError, UsageError
from timbre_spider.service.pages.dashboard import There
from timbre_spider.service.pages.forms import Filled, only, see
from timbre_spider.service.pages.render import page, page_router
from timbre_spider.storage.override_store import Kind, add_override, check_album, list_overrides, undo_override

router = page_router()

# Where a form of these pages leads back to.
_BACK = re.compile(r"/who|/song/[0-9a-f-]{36}")


@router.get("/who")
def who(request: Request, there: There, said: Annotated[int | None, Query(ge=1)] = None) -> Response:
    """Unsure matches, merges, rejects, albums worth saving, and what was said; `said`: the word just given."""
    return _who(request, there, said=said)


@router.post("/do/say")
def say(request: Request, there: There, filled: Filled) -> Response:
    """A word: same, different, this track, this album."""
    kind, song, other = (only(filled, name) for name in ("kind", "song", "other"))
    try:
        if not song or not other or "\x00" in song + other:
            raise UsageError("Name the other song, the track or the page.")
        if kind == "aoty":
            check_album(other, there.service.config.aoty_base_url)
        word = add_override(there.service.database, _kind(kind), song, other)
    except TimbreError as error:
        return _who(request, there, error=str(error))
    there.forget_songs()
    back = _back(filled)
    return see(f"/who?said={word.id}" if back == "/who" else back)


@router.post("/do/undo")
def undo(request: Request, there: There, filled: Filled) -> Response:
    """Take a word back, and what it did."""
    number = only(filled, "number")
    try:
        if not re.fullmatch(r"[0-9]{1,9}", number):
            raise UsageError("Name the word by its number.")
        undo_override(there.service.database, int(number))
    except TimbreError as error:
        return _who(request, there, error=str(error))
    there.forget_songs()
    return see(_back(filled))


def _who(request: Request, there: There, *, said: int | None = None, error: str | None = None) -> Response:
    words = list_overrides(there.service.database)
    found = there.findings.get()
    return page(
        request,
        "who.html",
        status=422 if error else 200,
        sections=found.sections,
        joined=found.joined,
        albums=found.albums,
        words=words[::-1],
        said=next((word for word in words if word.id == said), None),
        error=error,
    )


def _kind(text: str) -> Kind:
    for kind in get_args(Kind):
        if kind == text:
            return kind  # type: ignore[no-any-return]
    raise UsageError(f"There is no word {text!r}: it is one of {', '.join(get_args(Kind))}.")


def _back(filled: dict[str, list[str]]) -> str:
    back = only(filled, "back")
    return back if _BACK.fullmatch(back) else "/who"
