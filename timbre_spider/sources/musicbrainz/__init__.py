"""MusicBrainz's web service (https://musicbrainz.org/doc/MusicBrainz_API): one request a second, 503 beyond [docs].

It blocks clients whose User-Agent names nobody to be reached [docs]: USER_AGENT_CONTACT.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from timbre_spider.errors import Unusable
from timbre_spider.items import Discography, Release, SpotifyAlbum
from timbre_spider.sources.recording import Question, Recording, mbid
from timbre_spider.sources.text import as_dict, as_list, date_of, isrcs, plain, read_json, whole

# [docs]
MOST_URLS = 100
MOST_RELEASES = 100
_SPOTIFY_ALBUM = re.compile(r"https?://open\.spotify\.com/album/([0-9A-Za-z]{22})")
# What Lucene's query syntax gives a meaning.
_SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')


def search_question(base_url: str, artist: str, title: str, limit: int = 10) -> Question:
    """GET /recording for one song; results carry their ISRCs [docs]."""
    query = f'recording:"{escaped(title)}" AND artist:"{escaped(artist)}"'
    return _question(base_url, "recording", query=query, limit=limit)


def urls_question(base_url: str, urls: Sequence[str]) -> Question:
    """GET /url: the releases that at most 100 addresses belong to [docs]."""
    return _question(base_url, "url", resource=list(urls[:MOST_URLS]), inc="release-rels")


def release_question(base_url: str, release: str) -> Question:
    """GET /release/{mbid}: all its recordings with their ISRCs [docs]."""
    return _question(base_url, f"release/{release}", inc="recordings+isrcs+artist-credits")


def releases_question(base_url: str, artist: str, offset: int = 0) -> Question:
    """GET /release: up to 100 releases of an artist with what they are linked to [docs; source]."""
    inc = "url-rels+release-groups+media"
    return _question(base_url, "release", artist=artist, inc=inc, limit=MOST_RELEASES, offset=offset)


def read_search(body: bytes) -> list[Recording]:
    """Recordings, best first by MusicBrainz's own score. Raises Unusable; over the limit with `retry_after`."""
    recordings = _answer(body).get("recordings")
    if not isinstance(recordings, list):
        raise Unusable("MusicBrainz gives no recordings: try again later.")
    return [found for entry in recordings if (found := _read(as_dict(entry)))]


def read_urls(body: bytes) -> dict[str, str]:
    """The release of each address that has one. Raises as `read_search` does."""
    answer = _answer(body)
    entries = answer.get("urls", [answer])
    found: dict[str, str] = {}
    for entry in map(as_dict, as_list(entries)):
        for relation in map(as_dict, as_list(entry.get("relations"))):
            if release := mbid(as_dict(relation.get("release")).get("id")):
                found.setdefault(plain(entry.get("resource")), release)
    return found


def read_release(body: bytes) -> list[Recording]:
    """The recordings of a release. Raises as `read_search` does."""
    release = _answer(body)
    media = map(as_dict, as_list(release.get("media")))
    tracks = [as_dict(track) for medium in media for track in as_list(medium.get("tracks"))]
    about = {"title": release.get("title"), "id": release.get("id")}
    return [found for track in tracks if (found := _read({**as_dict(track.get("recording")), "releases": [about]}))]


def read_releases(body: bytes) -> tuple[Discography, int]:
    """The official releases of a page and the albums on Spotify that all are linked to, with their names here; and how
    many releases the page has.

    Raises as `read_search` does.
    """
    entries = list(map(as_dict, as_list(_answer(body).get("releases"))))
    albums = [album for release in entries for album in _albums_linked(release)]
    official = [release for release in entries if release.get("status") == "Official" and plain(release.get("title"))]
    linked = list({album.album_id: album for album in albums}.values())
    return Discography(linked, list(dict.fromkeys(map(_release, official)))), len(entries)


def escaped(text: str) -> str:
    """Text that Lucene takes as it is."""
    return _SPECIAL.sub(r"\\\1", plain(text))


def _question(base_url: str, path: str, **parameters: object) -> Question:
    # What `inc` asks for is parted by "+" as it stands [docs].
    query = urlencode({**parameters, "fmt": "json"}, doseq=True, safe="+")
    return Question(f"{base_url.rstrip('/')}/{path}?{query}")


def _answer(body: bytes) -> dict[str, object]:
    answer = as_dict(read_json(body, "MusicBrainz"))
    said = plain(answer.get("error"))[:100]
    if "not found" in said.lower():
        return {}
    if "error" in answer:
        limited = "rate limit" in said.lower()
        raise Unusable(f"MusicBrainz does not answer ({said}): try again later.", 5 if limited else None)
    return answer


def _read(recording: dict[str, object]) -> Recording | None:
    found, title = mbid(recording.get("id")), plain(recording.get("title"))
    credits = [as_dict(credit) for credit in as_list(recording.get("artist-credit"))]
    # Names as credited, with what joins them: " feat. ", " & ".
    artist = "".join(f"{_name(credit)}{_joinphrase(credit)}" for credit in credits if _name(credit))
    if not (found and title and artist):
        return None
    release = as_dict(next(iter(as_list(recording.get("releases"))), None))
    return Recording(
        id=found,
        artist=plain(artist),
        title=title,
        isrcs=isrcs(recording.get("isrcs")),
        duration_ms=whole(recording.get("length")) or None,
        album=plain(release.get("title")) or None,
        album_id=mbid(release.get("id")),
        release_date=date_of(recording.get("first-release-date")),
    )


def _release(release: dict[str, object]) -> Release:
    kind = _type_of(as_dict(release.get("release-group")))
    return Release(plain(release.get("title")), _tracks_of(release), kind == "compilation")


def _tracks_of(release: dict[str, object]) -> int:
    media = map(as_dict, as_list(release.get("media")))
    return sum(whole(medium.get("track-count")) or 0 for medium in media)


def _albums_linked(release: dict[str, object]) -> Iterator[SpotifyAlbum]:
    title, tracks = plain(release.get("title")), _tracks_of(release)
    group = as_dict(release.get("release-group"))
    for relation in map(as_dict, as_list(release.get("relations"))):
        found = _SPOTIFY_ALBUM.fullmatch(plain(as_dict(relation.get("url")).get("resource")))
        if title and found and not relation.get("ended"):
            yield SpotifyAlbum(found[1], title, (), _type_of(group), date_of(release.get("date")), tracks, linked=True)


def _type_of(group: dict[str, object]) -> str | None:
    """What Spotify calls such a release."""
    if "Compilation" in as_list(group.get("secondary-types")):
        return "compilation"
    return {"Album": "album", "EP": "single", "Single": "single"}.get(plain(group.get("primary-type")))


def _joinphrase(credit: dict[str, object]) -> str:
    phrase = credit.get("joinphrase")
    return phrase if isinstance(phrase, str) else ""


def _name(credit: dict[str, object]) -> str:
    return plain(credit.get("name")) or plain(as_dict(credit.get("artist")).get("name"))
