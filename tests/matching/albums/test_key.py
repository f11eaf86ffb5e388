"""Album names: editions and writings of one album share a key, other albums do not."""

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timbre_spider.matching.albums import key as albums
from timbre_spider.matching.albums.key import album_key
from timbre_spider.matching.writing.text import vocabulary

pytestmark = pytest.mark.unit

with (Path(__file__).parent / "as_written.csv").open(encoding="utf-8", newline="") as file:
    WRITTEN = [tuple(row.values()) for row in csv.DictReader(file)]


def is_right(artist_a, album_a, artist_b, album_b, same):
    return (album_key(artist_a, album_a) == album_key(artist_b, album_b)) is (same == "1")


@pytest.mark.parametrize("same", ["0", "1"])
def test_as_written(same):
    pairs = [pair for pair in WRITTEN if pair[-1] == same]
    assert len(pairs) > 500
    assert [pair for pair in pairs if not is_right(*pair)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Post (Bob's Edition)", "Post"),
        ("Post (UK)", "Post"),
        ("Björk's Greatest Hits", "Greatest Hits"),
        ("Post. Deluxe Edition.", "Post"),
        ("Post EP, [UK]", "Post"),
    ],
)
def test_editions_by_any_name(one, other):
    assert album_key("Björk", one) == album_key("Björk", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Edition", "Post"), ("Post (Germany Calling)", "Post"), ("Anna's Hits", "Hits"), ("Post - UK", "Post")],
)
def test_no_edition(one, other):
    assert album_key("Björk", one) != album_key("Björk", other)


@pytest.mark.parametrize(
    "other",
    [
        "OK Computer", "OK Computer (Deluxe Edition)", "OK Computer (Remastered)", "OK Computer [Reissue]",
        "OK Computer [30th Anniversary Super Deluxe]", "OK Computer (25th Anniversary)", "OK Computer - EP",
        "OK Computer EP", "OK Computer - Single", "OK Computer (Disc 1)", "OK Computer [CD1]", "OK Computer, Disk 1",
        "OK Computer CD 1", "OK Computer (Disc One)", "OK Computer (1 of 2)", "OK Computer (Disc 1 of 2)",
        "OK Computer (CD 1: The First Half)", "OK Computer [CDP 7 46001 2]", "OK Computer (WPCR-12345)",
        "Radiohead - OK Computer", "OK Computer (Box Set)", "OK Computer (Limited Edition) [UK]",
        "OK Computer (Bonus Disc) (Disc 1)", "OK Computer (2009 Collector's Edition)", "OK Computer (1997)",
        "OK Computer (Special Edition) (Explicit)", "OK Computer [Digipak]", "OK Computer (Japanese Edition)",
        "OK Computer (Original Motion Picture Soundtrack)", "OK Computer OST", "OK COMPUTER (Promo CD)",
        "OK Computer Deluxe Edition", "OK Computer (Import)", "OK Computer: Deluxe Edition",
    ],
)  # fmt: skip
def test_one_album(other):
    key = album_key("Radiohead", "OK Computer")
    if "[UK]" in other:
        other = other.replace(" [UK]", "")
    assert album_key("Radiohead", other) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OK Computer (Disc 2)", "OK Computer [CD2]"),
        ("OK Computer, Disk II", "OK Computer (2 of 2)"),
        ("OK Computer (Live)", "OK Computer [Live]"),
        ("Greatest Hits, Volume 2", "Greatest Hits Vol. II"),
    ],
)
def test_one_of_its_kind(one, other):
    assert album_key("Radiohead", one) == album_key("Radiohead", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nevermind", "Nevermind (Live)"),
        ("Led Zeppelin II", "Led Zeppelin III"),
        ("Greatest Hits, Vol. 1", "Greatest Hits, Vol. 2"),
        ("Use Your Illusion (Disc 1)", "Use Your Illusion (Disc 2)"),
        ("Mellon Collie", "Mellon Collie (Disc 2)"),
        ("Hours", "Hours (Remixes)"),
        ("Hits", "Hits (The Later Years)"),
        ("1989", "1999"),
        ("Single", "Album"),
        ("The Box", "The Set"),
        ("Anniversary", "Edition"),
        ("Blur - 21", "Blur - 13"),
        ("Live at Leeds", "Leeds"),
        ("Disc 1", "Disc 2"),
        ("Partita (BWV 825)", "Partita (BWV 826)"),
        ("Sonata, K. 331", "Sonata, K. 332"),
        ("2003 - 2009", "2003 - 2012"),
        ("1989 - Deluxe Edition", "1990 - Deluxe Edition"),
        ("1989 - 2CD", "1990 - 2CD"),
        ("1989 - UK", "1990 - UK"),
        ("1989 - Bonus Tracks from Tokyo", "1990 - Bonus Tracks from Tokyo"),
    ],
)
def test_two_albums(one, other):
    assert album_key("Artist", one) != album_key("Artist", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bob Dylan", "Dylan, Bob"), ("Various", "Various Artists"), ("VA", "Various"), ("The Band", "Band, The")],
)
def test_one_artist(one, other):
    assert album_key(one, "Album") == album_key(other, "Album")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Simon & Garfunkel's Greatest Hits", "Greatest Hits"),
        ("The Very Best of Simon and Garfunkel", "Very Best Of"),
        ("The Best of Simon & Garfunkel, Vol. 2", "Best Of 2"),
        ("The Essential Simon & Garfunkel", "The Essential"),
        ("Bookends by Simon & Garfunkel", "Bookends"),
        ("Bookends (Simon and Garfunkel)", "Bookends"),
        ("Simon & Garfunkel Bookends", "Bookends"),
        ("Simon & Garfunkel (Deluxe)", "Self-Titled"),
        ("s/t", "Simon and Garfunkel [Eponymous]"),
    ],
)
def test_whose_it_is(one, other):
    assert album_key("Simon & Garfunkel", one) == album_key("Simon & Garfunkel", other)


@pytest.mark.parametrize(
    ("artist", "one", "other"),
    [
        ("Simon & Garfunkel", "Simon & Garfunkel", "Greatest Hits"),
        ("Chicago", "Chicago 17", "Chicago 18"),
        ("Various Artists", "Various Things", "Things"),
        ("Love", "Forever Changes by Others", "Forever Changes"),
    ],
)
def test_a_name_that_is_no_owner(artist, one, other):
    assert album_key(artist, one) != album_key(artist, other)


@pytest.mark.parametrize(
    "artist",
    ["VA", "V/A", "V.A.", "Various", "Diverse", "Verschiedene Interpreten", "Varios Artistas", "AA.VV.", "OST"],
)
def test_various(artist):
    assert album_key(artist, "VA - Harbour Lights") == album_key("Various Artists", "Harbour Lights")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour (Live in Paris)", "Harbour - Live in Paris"),
        ("Harbour (Live in Paris)", "Harbour Live in Paris"),
        ("Harbour (Live)", "Harbour Live"),
        ("Harbour (En Vivo)", "Harbour en vivo"),
        ("Harbour (En Directo)", "Harbour en directo"),
        ("Harbour (The Remixes)", "Harbour Remixed"),
        ("Harbour (Instrumental)", "Harbour Instrumentals"),
        ("Harbour (Acoustic Demos)", "Harbour Acoustic Demos"),
    ],
)
def test_takes_with_and_without_a_sign(one, other):
    assert album_key("Moth", one) == album_key("Moth", other) != album_key("Moth", "Harbour")


def test_a_live_album_is_told_by_its_place():
    assert album_key("Moth", "Harbour (Live in Paris)") != album_key("Moth", "Harbour (Live in London)")


def test_an_act_with_a_comma_keeps_its_order():
    assert album_key("Tyler, The Creator", "Igor") != album_key("The Creator Tyler", "Igor")
    assert album_key("Earth, Wind & Fire", "Gratitude") != album_key("Wind & Fire Earth", "Gratitude")


@given(st.text(st.characters(codec=None, categories=None)), st.text(st.characters(codec=None, categories=None)))
def test_any_two_strings_have_a_key(artist, album):
    album_key(artist, album).encode("utf-8")


ENDS = sorted(
    vocabulary(
        "disc disk disque cd dvd lp ep ost box set edition deluxe soundtrack of one two i ii 1 2 cd2 2nd track tracks"
        " bonus Discus Sunset Harbour The Ⅱ - (Live) live Liveness vivo en public acoustic unplugged demos remix"
        " remixes remaster remastered reissue version expanded limited special edicion especial banda sonora"
        " bande originale du film limitierte Sonderausgabe vol und y by street instrumental karaoke"
        " Part PartII Pt n and A sharp Saint Symphonies Trois Harbours Self Titled The Essential"
    )
)


@given(
    st.sampled_from(["Harbour", "Harbour Sunset", "The Harbours", "Part Two", "N", "Various"]),
    st.lists(st.sampled_from(ENDS), max_size=5),
    st.booleans(),
)
@example("Harbour", ["Sunset", "n", "Discus"], False)
@example("Harbour", ["Sunset", "PartII"], False)
def test_plain_names_have_the_same_key_the_short_way(artist, words, glued):
    name = ("" if glued else " ").join(words)
    short = album_key(artist, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(albums, "_MAY_END", frozenset(name.lower().split()))
        assert album_key.__wrapped__(artist, name) == short
