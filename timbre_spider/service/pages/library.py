"""The pages of a listener's songs: the library at a glance, songs looked up, and one with where all of it came from."""

from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from fastapi import HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from timbre_spider.library.sections import amount, sections, shown_score, totals
from timbre_spider.service.pages.dashboard import There
from timbre_spider.service.pages.quality import advice_for, parts_of
from timbre_spider.service.pages.render import page, page_router
from timbre_spider.service.pages.scatter import dots
from timbre_spider.storage.library import listeners
from timbre_spider.storage.override_store import list_overrides
from timbre_spider.storage.songs import Lacking, Order, Wanted, find_id, list_songs, song_in_full

router = page_router()

# What each list leads to, by its title: the songs of that name.
_LEADS = {"Top artists": "q", "Genres": "genre", "Moods and sounds": "genre"}


Text = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
_SHOWN = 50
# What a song's page shows of song_features, each value with who told it: the column that names it, or the teller.
_VALUES = (
    ("canonical_id", None), ("isrc", "isrc_source"), ("isrcs", "isrcs_source"), ("spotify_id", "spotify_id_source"),
    ("mbid", "mbid_source"), ("album_name", "album_source"), ("album_type", "=spotify"),
    ("release_mbid", "release_mbid_source"), ("release_date", "release_date_source"),
    ("release_precision", "release_date_source"), ("duration_ms", "duration_source"), ("track_number", "=spotify"),
    ("explicit", "=spotify"), ("popularity", "=spotify"), ("playcount", "=lastfm"), ("lastfm_tags", "=lastfm"),
    ("aoty_album", "=aoty"), ("aoty_url", "=aoty"), ("user_score", "=aoty"), ("rating_count", "=aoty"),
    ("critic_score", "=aoty"), ("critic_count", "=aoty"), ("genres", "=aoty"), ("aoty_tags", "=aoty"),
    ("styles", "=all of them"),
)  # fmt: skip


@router.get("/library")
def library(request: Request, there: There, listener: Text = None) -> Response:
    """The library of a listener; of all together where that is asked for, or nobody is meant."""
    stored = listeners(there.service.database)
    if listener and listener not in stored:
        raise HTTPException(404, "There is no such listener.")
    shown = there.library_of(there.meant(stored) if listener is None else listener or None)
    return page(
        request,
        "library.html",
        listeners=stored,
        library=shown,
        totals=totals(shown),
        sections=sections(shown),
        amount=amount,
        shown_score=shown_score,
        leads=_LEADS,
        dots=dots([(entry.score, entry.plays) for entry in shown.rated if entry.score is not None]),
    )


@router.get("/find")
def find(
    request: Request,
    there: There,
    q: Text = None,
    genre: Text = None,
    tag: Text = None,
    lacking: Lacking | Literal[""] = "",
    order: Order = "plays",
    after: Text = None,
) -> Response:
    """Songs by words of their names, genre or tag, a page at a time."""
    wanted = Wanted(words=q or None, genre=genre or None, tag=tag or None, lacking=lacking or None)
    rows = list_songs(there.service.database, wanted, order=order, after=after or None, limit=_SHOWN + 1)
    asked = {"q": q, "genre": genre, "tag": tag, "lacking": lacking, "order": order}
    return page(
        request,
        "find.html",
        asked={name: value or "" for name, value in asked.items()},
        songs=rows[:_SHOWN],
        next=rows[_SHOWN - 1].place(order) if len(rows) > _SHOWN else None,
        lackings=get_args(Lacking),
        orders=get_args(Order),
    )


@router.get("/song/{song_id}")
def song(request: Request, there: There, song_id: UUID) -> Response:
    """One song; an id it had before leads there."""
    database = there.service.database
    known = find_id(database, str(song_id))
    if known is not None and known != song_id:
        return RedirectResponse(f"/song/{known}", 308)
    told = song_in_full(database, known) if known else None
    if told is None:
        raise HTTPException(404, "There is no such song.")
    values = [(name, told["song"][name], _teller(told["song"], teller)) for name, teller in _VALUES]
    said = [
        word for word in list_overrides(database) if {word.subject, word.object} & {key["key"] for key in told["keys"]}
    ]
    parts, advice = parts_of(told["song"]), advice_for(told["song"], told["quality"][0])
    return page(
        request, "song.html", told=told, song=told["song"], values=values, words=said, parts=parts, advice=advice
    )


def _teller(song: dict[str, Any], teller: str | None) -> str | None:
    if teller is None or teller.startswith("="):
        return teller and teller[1:]
    told: str | None = song[teller]
    return told
