"""ListenBrainz: names looked up as recordings, recordings told with their ISRCs, how often they are listened to."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from .exchange import Reply, Request, as_json
from .listenbrainz_listens import ListenerPages
from .listenbrainz_mapper import Mapper
from .metabrainz import MetaBrainz, Recording, folded
from .metabrainz_manners import Allowance, blocked, names_contact
from .options import LISTENBRAINZ_TOKEN
from .shares import share
from .weather import Weather
from .world.ids import index_of_mbid, mbid
from .world.model import Album, World

_MOST_NAMES, _MOST_RECORDINGS, _MOST_CHARACTERS = 50, 1000, 250
# Assumed: the window's size is what others saw [code], its limit stands in `faults.py`.
_WINDOW, _SHOWN_LIMIT = 10.0, 30
_INCLUDED = ("artist", "tag", "release", "recording", "release_group")


class ListenBrainz:
    """GET and POST /1/metadata/lookup/ (with a token) and /1/metadata/recording/, POST /1/popularity/recording."""

    name = "listenbrainz"

    def __init__(self, world: World, known: MetaBrainz, weather: Weather, listeners: Mapping[str, World]) -> None:
        self._known = known
        self._weather = weather
        self._mapper = Mapper(world, known)
        self._listeners = {name.lower(): ListenerPages(heard, known, name) for name, heard in listeners.items()}
        self._allowance = Allowance(weather.clock, _WINDOW)

    def endpoint(self, request: Request) -> str:
        path = request.path.strip("/")[:40]
        return f"{request.method} {path}" if path.endswith("lookup") and request.method == "GET" else path

    def answer(self, request: Request) -> Reply:
        """Every answer tells how many requests are left; one too many is 429, without Retry-After [observed]."""
        limit = self._weather.limit("listenbrainz.10s")
        within = self._allowance.take(limit)
        if self._weather.strikes("listenbrainz.user_agent", request) and not names_contact(
            request.header(b"user-agent")
        ):
            reply = blocked()
        elif not within or self._weather.strikes("listenbrainz.429", request):
            reply = _error(429, "You have exceeded your rate limit. See the X-RateLimit-* response headers.")
        else:
            try:
                reply = self._answer(request)
            except _BadRequestError as error:
                reply = _error(400, str(error))
        reply.headers += self._allowance.headers(limit, _SHOWN_LIMIT)
        return reply

    def _answer(self, request: Request) -> Reply:
        match request.method, request.path.rstrip("/"):
            case "GET", "/1/metadata/lookup":
                return self._signed(request) or self._look_up_one(request.query)
            case "POST", "/1/metadata/lookup":
                return self._signed(request) or self._look_up(_document(request).get("recordings"))
            case "GET", "/1/metadata/recording":
                mbids = request.query.get("recording_mbids", "")
                return self._recordings([one.strip() for one in mbids.split(",")], request.query.get("inc"))
            case "POST", "/1/metadata/recording":
                asked = _document(request)
                return self._recordings(asked.get("recording_mbids"), asked.get("inc"))
            case "POST", "/1/popularity/recording":
                return as_json([self._listened(one) for one in _mbids(_document(request).get("recording_mbids"))])
        return self._of_a_listener(request)

    def _of_a_listener(self, request: Request) -> Reply:
        match request.path.strip("/").split("/"):
            case ["1", "stats", "user", name, "recordings"] | ["1", "user", name, "listens"]:
                pages = self._listeners.get(unquote(name).lower())
                return pages.answer(request) if pages else _error(404, f"Cannot find user: {unquote(name)}")
        return _error(404, "The requested URL was not found on the server.")

    def _signed(self, request: Request) -> Reply | None:
        """A look-up needs a user's token since December 2025 [documented]."""
        if not request.header(b"authorization"):
            return _error(401, "You need to provide an Authorization header.")
        if request.header(b"authorization") != f"Token {LISTENBRAINZ_TOKEN}":
            return _error(401, "Invalid authorization token.")
        return None

    def _look_up(self, asked: Any) -> Reply:
        """Exact names only. Of names that fold to the same a batch answers the last alone [source]."""
        if not isinstance(asked, list) or not asked:
            raise _BadRequestError("recordings is invalid or not present in body")
        if len(asked) > _MOST_NAMES:
            raise _BadRequestError(f"Number of recordings in request body exceeds maximum permitted. ({_MOST_NAMES})")
        answers: list[dict[str, Any]] = []
        last: dict[tuple[str, str, str], int] = {}
        for place, each in enumerate(asked):
            artist, title, release = _names(each if isinstance(each, dict) else {}, f"Recording {place} ")
            entry = {"artist_name_arg": artist, "recording_name_arg": title, "release_name_arg": release or None}
            answers.append(entry | {"index": place})
            if found := self._known.exact(artist, title, release):
                key = (
                    folded(artist),
                    folded(title),
                    folded(release) if folded(found[1].title) == folded(release) else "",
                )
                if (earlier := last.get(key)) is not None:
                    answers[earlier] = {name: answers[earlier][name] for name in (*entry, "index")}
                last[key] = place
                answers[place] |= _named(*found)
        return as_json(answers)

    def _look_up_one(self, query: dict[str, str]) -> Reply:
        artist, title, release = _names(query, "")
        found = self._known.exact(artist, title, release)
        if found is None and (near := self._mapper.find(artist, title)):
            found = near, near.canonical
        if found is None:
            return as_json({})
        answer = _named(*found)
        if query.get("metadata", "").lower() in ("true", "1"):
            answer["metadata"] = _told(found[0], _included(query.get("inc")))
        return as_json(answer)

    def _recordings(self, asked: Any, included: Any) -> Reply:
        sections = _included(included)
        told = {}
        for one in _mbids(asked):
            index = index_of_mbid(one, 1)
            if index is not None and (recording := self._known.recordings.get(index)):
                told[one] = _told(recording, sections)
        return as_json(told)

    def _listened(self, one: str) -> dict[str, Any]:
        index = index_of_mbid(one, 1)
        recording = self._known.recordings.get(index) if index is not None else None
        plays = recording.song.plays * 40 + recording.tracks[0].popularity * 11 if recording else None
        users = plays // 9 + 1 if plays is not None else None
        return {"recording_mbid": one, "total_listen_count": plays, "total_user_count": users}


class _BadRequestError(Exception):
    """What is wrong with a request, as the service says it with status 400."""


def _error(status: int, message: str) -> Reply:
    return as_json({"code": status, "error": message}, status)


def _document(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except ValueError:
        raise _BadRequestError("Cannot parse JSON document") from None
    if not isinstance(asked, dict):
        raise _BadRequestError("JSON document must be an object")
    return asked


def _names(asked: dict[str, Any], whose: str) -> tuple[str, str, str]:
    """(artist, title, release or ""), which together may have 250 characters [source]."""
    artist, title, release = (str(asked.get(f"{name}_name") or "") for name in ("artist", "recording", "release"))
    for name, value in (("artist_name", artist), ("recording_name", title)):
        if not value:
            raise _BadRequestError(f"{whose}{name} is invalid or not present")
    if len(artist) + len(title) + len(release) > _MOST_CHARACTERS:
        raise _BadRequestError(
            f"{whose}total number of characters in artist_name, recording_name and release_name arguments "
            f"must be less than {_MOST_CHARACTERS}"
        )
    return artist, title, release


def _mbids(asked: Any) -> list[str]:
    if not isinstance(asked, list) or not asked:
        raise _BadRequestError("recording_mbids is invalid or not present")
    if len(asked) > _MOST_RECORDINGS:
        raise _BadRequestError(f"Maximum number of recordings that can be fetched at once is {_MOST_RECORDINGS}")
    for one in asked:
        parts = str(one).split("-")
        if [len(part) for part in parts] != [8, 4, 4, 4, 12] or not all(c in "0123456789abcdef-" for c in str(one)):
            raise _BadRequestError(f"Recording mbid {one} is not valid.")
    return [str(one) for one in asked]


def _included(asked: Any) -> Sequence[str]:
    names = str(asked or "").split()
    for name in names:
        if name not in _INCLUDED:
            raise _BadRequestError(f"invalid inc argument '{name}'. Must be one of {', '.join(_INCLUDED)}.")
    return names


def _named(recording: Recording, release: Album) -> dict[str, Any]:
    """What a look-up tells; what is not known is left out [source]."""
    artists = recording.tracks[0].artists
    named: dict[str, Any] = {
        "artist_credit_id": artists[0].index + 1,
        "artist_credit_name": recording.credit,
        "artist_mbids": [mbid(2, artist.index) for artist in artists],
        "recording_mbid": recording.id,
        "recording_name": recording.title,
        "release_mbid": mbid(3, release.index),
        "release_name": release.title,
    }
    return named | ({"year": release.year} if recording.index % 11 else {})


def _told(recording: Recording, sections: Sequence[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"recording": _facts(recording)}
    if "artist" in sections:
        artists = recording.tracks[0].artists
        told["artist"] = {
            "artist_credit_id": artists[0].index + 1,
            "name": recording.credit,
            "artists": [
                {"artist_mbid": mbid(2, artist.index), "name": artist.name,
                 "join_phrase": "" if artist is artists[-1] else " feat. " if place == 0 else " & "}
                for place, artist in enumerate(artists)
            ],
        }  # fmt: skip
    if "release" in sections:
        album = recording.canonical
        told["release"] = {
            "mbid": mbid(3, album.index),
            "name": album.title,
            "album_artist_name": " & ".join(artist.name for artist in album.artists),
            "release_group_mbid": mbid(4, (album.original or album).index),
            "year": album.year,
        }
    if "tag" in sections:
        artist = recording.song.artist
        told["tag"] = {
            "artist": [
                {"artist_mbid": mbid(2, artist.index), "count": count // 5 + 1, "tag": tag}
                for tag, count in artist.tags
            ],
            "recording": [],
        }
    return told


def _facts(recording: Recording) -> dict[str, Any]:
    """The section `recording`: keys whose value nobody knows are missing, `isrcs` is null at times [source]."""
    facts: dict[str, Any] = {"name": recording.title, "rels": []}
    if recording.isrcs:
        facts["isrcs"] = list(recording.isrcs)
    elif share("null", recording.index) < 0.5:
        facts["isrcs"] = None
    if recording.length:
        facts["length"] = recording.length
    if share("dated", recording.index) < 0.95:
        facts["first_release_date"] = recording.tracks[0].album.date
    return facts
