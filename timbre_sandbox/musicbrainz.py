"""MusicBrainz's web service 2: recordings by search, id and ISRC, releases with their ISRCs, and who links where."""

from typing import Any
from urllib.parse import parse_qsl

from .coarse import words_of
from .exchange import Reply, Request, as_json, page_numbers
from .metabrainz import MetaBrainz, Recording, links_to_spotify
from .metabrainz_manners import Allowance, blocked, names_contact
from .musicbrainz_query import Query
from .musicbrainz_releases import releases_of
from .shares import share
from .weather import Weather
from .world.ids import index_of_mbid, mbid
from .world.model import Album, Artist, World

_MOST_FOUND, _MOST_BROWSED, _MOST_LINKS = 100, 100, 100
_SPOTIFY_ALBUM = "https://open.spotify.com/album/"
# Assumed: the pause after which a search that was shed is answered.
_EASED_AFTER = 1.5
_TOO_FAST = (
    "Your requests are exceeding the allowable rate limit. "
    "Please see https://wiki.musicbrainz.org/XMLWebService for more information."
)
_SHED = "The MusicBrainz web server is currently busy. Please try again later."
_HELP = "For usage, please see: https://musicbrainz.org/development/mmd"


class MusicBrainz:
    """/ws/2/recording?query=…, /recording/{mbid}, /isrc/{isrc}, /release/{mbid}, /release?artist=… and
    /url?resource=…; in JSON only."""

    name = "musicbrainz"

    def __init__(self, world: World, known: MetaBrainz, weather: Weather) -> None:
        self._known = known
        self._weather = weather
        self._allowance = Allowance(weather.clock, 1.0)
        self._shed_at: dict[bytes, float] = {}
        self._artists: dict[str, set[int]] = {}
        self._by_index: dict[int | None, Artist] = {artist.index: artist for artist in world.artists}
        for artist in world.artists:
            for word in words_of(artist.name):
                self._artists.setdefault(word, set()).add(artist.index)
        self._titles: dict[str, set[int]] | None = None
        self._links = {each: album for album in known.albums.values() for each in links_to_spotify(album)}

    def endpoint(self, request: Request) -> str:
        parts = request.path.strip("/").split("/")[2:]
        return "/".join(part if place == 0 else "{id}" for place, part in enumerate(parts)) or "none"

    def answer(self, request: Request) -> Reply:
        return self._refused(request) or self._answer(request)

    def _refused(self, request: Request) -> Reply | None:
        if self._weather.strikes("musicbrainz.user_agent", request) and not names_contact(
            request.header(b"user-agent")
        ):
            return blocked()
        limit = self._weather.limit("musicbrainz.1s")
        if not self._allowance.take(limit):
            reply = as_json({"error": _TOO_FAST}, 503)
            reply.headers += [(b"Retry-After", b"1"), *self._allowance.headers(limit, 1)]
            return reply
        if request.path.rstrip("/") == "/ws/2/recording" and self._sheds(request):
            reply = as_json({"error": _SHED}, 503)
            reply.headers += [(b"X-RateLimit-Who", b"search-shed"), (b"Retry-After", b"0")]
            return reply
        return None

    def _sheds(self, request: Request) -> bool:
        """Whether a search is turned away to ease the load: asked again at once it is again, after a pause not."""
        now = self._weather.clock.now()
        shed = self._shed_at.get(request.query_string)
        if shed is not None and request.asked_before:
            sheds = now - shed < _EASED_AFTER
        else:
            sheds = self._weather.strikes("musicbrainz.shed", request)
        if sheds:
            self._shed_at[request.query_string] = now
        return sheds

    def _answer(self, request: Request) -> Reply:
        if request.query.get("fmt") != "json":
            return as_json({"error": "only fmt=json is spoken here"}, 406)
        included = set(request.query.get("inc", "").split())
        match request.path.strip("/").split("/"):
            case ["ws", "2", "recording"]:
                return self._found(request.query)
            case ["ws", "2", "recording", one]:
                index = index_of_mbid(one, 1)
                recording = self._known.recordings.get(index) if index is not None else None
                return as_json(_recording(recording, included)) if recording else _not_found()
            case ["ws", "2", "isrc", isrc]:
                recordings = self._known.of_isrc.get(isrc.upper(), [])
                told = [_recording(recording, included) for recording in recordings]
                return as_json({"isrc": isrc.upper(), "recordings": told}) if told else _not_found()
            case ["ws", "2", "release", one]:
                index = index_of_mbid(one, 3)
                album = self._known.albums.get(index) if index is not None else None
                return as_json(self._release(album, included)) if album else _not_found()
            case ["ws", "2", "release"]:
                return self._browsed(request.query, included)
            case ["ws", "2", "url"]:
                query = parse_qsl(request.query_string.decode("latin-1"))
                return self._urls([value for name, value in query if name == "resource"], included)
        return _not_found()

    def _found(self, query: dict[str, str]) -> Reply:
        wanted = query.get("query", "").strip()
        limit, first = page_numbers(query.get("limit"), 25), page_numbers(query.get("offset"), 0)
        if not wanted or limit is None or first is None:
            return as_json({"error": f"Unable to parse search:{wanted}", "help": _HELP}, 400)
        found = self._search(Query(wanted))
        shown = found[first : first + min(limit, _MOST_FOUND)]
        recordings = [_result(recording, max(40, 100 - 2 * place)) for place, recording in enumerate(shown, first)]
        told = {"created": "2026-11-01T00:00:00.000Z", "count": len(found), "offset": first, "recordings": recordings}
        return as_json(told)

    def _search(self, query: Query) -> list[Recording]:
        """Names that are the words wanted come before longer ones; among equals neither fame nor take counts."""
        if query.isrcs:
            candidates = [recording for isrc in query.isrcs for recording in self._known.of_isrc.get(isrc, ())]
        else:
            candidates = self._candidates(query)
        wanted = query.words_of("recording")
        fitting = {
            recording.index: recording for recording in candidates if not query.terms or query.fits(_names(recording))
        }
        return sorted(
            fitting.values(),
            key=lambda recording: (words_of(recording.title) != wanted, share("ranked", recording.index)),
        )

    def _candidates(self, query: Query) -> list[Recording]:
        """Recordings with the rarest words wanted: of the artists with the artist's words, or of the title's."""
        having = [self._artists[word] for word in query.words_of("artist") if word in self._artists]
        if having:
            return [each for index in min(having, key=len) for each in self._known.of_artist.get(index, ())]
        if self._titles is None:
            self._titles = {}
            for recording in self._known.recordings.values():
                for word in words_of(recording.title):
                    self._titles.setdefault(word, set()).add(recording.index)
        of_words = [self._titles.get(word, set()) for word in query.words_of("recording")]
        return [self._known.recordings[index] for index in set.intersection(*of_words)] if of_words else []

    def _release(self, album: Album, included: set[str]) -> dict[str, Any]:
        release = _release_head(album)
        if "artist-credits" in included or "artists" in included:
            release["artist-credit"] = _credit(album.artists)
        if "recordings" in included:
            tracks = [
                {
                    "id": mbid(5, track.index),
                    "number": str(track.number),
                    "position": track.number,
                    "title": recording.title,
                    "length": recording.length,
                    "recording": _recording(recording, included - {"releases"}),
                }
                for track in album.tracks
                if (recording := self._known.of_track.get(track.index))
            ]
            release["media"] = [{"position": 1, "format": "CD", "track-count": len(album.tracks), "tracks": tracks}]
        return release

    def _browsed(self, query: dict[str, str], included: set[str]) -> Reply:
        limit, first = page_numbers(query.get("limit"), 25), page_numbers(query.get("offset"), 0)
        index = index_of_mbid(query.get("artist", ""), 2)
        if index not in self._by_index or limit is None or first is None:
            return _not_found()
        releases = releases_of(self._by_index[index], self._known, included)
        shown = releases[first : first + min(limit, _MOST_BROWSED)]
        return as_json({"release-count": len(releases), "release-offset": first, "releases": shown})

    def _urls(self, asked: list[str], included: set[str]) -> Reply:
        """What links to each resource. One alone is answered alone, several as a list without the unknown ones."""
        if not asked or len(asked) > _MOST_LINKS:
            return as_json({"error": f"'resource' takes 1 to {_MOST_LINKS} URLs", "help": _HELP}, 400)
        urls = []
        for resource in dict.fromkeys(asked):
            spotify_id = resource.removeprefix(_SPOTIFY_ALBUM)
            album = self._links.get(spotify_id)
            if album is None or not resource.startswith(_SPOTIFY_ALBUM):
                continue
            url: dict[str, Any] = {"id": mbid(6 if spotify_id == album.spotify_id else 7, album.index)}
            url["resource"] = resource
            if "release-rels" in included:
                link = {"type": "free streaming", "direction": "backward", "target-type": "release", "ended": False}
                url["relations"] = [link | {"release": _release_head(album)}]
            urls.append(url)
        if len(asked) == 1:
            return as_json(urls[0]) if urls else _not_found()
        return as_json({"url-count": len(urls), "url-offset": 0, "urls": urls})


def _not_found() -> Reply:
    return as_json({"error": "Not Found", "help": _HELP}, 404)


def _names(recording: Recording) -> dict[str, tuple[tuple[str, ...], ...]]:
    artists = (words_of(recording.credit), *(words_of(artist.name) for artist in recording.tracks[0].artists))
    return {
        "recording": (words_of(recording.title),),
        "artist": artists,
        "artistname": artists,
        "creditname": artists,
        "arid": tuple(words_of(mbid(2, artist.index)) for artist in recording.tracks[0].artists),
        "release": tuple(words_of(track.album.title) for track in recording.tracks),
    }


def _credit(artists: tuple[Artist, ...], joined: str = " & ") -> list[dict[str, Any]]:
    credits: list[dict[str, Any]] = [
        {"name": artist.name, "artist": {"id": mbid(2, artist.index), "name": artist.name, "sort-name": artist.name}}
        for artist in artists
    ]
    for place, credit in enumerate(credits[:-1]):
        credit["joinphrase"] = joined if place == 0 else " & "
    return credits


def _release_head(album: Album) -> dict[str, Any]:
    return {"id": mbid(3, album.index), "title": album.title, "status": "Official", "date": album.date}


def _result(recording: Recording, score: int) -> dict[str, Any]:
    """A recording found, with everything; `isrcs` only where there are some."""
    included = {"artists", "releases", *(["isrcs"] if recording.isrcs else [])}
    return {"id": recording.id, "score": score} | _recording(recording, included)


def _recording(recording: Recording, included: set[str]) -> dict[str, Any]:
    """A recording with the parts asked for."""
    told: dict[str, Any] = {
        "id": recording.id,
        "title": recording.title,
        "length": recording.length,
        "disambiguation": recording.comment,
        "video": None,
        "first-release-date": recording.tracks[0].album.date,
    }
    if included & {"artists", "artist-credits"}:
        told["artist-credit"] = _credit(recording.tracks[0].artists, " feat. ")
    if "releases" in included:
        told["releases"] = [_release_head(track.album) for track in recording.tracks]
    if "isrcs" in included:
        told["isrcs"] = list(recording.isrcs)
    return told
