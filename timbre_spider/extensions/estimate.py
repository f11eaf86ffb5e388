"""What a run would ask of each service, reckoned from what is known; asks nothing itself. Pure."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from timbre_spider.planning.album_want import requests_of_artist
from timbre_spider.planning.artist import MOST_LINKED
from timbre_spider.planning.budget import in_words
from timbre_spider.planning.forecast import MOST_EVENINGS, SONGS_AN_ALBUM, Forecast
from timbre_spider.run_summary import PlannedQuestions
from timbre_spider.sources.aoty import ROWS
from timbre_spider.sources.listenbrainz import MOST_LOOKUPS, MOST_RECORDINGS
from timbre_spider.sources.listenbrainz.labs import MOST_NAMES

# Requests of each open source for a song that those before it do not know in full: Deezer is searched twice and an
# album read, MusicBrainz searched, ListenBrainz asked about it alone.
_OPEN_SOURCES = {"listenbrainz": 1, "deezer": 3, "musicbrainz": 1}


@dataclass(slots=True)
class Estimate:
    """Filled song by song, then reckoned by service."""

    tags_of_artists: set[str] = field(default_factory=set)
    tags_of_songs: int = 0
    songs_to_look_up: int = 0
    songs_without_spotify: int = 0
    artists_without_spotify: set[str] = field(default_factory=set)
    # Albums whose answer is due, with whether their pages are known, by artist; and an artist's songs whose albums are
    # yet to be named.
    albums_due: dict[str, dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))
    songs_without_album: Counter[str] = field(default_factory=Counter)

    def by_service(
        self,
        limits: dict[str, int | None],
        *,
        skipped: set[str],
        listenbrainz: bool,
        spotify: Forecast,
        labs: bool = False,
    ) -> dict[str, PlannedQuestions]:
        """The questions to each service of `limits` (requests a minute; None: none).

        `skipped`: sources not asked in this run. `listenbrainz`: whether there is a token for it, `labs`: whether its
        labs are asked. `spotify`: what its calls would bring.
        """
        plan = {"lastfm": self._lastfm(), "spotify": _spotify(spotify), "aoty": self._aoty()}
        plan |= {service: self._open(service, each) for service, each in _OPEN_SOURCES.items()}
        if listenbrainz:
            plan["musicbrainz"] = self._links(spotify)
        else:
            lists = math.ceil(self.songs_to_look_up / MOST_LOOKUPS)
            plan["listenbrainz"] = (0, lists, "no LISTENBRAINZ_TOKEN: asked only about ids that Last.fm tells")
        if labs:
            plan["listenbrainz_labs"] = self._labs()
        asked_by = {"open": tuple(_OPEN_SOURCES)}
        for service in [each for source in skipped for each in asked_by.get(source, (source,))]:
            plan[service] = (0, 0, "left out of this run")
        return {
            service: PlannedQuestions(
                least=least,
                most=most,
                seconds=round(60 * most / limit, 1) if (limit := limits[service]) else None,
                days=len(spotify.evenings) if service == "spotify" and most and spotify.is_bounded else None,
                reckoning=reckoning,
            )
            for service, (least, most, reckoning) in plan.items()
        }

    def _lastfm(self) -> tuple[int, int, str]:
        artists, songs = len(self.tags_of_artists), self.tags_of_songs
        beside = f", and {songs:,} songs asked for by themselves" if songs else ""
        questions = artists + songs
        return questions, questions, f"{artists:,} artists whose tags are not known or stale, one question each{beside}"

    def _open(self, service: str, each: int) -> tuple[int, int, str]:
        songs = self.songs_to_look_up
        if service == "listenbrainz":
            lookups = math.ceil(songs / MOST_LOOKUPS)
            return (
                lookups + math.ceil(songs / MOST_RECORDINGS),
                4 * lookups + songs,
                f"{songs:,} songs under one or two forms of their names, {MOST_LOOKUPS} a lookup and "
                f"{MOST_RECORDINGS:,} recordings a question; one for each song that Deezer does not know either",
            )
        return 0, songs * each, f"for those of {songs:,} songs that others do not know in full, up to {each} each"

    def _links(self, spotify: Forecast) -> tuple[int, int, str]:
        if not spotify.is_scarce:
            return 0, 0, "asked only where ListenBrainz cannot be"
        artists = len(self.artists_without_spotify)
        most = min(artists, MOST_LINKED)
        return 0, most, f"which albums on Spotify the releases of {most:,} of {artists:,} artists are linked to"

    def _labs(self) -> tuple[int, int, str]:
        songs = self.songs_without_spotify
        return (
            0,
            2 * math.ceil(songs / MOST_NAMES),
            f"those of {songs:,} songs that Spotify does not tell, under one or two forms of their names, {MOST_NAMES} "
            "a question",
        )

    def _aoty(self) -> tuple[int, int, str]:
        albums, songs = sum(map(len, self.albums_due.values())), self.songs_without_album.total()
        artists = self.albums_due.keys() | self.songs_without_album.keys()
        return (
            math.ceil(albums / ROWS),
            sum(map(self._requests_of, artists)),
            f"{albums:,} known albums that are due and those of {songs:,} songs that nobody has named one for, were it "
            f"{SONGS_AN_ALBUM} songs an album as in a whole chart: a search and a page for each of {len(artists):,} "
            f"artists, one where an address is known; far less where the site's charts have them, {ROWS} a page",
        )

    def _requests_of(self, artist: str) -> int:
        due = self.albums_due.get(artist, {}).values()
        unnamed = math.ceil(self.songs_without_album[artist] / SONGS_AN_ALBUM)
        return requests_of_artist(sum(due), len(due) - sum(due) + unnamed)


def _spotify(told: Forecast) -> tuple[int, int, str]:
    if not told.songs:
        return 0, 0, "no song waits for it"
    reckoning = f"about {told.calls:,} calls for {told.songs:,} songs, as the planner would make them"
    if told.is_bounded:
        now = in_words(told.allowed)
        if told.evenings and told.evenings[0].calls:
            first = told.evenings[0]
            share = first.plays / max(told.plays, 1)
            reckoning += (
                f"; {first.calls:,} of them in the first evening find about {first.songs:,} songs with {share:.0%} of "
                "the plays"
            )
        if len(told.evenings) == MOST_EVENINGS:
            reckoning += f"; more than {MOST_EVENINGS} evenings are not reckoned"
        reckoning += f"; left now: {now}"
    return told.calls, told.calls, reckoning
