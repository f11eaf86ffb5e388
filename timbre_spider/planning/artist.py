"""The songs of one artist that wait, what is known of the artist, and the calls that may find them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.calls import Candidate, Group, Kind
from timbre_spider.planning.groups import (
    AlbumList,
    AlbumSearch,
    AlbumTracks,
    ArtistPage,
    SongSearch,
    TrackById,
    WordSearch,
)
from timbre_spider.planning.releases import Releases, shown
from timbre_spider.planning.want import USUAL_TRACKS, KnownAlbum, Want

# Spotify ranks an artist's tracks by popularity: what a listener heard is mostly on the first pages.
MOST_PAGES = 5
# An artist's list of albums finds no song by itself: it pays with this many that wait.
_WORTH_A_LIST = 4
# Tracks of an artist of whom nobody told how many there are.
_USUAL_CATALOGUE = 40
_LARGE = 8
# Artists whose albums on Spotify MusicBrainz is asked for in a run: at a request a second, as long as the calls of a
# day take that they help to choose.
MOST_LINKED = 600

Weight = Callable[[Want], float]


@dataclass(slots=True)
class Artist:
    """`pages`: pages of tracks read, of `total` tracks; `lists`: pages of albums read, of `albums_total`; None is
    unknown. `recalled`: what earlier runs learned is here. `searched`: keys of
    albums looked through. `refuted`: by the key of a song, the id of a track that somebody took for it and that is
    another song's. `tried`: by the key of a song, the calls that earlier runs made for it alone, in vain. `mbid` is
    MusicBrainz' id, `releases` what it lists there. `version` counts the changes."""

    key: str
    wants: dict[str, Want] = field(default_factory=dict)
    unread: dict[str, KnownAlbum] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    searched: set[str] = field(default_factory=set)
    refuted: dict[str, str] = field(default_factory=dict)
    tried: dict[str, frozenset[Kind]] = field(default_factory=dict)
    artist_id: str = ""
    mbid: str = ""
    releases: Releases = field(default_factory=Releases, compare=False)
    pages: int = 0
    total: int | None = None
    lists: int = 0
    albums_total: int | None = None
    recalled: bool = False
    version: int = 0

    @property
    def in_work(self) -> bool:
        """Whether an item waits for one of the songs."""
        return any(want.in_work for want in self.wants.values())

    def tell_of(self, albums: Iterable[tuple[str, SpotifyAlbum]]) -> None:
        """Albums of the artist's, with their keys."""
        for key, album in albums:
            if album.album_id not in self.read:
                before = self.unread.get(album.album_id)
                if before is None or not before.album.tracks or (before.album.linked and not album.linked):
                    self.unread[album.album_id] = KnownAlbum(key, album)

    def have_read(self, albums: Iterable[str]) -> None:
        """The tracks of these albums, by their ids, are known."""
        for album_id in albums:
            known = self.unread.pop(album_id, None)
            if known is not None:
                self.read.add(album_id)
                self.searched.add(known.key)

    def candidates(
        self, weight: Weight, page_size: int, list_size: int, *, scarce: bool = False, by_id: bool = True
    ) -> Iterator[Candidate]:
        """The calls that may be made for the artist's songs; `by_id`: whether albums may be asked for by their ids."""
        nameless = sorted((want for want in self.wants.values() if not want.is_found), key=weight, reverse=True)
        yield from self._by_id(weight)
        if nameless:
            # An album whose id is known needs no search, unless it cannot be asked for by its id.
            told = self.searched | ({album.key for album in self.unread.values()} if by_id else set())
            if scarce:
                yield from self._listings(nameless, weight, page_size, told)
            else:
                yield from self._pages(nameless, weight, page_size)
                yield from self._album_searches(nameless, weight, page_size, told)
            yield from self._albums(nameless, weight)
            yield from self._songs(nameless, weight, page_size)
            yield from self._list(nameless, weight, list_size, scarce)

    def read_whole(self, page_size: int) -> bool:
        """Whether all the artist's tracks were looked through."""
        return bool(self.total) and self.pages * page_size >= (self.total or 0)

    def _pages(self, wants: list[Want], weight: Weight, page_size: int) -> Iterator[Candidate]:
        if not self._has_more_pages(page_size):
            return
        at_stake = wants[:page_size]
        group = (Kind.ARTIST_PAGE, ArtistPage.of(len(wants), is_first=not self.pages))
        worth = sum(map(weight, at_stake))
        yield Candidate(group, self.key, self.key, worth, len(at_stake), self.pages)

    def _has_more_pages(self, page_size: int) -> bool:
        return self.pages < MOST_PAGES and (self.total is None or self.pages * page_size < self.total)

    def _listings(self, wants: list[Want], weight: Weight, page_size: int, told: set[str]) -> Iterator[Candidate]:
        """Pages of tracks and searches for albums, where calls are scarce: of how many tracks each shows ten tells
        what it is worth. `told`: albums that need no search."""
        tracks = self.total or self.releases.tracks.total() or max(_USUAL_CATALOGUE, 3 * len(wants))

        def listing(
            group: Group, about: str, held: int, named: list[Want], others: list[Want], share: float = 1.0
        ) -> Candidate:
            songs = len(named) + share * len(others)
            worth = sum(map(weight, named)) + share * sum(map(weight, others))
            part = shown(page_size, held, songs)
            return Candidate(group, self.key, about, part * worth, part * songs)

        if self._has_more_pages(page_size):
            group = (Kind.ARTIST_PAGE, ArtistPage.NEXT_LIST if self.pages else ArtistPage.LIST)
            page = listing(group, self.key, tracks, wants, [])
            yield replace(page, page=self.pages)
        by_album: dict[str, list[Want]] = defaultdict(list)
        for want in wants:
            by_album[want.album_key].append(want)
        homeless = by_album.pop("", [])
        for key in self.releases.collections:
            by_album.pop(key, None)
            if key not in told:
                held = self.releases.tracks[key] or USUAL_TRACKS
                of_all = AlbumSearch.COLLECTION_AFTER_PAGE if self.pages else AlbumSearch.COLLECTION
                yield listing((Kind.ALBUM_SEARCH, of_all), key, held, [], wants, min(1.0, held / len(wants)))
        for key, named in by_album.items():
            held = self.releases.tracks[key] or USUAL_TRACKS
            share = min(1.0, held / tracks)
            # A song alone is better asked for by its name.
            if key not in told and len(named) + share * len(homeless) > 1:
                yield listing((Kind.ALBUM_SEARCH, AlbumSearch.LIST), key, held, named, homeless, share)

    def _album_searches(self, wants: list[Want], weight: Weight, page_size: int, told: set[str]) -> Iterator[Candidate]:
        by_album: dict[str, list[Want]] = defaultdict(list)
        for want in wants:
            if want.album_key and want.album_key not in told and len(by_album[want.album_key]) < page_size:
                by_album[want.album_key].append(want)
        for album, songs in by_album.items():
            # A song alone is better asked for by its name.
            if len(songs) > 1:
                worth = sum(map(weight, songs))
                yield Candidate((Kind.ALBUM_SEARCH, AlbumSearch.FOR_ITS_SONGS), self.key, album, worth, len(songs))

    def _albums(self, wants: list[Want], weight: Weight) -> Iterator[Candidate]:
        all_tracks = max(self.total or 0, _USUAL_CATALOGUE, 2 * len(wants))
        homeless = [want for want in wants if not want.album_key]
        for album_id, album in self.unread.items():
            if album.is_collection:
                # It has the artist's best known songs, whatever albums they are of: mostly those that were heard.
                named, others, share = [], wants, min(1.0, album.tracks / len(wants))
            else:
                named = [want for want in wants if want.album_key == album.key and album.key]
                others, share = homeless if named else wants, min(1.0, album.tracks / all_tracks)
            worth = sum(map(weight, named)) + share * sum(map(weight, others))
            stake = len(named) + share * len(others)
            yield Candidate((Kind.ALBUM, self._tracks_of(album, len(named))), self.key, album_id, worth, stake)

    def _tracks_of(self, album: KnownAlbum, named: int) -> AlbumTracks:
        # Another edition of what was looked through has little more, a collection less after the best known tracks.
        if album.key in self.searched:
            return AlbumTracks.OTHER_EDITION
        if album.is_collection:
            return AlbumTracks.COLLECTION_AFTER_PAGE if self.pages else AlbumTracks.COLLECTION
        return AlbumTracks(min(named, AlbumTracks.FOR_SEVERAL))

    def _songs(self, wants: list[Want], weight: Weight, page_size: int) -> Iterator[Candidate]:
        whole = self.read_whole(page_size)
        seen = SongSearch.ALL_SEEN if whole else SongSearch.SOME_SEEN if self.total else SongSearch.NONE_SEEN
        in_words = WordSearch.ALL_SEEN if whole else WordSearch.NOT_ALL_SEEN
        for kind, group, before in ((Kind.SONG, seen, None), (Kind.SONG_IN_WORDS, in_words, Kind.SONG)):
            for want in wants:
                if kind not in want.tried and (before is None or before in want.tried):
                    yield Candidate((kind, group), self.key, want.key, weight(want), 1)
                    break

    def _list(self, wants: list[Want], weight: Weight, list_size: int, scarce: bool) -> Iterator[Candidate]:
        more = self.albums_total is None or self.lists * list_size < self.albums_total
        large = any(album.tracks >= _LARGE for album in self.unread.values())
        if self.artist_id and more and (scarce or not large) and len(wants) >= _WORTH_A_LIST:
            worth = sum(map(weight, wants))
            group = (Kind.ARTIST_ALBUMS, AlbumList.SCARCE if scarce else AlbumList.PLENTY)
            yield Candidate(group, self.key, self.artist_id, worth, len(wants), self.lists)

    def _by_id(self, weight: Weight) -> Iterator[Candidate]:
        for want in self.wants.values():
            if want.spotify_id and Kind.TRACK not in want.tried:
                proven = TrackById.UNPROVEN if want.unproven else TrackById.KNOWN
                group = (Kind.TRACK, TrackById.FOR_ISRC if want.only_isrc else proven)
                yield Candidate(group, self.key, want.key, weight(want), 1)
