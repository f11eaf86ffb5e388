"""What a run would ask of each service, reckoned from what is known; asks nothing itself. Pure."""

import math
from dataclasses import dataclass, field
from datetime import UTC

from timbre_spider.run_summary import PlannedQuestions
from timbre_spider.sources.listenbrainz import MOST_LOOKUPS, MOST_RECORDINGS
from timbre_spider.sources.listenbrainz.labs import MOST_NAMES
from timbre_spider.storage.runs import QuotaUsed

# Songs of one album in a listener's chart [measured on four public scrobble logs].
SONGS_AN_ALBUM = 2.4
# Questions a rolling day that an individual's key stayed clean with, of each kind [observed, November 2026].
SPOTIFY_A_DAY = 450
# Requests of each open source for a song that those before it do not know in full: Deezer is searched twice and an
# album read, MusicBrainz searched, ListenBrainz asked about it alone.
_OPEN_SOURCES = {"listenbrainz": 1, "deezer": 3, "musicbrainz": 1}


@dataclass(slots=True)
class Estimate:
    """Filled song by song, then reckoned by service."""

    tags_of_artists: set[str] = field(default_factory=set)
    # Pages of artists' tracks that several songs share, and the songs that may be on them.
    artist_pages: set[str] = field(default_factory=set)
    songs_on_pages: int = 0
    songs_alone: int = 0
    songs_to_look_up: int = 0
    # Albums whose answer is due, with the requests each takes; and songs whose album Spotify has yet to name.
    albums_due: dict[str, int] = field(default_factory=dict)
    songs_without_album: int = 0

    def by_service(
        self,
        limits: dict[str, int | None],
        *,
        skipped: set[str],
        listenbrainz: bool,
        quota: QuotaUsed | None,
        labs: bool = False,
    ) -> dict[str, PlannedQuestions]:
        """The questions to each service of `limits` (requests a minute; None: none).

        `skipped`: sources not asked in this run. `listenbrainz`: whether there is a token for it, `labs`: whether its
        labs are asked. `quota`: what is used of Spotify's, where the key is, or may be, an individual's.
        """
        plan = {"lastfm": self._lastfm(), "spotify": self._spotify(quota), "aoty": self._aoty()}
        plan |= {service: self._open(service, each) for service, each in _OPEN_SOURCES.items()}
        if listenbrainz:
            plan["musicbrainz"] = (0, 0, "asked only where ListenBrainz cannot be")
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
                days=days_for(most, quota.asked) if service == "spotify" and quota else None,
                reckoning=reckoning,
            )
            for service, (least, most, reckoning) in plan.items()
        }

    def _lastfm(self) -> tuple[int, int, str]:
        artists = len(self.tags_of_artists)
        return artists, artists, f"{artists:,} artists whose tags are not known or stale, one question each"

    def _spotify(self, quota: QuotaUsed | None) -> tuple[int, int, str]:
        least = len(self.artist_pages) + self.songs_alone
        reckoning = (
            f"{len(self.artist_pages):,} pages of artists with several songs + {self.songs_alone:,} songs alone, and "
            f"up to {self.songs_on_pages:,} songs more that are not on those pages"
        )
        if quota:
            reckoning += f"; at most {quota.asked:,} of {SPOTIFY_A_DAY} a day are used in the last 24 hours"
            if quota.locked_until:
                reckoning += f", and it is locked until {quota.locked_until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        return least, least + self.songs_on_pages, reckoning

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

    def _labs(self) -> tuple[int, int, str]:
        songs = self.songs_on_pages + self.songs_alone
        return (
            0,
            2 * math.ceil(songs / MOST_NAMES),
            f"those of {songs:,} songs that Spotify does not tell, under one or two forms of their names, {MOST_NAMES} "
            "a question",
        )

    def _aoty(self) -> tuple[int, int, str]:
        due, songs = sum(self.albums_due.values()), self.songs_without_album
        likely = due + 2 * math.ceil(songs / SONGS_AN_ALBUM)
        return (
            due,
            due + 2 * songs,
            f"{due:,} for {len(self.albums_due):,} known albums that are due, and search and page for each album of "
            f"{songs:,} songs that Spotify has yet to name one for: {likely:,} in all, were it {SONGS_AN_ALBUM} songs "
            "an album as in a whole chart",
        )


def days_for(questions: int, used: int) -> int:
    """Days until so many are asked, `used` of the first day's quota being gone."""
    return math.ceil((questions + min(used, SPOTIFY_A_DAY)) / SPOTIFY_A_DAY) if questions else 0
