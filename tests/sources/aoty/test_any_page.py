"""Every kind of page, told by what stands on it, with every field it tells."""

from collections import Counter
from pathlib import Path

import pytest

from tests.sources.aoty.test_aoty_pages import ALBUM, PAGES, SAVED, SITE, needs_saved, page
from timbre_spider.errors import UnknownPage, Unusable
from timbre_spider.items import AotyAlbum, AotyTrack, SeenOn
from timbre_spider.sources.aoty import read_any, read_artist

pytestmark = pytest.mark.unit

ANN = f"{SITE}/artist/1-ann/"


def test_an_artist_s_page() -> None:
    assert read_artist(page(PAGES / "artist.html", "/artist/1-ann/")) == [
        AotyAlbum(
            f"{SITE}/album/21-ann-harbour.php", "Ann", "Harbour", 84.0, None, 83.0, 47, release_date="2004",
            format="LP", must_hear="both", artist_url=ANN,
        ),
        AotyAlbum(f"{SITE}/album/22-ann-bob-pier.php", "Ann & Bob", "Pier", release_date="2011", format="LP"),
        AotyAlbum(f"{SITE}/album/23-ann-dock.php", "Ann", "Dock", 70.0, 1131, format="EP", artist_url=ANN),
        AotyAlbum(
            f"{SITE}/album/24-cy-quay.php", "Cy", "Quay", release_date="2024", format="Mixtape",
            artist_url=f"{SITE}/artist/3-cy/",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("source", [b"", PAGES / "album.html", PAGES / "search.html"])
def test_what_is_no_artist_s_page(source: bytes | Path) -> None:
    with pytest.raises(Unusable, match="not an artist's page"):
        read_artist(page(source))


CARDS = (PAGES / "search.html").read_text().replace("Search Results for", "New Releases")
STYLED = "<style>.albumHeadline, .artistHeadline { color: red } .albumListRow {}</style>"


@pytest.mark.parametrize(
    ("source", "kind", "seen"),
    [
        (PAGES / "album.html", "album", {SeenOn.ALBUM: 1}),
        (PAGES / "artist.html", "artist", {SeenOn.CARD: 4}),
        (PAGES / "chart.html", "chart", {SeenOn.CHART: 2}),
        (PAGES / "search.html", "search", {SeenOn.CARD: 3}),
        (CARDS, "cards", {SeenOn.CARD: 3}),
        (CARDS.replace("<body>", STYLED + "<body>"), "cards", {SeenOn.CARD: 3}),
        (CARDS.replace('class="albumBlock small"', "class='albumBlock small'"), "cards", {SeenOn.CARD: 3}),
        ('<h1 class="headline">Search Results for "zzz"</h1>', "search", {}),
    ],
)
def test_a_page_s_kind_is_told_by_what_stands_on_it(source: str | Path, kind: str, seen: dict[SeenOn, int]) -> None:
    read = read_any(page(source, "/saved"))
    assert read.kind == kind
    assert Counter(on for on, _ in read.albums) == seen


def test_an_album_s_page_tells_of_the_albums_beside_it() -> None:
    beside = """<div class="albumBlock small">
        <div class="image"><a href="/album/8-x.php"><img alt="Ann - A - B"/></a></div>
        <a href="/album/8-x.php"><div class="albumTitle normal">A - B</div></a>
        <div class="type">2011</div></div></body>"""
    source = (PAGES / "album.html").read_text().replace("</body>", beside)
    assert read_any(page(source)).albums == (
        (SeenOn.ALBUM, ALBUM),
        (SeenOn.CARD, AotyAlbum(f"{SITE}/album/8-x.php", "Ann", "A - B", release_date="2011")),
    )


@pytest.mark.parametrize("text", ["Cover of One", "Bob - Two", ""])
def test_a_cover_s_text_that_does_not_end_with_the_title_names_no_artist(text: str) -> None:
    card = f"""<div class="albumBlock"><div class="image"><img alt="{text}"/></div>
        <a href="/album/8-x.php"><div class="albumTitle">One</div></a></div>"""
    assert read_any(page(CARDS.replace("<body>", "<body>" + card))).albums == read_any(page(CARDS)).albums


@pytest.mark.parametrize(
    ("shown", "artist"),
    [
        ("<a href='/artist/1-ann/'>Ann</a> &amp; <a href='/artist/2-ann-b/'>Ann B</a>", "Ann & Ann B"),
        ("<a href='/artist/1-ann/'>Ann</a> &amp; Ann", "Ann & Ann"),
        ("<a href='/artist/1-ann/'>Ann</a>, Bob", "Ann, Bob"),
    ],
)
def test_an_artist_without_a_link_is_one_too(shown: str, artist: str) -> None:
    source = (PAGES / "album.html").read_text()
    linked = '<div class="artist"><a href="/artist/501-the-paper-boats/">The Paper Boats</a></div>'
    assert linked in source
    album = read_any(page(source.replace(linked, f'<div class="artist">{shown}</div>'))).albums[0][1]
    assert album.artist == artist


@pytest.mark.parametrize(
    ("source", "error", "says"),
    [
        ("<html><h1>About us</h1></html>", UnknownPage, "no page of albums"),
        ("", UnknownPage, "no page of albums"),
        (f"<html>{STYLED}</html>", UnknownPage, "no page of albums"),
        ("<html><head><title>Just a moment...</title></head></html>", UnknownPage, "is a challenge"),
        ('<html><h1 class="artistHeadline">Ann</h1></html>', Unusable, "names no album"),
        ('<html><div class="albumBlock"></div></html>', Unusable, "names no album"),
        ('<html><div class="albumHeadline"></div>', Unusable, "cut off"),
    ],
)
def test_a_page_that_tells_nothing_is_an_error(source: str, error: type[Unusable], says: str) -> None:
    with pytest.raises(error, match=says):
        read_any(page(source))


@pytest.mark.parametrize(
    ("classes", "whose"), [("", None), ("mustHearButton", "critics"), ("mustHearButton user", "users"),
                           ("mustHearButton both", "both")],
)  # fmt: skip
def test_whose_must_hear_an_album_is(classes: str, whose: str | None) -> None:
    source = (PAGES / "album.html").read_text()
    source = source.replace('<h1 class="albumTitle">', f'<div class="{classes}"></div><h1 class="albumTitle">')
    assert read_any(page(source)).albums[0][1].must_hear == whose


def test_tracks_of_several_discs() -> None:
    rows = """<div class="discNumber">Disc 1</div><table><tr><td class="trackNumber">1</td><td class="trackTitle">
        <a href="/song/1-x/">One</a><div class="length">1:02:51</div></td><td class="trackRating">
        <span title="1,304 Ratings">77</span></td></tr><tr><td class="trackTitle">No link</td></tr></table>
        <div class="discNumber">Disc 2</div><table><tr><td class="trackNumber"></td><td class="trackTitle">
        <a href="/song/2-x/">Two</a><div class="length">?</div></td>
        <td class="trackRating"><span>NR</span></td></tr></table>"""
    source = (PAGES / "album.html").read_text()
    source = source.replace('<div id="tracklist">', f'<div id="tracklist">{rows}</div><div id="other">')
    assert read_any(page(source)).albums[0][1].tracks == (
        AotyTrack("One", 1, 1, 3_771_000, 77.0, 1304),
        AotyTrack("Two", None, 2),
    )


def test_a_part_of_a_disc_is_of_that_disc() -> None:
    row = '<table><tr><td class="trackTitle"><a href="/song/{n}-x/">{n}</a></td></tr></table>'
    parts = ("", "Disc 2", "Bonus Tracks", "Disc 3")
    rows = "".join(f'<div class="discNumber">{part}</div>{row.format(n=n)}' for n, part in enumerate(parts))
    source = (PAGES / "album.html").read_text()
    source = source.replace('<div id="tracklist">', f'<div id="tracklist">{rows}</div><div id="other">')
    assert [track.disc for track in read_any(page(source)).albums[0][1].tracks] == [1, 2, 2, 3]


LIVE = "https://www.albumoftheyear.org"


@needs_saved
class TestSavedPages:
    """By hand, what stands on the pages that are beside the project."""

    @staticmethod
    def read(name: str) -> list[AotyAlbum]:
        read = read_any(page(SAVED / f"{name}.html", "/saved"))
        return [album._replace(url=album.url.removeprefix(SITE)) for _, album in read.albums]

    def test_an_album(self) -> None:
        album, *others = self.read("album-2026-05")
        assert album._replace(tracks=()) == AotyAlbum(
            url="/album/564912-asap-rocky-dont-be-dumb.php", artist="A$AP Rocky", title="Don't Be Dumb",
            user_score=74.5, rating_count=20_489, critic_score=70.3794, critic_count=17, release_date="2026-01-16",
            genres=("Trap", "East Coast Hip Hop", "Cloud Rap", "Experimental Hip Hop", "Hardcore Hip Hop",
                    "Neo-Psychedelia", "Memphis Rap"),
            secondary_genres=("Cloud Rap", "Experimental Hip Hop", "Hardcore Hip Hop", "Neo-Psychedelia",
                              "Memphis Rap"),
            tags=("psychedelic", "eclectic", "energetic", "male vocalist", "boastful", "trap", "east coast hip hop",
                  "experimental hip hop", "cloud rap", "hip hop", "hardcore hip hop", "2026", "asap rocky",
                  "memphis rap", "best artworks", "rap", "2020s", "sexual", "neo psychedelia", "neo-psychedelia"),
            spotify_album_id="4itKk52E9ZCdWUQcFAkud9", format="LP", labels=("A$AP",),
            artist_url=f"{SITE}/artist/2003-asap-rocky/",
        )  # fmt: skip
        assert [(each.disc, each.number) for each in album.tracks] == [*((1, n) for n in range(1, 16)), (2, 1), (2, 2)]
        assert album.tracks[2] == AotyTrack("INTERROGATION", 3, 1, 49_000, 64.0, 1822)
        assert album.tracks[-1] == AotyTrack("FISH N STEAK (WHAT IT IS)", 2, 2, 229_000, 79.0, 3810)
        assert [(each.artist, each.title, each.release_date, each.must_hear) for each in others] == [
            ("A$AP Rocky", "LIVE.LOVE.A$AP", "2011", "users"),
            ("A$AP Rocky", "AT.LONG.LAST.A$AP", "2015", "users"),
            ("A$AP Rocky", "LONG.LIVE.A$AP", "2013", "users"),
            ("A$AP Rocky", "TESTING", "2018", None),
            ("A$AP Rocky", "LIVE.LOVE.A$AP [Reissue]", "2021", "users"),
            ("A$AP Rocky", "LONG.LIVE.A$AP (Deluxe)", "2013", "users"),
            ("Playboi Carti", "MUSIC", None, None),
            ("Travis Scott", "UTOPIA", None, None),
            ("Playboi Carti", "MUSIC - SORRY 4 DA WAIT", None, None),
            ("The Scythe", "Strictly 4 The Scythe", None, None),
            ("Lil Tecca", "DOPAMINE", None, None),
            ("Baby Keem", "Ca$ino", None, None),
        ]

    def test_an_artist(self) -> None:
        albums = self.read("artist-2024-06")
        own = f"{SITE}/artist/183-kanye-west/"
        assert albums[0] == AotyAlbum(
            "/album/770331-ys-vultures-1.php", "Kanye West & Ty Dolla $ign", "VULTURES 1", 51.0, None, 43.0, 8, "2024",
            format="LP",
        )  # fmt: skip
        assert albums[6] == AotyAlbum(
            "/album/7215-kanye-west-yeezus.php", "Kanye West", "Yeezus", 84.0, None, 83.0, 47, "2013",
            format="LP", must_hear="both", artist_url=own,
        )  # fmt: skip
        assert (albums[13].title, albums[13].format, albums[13].user_score, albums[13].rating_count) == (
            "Can't Tell Me Nothing: The Official Mixtape", "Mixtape", 66.0, 55,
        )  # fmt: skip
        assert (albums[19].artist, albums[19].title, albums[19].format) == ("Ye", "LIKE THAT REMIX", "Single")
        assert albums[-1] == AotyAlbum(
            "/album/382930-pop-smoke-faith.php", "Pop Smoke", "Faith", 41.0, 1114, 53.0, 10, "2021", format="LP",
            artist_url=f"{SITE}/artist/60373-pop-smoke/",
        )  # fmt: skip
        assert Counter(each.format for each in albums) == {"LP": 23, "Mixtape": 6, "EP": 1, "Single": 12}
        assert Counter(each.must_hear for each in albums) == {"both": 4, "users": 3, None: 35}

    def test_a_list(self) -> None:
        albums = self.read("list-2026-05")
        assert albums[0] == AotyAlbum(
            url="/album/1431926-earl-sweatshirt-live-laugh-love.php", artist="Earl Sweatshirt", title="Live Laugh Love",
            critic_score=82.0, critic_count=13, release_date="2025-08-22",
            genres=("Abstract Hip Hop", "West Coast Hip Hop", "Drumless", "Experimental Hip Hop", "Jazz Rap"),
            secondary_genres=("Drumless", "Experimental Hip Hop", "Jazz Rap"),
            spotify_album_id="45aldsXQsGrQxpst6z2hfR",
        )  # fmt: skip
        assert (albums[-1].title, albums[-1].critic_score, albums[-1].must_hear) == (
            "Let God Sort Em Out",
            81.0,
            "users",
        )
        assert len(albums) == 50
        assert sum(each.spotify_album_id is not None for each in albums) == 49
        assert {each.user_score for each in albums} == {None}

    def test_cards(self) -> None:
        albums = self.read("must-hear-2010-2026-05")
        assert albums[0] == AotyAlbum(
            "/album/1564168-daniel-lopatin-marty-supreme-original-soundtrack.php", "Daniel Lopatin",
            "Marty Supreme (Original Soundtrack)", 84.0, 554, 82.0, 2, "2025", must_hear="users",
            artist_url=f"{SITE}/artist/67796-daniel-lopatin/",
        )  # fmt: skip
        assert Counter(each.must_hear for each in albums) == {"users": 36, "critics": 16, "both": 8}
        albums = self.read("releases-2026-05")
        assert albums[0] == AotyAlbum(
            "/album/1679045-kenny-mason-bulldawg.php", "Kenny Mason", "BULLDAWG", 82.0, 148, format="LP",
            artist_url=f"{SITE}/artist/83139-kenny-mason/",
        )  # fmt: skip
        assert Counter(each.format for each in albums) == {
            "LP": 45, "EP": 9, "Reissue": 2, "Compilation": 1, "Miscellaneous": 1, "Instrumental": 1, "Mixtape": 1,
        }  # fmt: skip
        assert sum(each.artist_url is None for each in albums) == 9  # joint releases
        albums = self.read("search-albums-2026-05")
        assert albums[0] == AotyAlbum(
            "/album/43815-the-chainsmokers-kanye.php", "The Chainsmokers", "Kanye", release_date="2014",
            format="Single", artist_url=f"{SITE}/artist/18404-the-chainsmokers/",
        )  # fmt: skip
        assert len(albums) == 59
