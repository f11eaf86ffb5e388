"""ListenBrainz' public side of a listener [docs]: statistics of recordings, and listens. Neither needs a token."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from timbre_spider.errors import Unusable, UserUnknown
from timbre_spider.items import ChartRow, Listens
from timbre_spider.sources.text import as_dict, as_list, plain, read_json, whole

# [docs]
MOST_RECORDINGS_A_PAGE = 100
MOST_LISTENS_A_PAGE = 1000
# So many recordings the statistics keep [assumed, of the server's source].
STATISTICS_KEEP = 1000


@dataclass(frozen=True, slots=True)
class TopPage:
    """Recordings listened to most, and how many of them the statistics have."""

    rows: tuple[ChartRow, ...]
    total: int


def top_url(base_url: str, user: str, span: str, offset: int) -> str:
    """GET /1/stats/user/NAME/recordings; an answer 204 says that there are no statistics of `span`."""
    asked = urlencode({"range": span, "count": MOST_RECORDINGS_A_PAGE, "offset": offset})
    return f"{base_url.rstrip('/')}/1/stats/user/{quote(user, safe='')}/recordings?{asked}"


def listens_url(base_url: str, user: str, before: int | None) -> str:
    """GET /1/user/NAME/listens; those before a second, None: the newest."""
    asked = urlencode({"count": MOST_LISTENS_A_PAGE} | ({} if before is None else {"max_ts": before}))
    return f"{base_url.rstrip('/')}/1/user/{quote(user, safe='')}/listens?{asked}"


def read_top(body: bytes, user: str, span: str, offset: int) -> TopPage:
    """A page of statistics, broken rows too, with what could be read. Raises UserUnknown, Unusable."""
    payload = _payload(body, user)
    rows = tuple(
        _row(as_dict(entry), span, offset + place) for place, entry in enumerate(_list(payload, "recordings"), 1)
    )
    return TopPage(rows, whole(payload.get("total_recording_count")) or len(rows))


def read_listens(body: bytes, user: str) -> list[dict[str, Any]]:
    """A page of listens as ListenBrainz has them, newest first. Raises UserUnknown, Unusable."""
    return [as_dict(entry) for entry in _list(_payload(body, user), "listens")]


def _payload(body: bytes, user: str) -> dict[str, object]:
    answer = as_dict(read_json(body, "ListenBrainz"))
    if whole(answer.get("code")) == 404:
        raise UserUnknown(f"ListenBrainz has no user “{user}”: check the name.")
    payload = answer.get("payload")
    if not isinstance(payload, dict):
        raise Unusable(
            f"ListenBrainz answers without what was asked ({plain(answer.get('error'))[:100] or 'no payload'})."
        )
    if (name := plain(payload.get("user_id"))) and name.lower() != user.lower():
        raise Unusable(f"ListenBrainz answered for another user than “{user}”: try again.")
    return payload


def _list(payload: dict[str, object], name: str) -> list[object]:
    return as_list(payload.get(name))


def _row(entry: dict[str, object], span: str, rank: int) -> ChartRow:
    artist, title = plain(entry.get("artist_name")), plain(entry.get("track_name"))
    plays = whole(entry.get("listen_count")) or 0
    mbid = plain(entry.get("recording_mbid")) or None
    told = Listens("listenbrainz", span, plays, album=plain(entry.get("release_name")) or None, mbid=mbid)
    return ChartRow(artist, title, plays, rank, mbid, listens=(told,))
