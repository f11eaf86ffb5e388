"""Keys: which spellings are one song, and which never."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.matching.work import calls_of
from timbre_spider.matching.names.normalise import (
    DEFAULT_COLLAPSE,
    Variant,
    artist_key,
    name_key,
    parse_collapse,
    title_key,
)
from timbre_spider.matching.names.peel import peel
from timbre_spider.matching.writing.text import narrow

pytestmark = pytest.mark.unit

ONE_TITLE = [
    "Song - Remastered 2009", "Song (2009 Remaster)", "Song [Remastered]", "Song - 2011 - Remaster",
    "Song - Remastered Version", "Song - 2015 Digital Remaster", "Song – Remastered", "Song {Remastered}",
    "Song 【Remastered】", "Song Remastered 2009", "Song - Remasterizado", "Song (Remasterisé)", "Song (リマスター)",
    "Song（Live）", "Song (Live)", "Song - Live at Wembley", "Song (Live at Knebworth)", "Song [Live in Paris]",
    "Song (Live from Abbey Road / 2006)", "Song - Live in Japan, 1983 / 2011 Mix", "Song (Live, 2004)",
    "Song - Live at the Roundhouse London; 2011 Remaster", "Song (Recorded Live at the Apollo)", "Song (Live @ KEXP)",
    "Song (En Vivo)", "Song (En Vivo en Buenos Aires)", "Song - Ao Vivo", "Song (Ao Vivo no Rio)", "Song (En Directo)",
    "Song (Live à l'Olympia)", "Song (Live aus Berlin)", "Song (Dal vivo)", "Song (Na żywo)", "Song (Canlı)",
    "Song (ライブ)", "Song (концерт)", "Song (in concert)", "Song - BBC Session", "Song - Live / Remastered",
    "Song (Acoustic)", "Song - Acoustic Version", "Song (Acústico)", "Song - Version acoustique",
    "Song (Versión Acústica)", "Song (Akustik)", "Song (MTV Unplugged)", "Song (Unplugged)", "Song (Live Acoustic)",
    "Song - Radio Edit", "Song (Radio Mix)", "Song - Versión Radio", "Song - ラジオ・エディット",
    "Song - Single Version", "Song - Edit", 'Song - 7" Version', "Song (Video Edit)", "Song Radio Edit",
    "Song - Mono", "Song - Mono Version", "Song - Stereo Mix", "Song (Mono / 2009 Remaster)",
    "Song (Album Version)", "Song (Album Version (Edited))", "Song (Deluxe Edition)", "Song (Bonus Track)",
    "Song (Explicit)", "Song [Clean]", "Song - Original Mix", "Song (Official Video)", "Song [Official Music Video]",
    "Song (40th Anniversary Edition)", 'Song - From "Frozen"/Soundtrack Version', "Song - Single Version [Remastered]",
    "Song (feat. Guest)", "Song [ft. Guest & Other]", "Song ft. Guest", "Song featuring Guest", "Song - feat. Guest",
    "Song (with Selena Gomez)", "Song [feat. Guest] - Radio Edit", "Song (Live) [2009 Remaster]", "The Song", "SONG",
    "Ｓｏｎｇ", "Song ", "Song\x00", "Song!", "Song -Live", "Song- Live", "Song | Live", "Song |Live",
    "Song M/V", "Song.mp3", "Song.flac", "Song – Live", "Song **HD Video**",
]  # fmt: skip


@pytest.mark.parametrize("title", ONE_TITLE)
def test_spellings_of_one_title(title):
    assert name_key("Artist", title) == name_key("Artist", "Song")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Beatles", "Beatles"),
        ("Beatles, The", "The Beatles"),
        ("Beyoncé", "BEYONCE"),
        ("Blink-182", "blink 182"),
        ("AC/DC", "ACDC"),
        ("Ke$ha", "Kesha"),
        ("P!nk", "Pink"),
        ("Florence + the Machine", "Florence & The Machine"),
        ("Ｃｏｙｏｔｅ　＋　Ｈｏｕｒ", "Coyote + Hour"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Guns N' Roses", "Guns N’ Roses"),
        ("Artist feat. Guest", "Artist"),
        ("Artist (ft. Guest)", "Artist"),
        ("Cloud No. 57 featuring Guest", "Cloud No. 57"),
        ("Artist; Other", "Artist"),
        ("Artist (Live)", "Artist"),
        ("Artist - Topic", "Artist"),
        ("КИНО", "Кино"),
    ],
)
def test_spellings_of_one_artist(one, other):
    assert name_key(one, "Song") == name_key(other, "Song")
    assert artist_key(one) == artist_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shout, Pt. 1", "Shout (Part One)"),
        ("Shout Part II", "Shout Pt.2"),
        ("Shout PartX", "Shout Part 10"),
        ("Shout Satz2", "Shout Satz 2"),
        ("Song, Vol. 2", "Song Volume II"),
        ("Song - Foo Remix", "Song (Foo Remix)"),
        ("Song (Foo Remix)", "Song - Foo Remix - Radio Edit"),
        ("Song (Remix)", "Song - Remix"),
        ("Song (Instrumental)", "Song - Instrumental Version"),
        ("Song (Karaoke)", "Song - Karaoke Version"),
        ("Song (sped up)", "Song - Sped Up Version"),
        ("Song (Slowed + Reverb)", "Song - slowed & reverb"),
        ("Song (Acapella)", "Song - A Cappella"),
        ('Song (12" Version)', "Song - Extended Version"),
        ("Song (Demo)", "Song - Demo Version"),
        ("Song (Taylor's Version)", "Song - Taylor’s Version"),
        ("Song (Spanish Version)", "Song - Spanish Version"),
    ],
)
def test_spellings_of_one_variant(one, other):
    assert name_key("Artist", one) == name_key("Artist", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Song", "Song (Foo Remix)"),
        ("Song", "Song (feat. Guest - Foo Remix)"),
        ("Song (Foo Remix)", "Song (Bar Remix)"),
        ("Song", "Song (Instrumental)"),
        ("Song", "Song (Karaoke Version)"),
        ("Song", "Song (Sped Up)"),
        ("Song", "Song (Slowed)"),
        ("Song", "Song (Cover)"),
        ("Song", "Song (Demo)"),
        ("Song", "Song - Extended Mix"),
        ("Song", "Song - Club Mix"),
        ("Song", "Song (Taylor's Version)"),
        ("Song", "Song (Spanish Version)"),
        ("Song", "Song (Orchestral Version)"),
        ("Song", "Song (Reprise)"),
        ("Song", "Song (Interlude)"),
        ("Song", "Song Part 1"),
        ("Song Pt. 1", "Song Pt. 2"),
        ("Song 1", "Song 2"),
        ("Song - 1", "Song - 2"),
        ("Song - Part A", "Song - Part B"),
        ("20 20", "2020"),
        ("No One", "No. 1"),
        ("Draft", "Dra"),
        ("Six Ft. Under", "Six"),
        ("No Small Feat", "No Small"),
        ("Live Forever", "Forever"),
        ("Live and Let Die", "Let Die"),
        ("Alive", "Live"),
        ("Speak Now - Long Live", "Speak Now"),
        ("Song (Live Your Life)", "Song"),
        ("Song (Live a Lie)", "Song"),
        ("Song (From Me to You)", "Song"),
        ("Stay (With Me)", "Stay"),
        ("Song (With the Lights Out)", "Song"),
        ("(Sittin' On) The Dock of the Bay", "The Dock of the Bay"),
        ("Stay (Faraway, So Close!)", "Stay"),
        ("1999", "1989"),
        ("Radio", "Radio Radio"),
        ("Acoustic", "Live"),
        ("Mono", "Stereo"),
        ("か", "が"),
        ("!!!", "???"),
        ("[Untitled]", "[Intro]"),
    ],
)
def test_names_that_stay_apart(one, other):
    assert name_key("Artist", one) != name_key("Artist", other)


@pytest.mark.parametrize("name", ["The The", "!!!", "Live", "1975", "Little Feat", "Sunn O)))", "+/-", "The"])
def test_an_artist_never_loses_the_whole_name(name):
    assert artist_key(name)
    assert artist_key(name) != artist_key("Another")


def test_the_the_is_not_the():
    assert artist_key("The The") != artist_key("The")


def test_what_collapses_is_the_operators_choice():
    apart = DEFAULT_COLLAPSE - {Variant.LIVE}
    assert name_key("A", "Song (Live)", apart) != name_key("A", "Song", apart)
    assert name_key("A", "Song (Mono)", apart) == name_key("A", "Song", apart)
    assert name_key("A", "Song (Demo)", apart | {Variant.DEMO}) == name_key("A", "Song", apart)


def test_parse_collapse():
    assert parse_collapse("remaster,live,acoustic,edition,mono,radio_edit") == DEFAULT_COLLAPSE
    assert parse_collapse("") == frozenset()
    with pytest.raises(ValueError, match="loud"):
        parse_collapse("live,loud")


SIGNS = st.sampled_from(
    ["(", ")", "[", "]", " - ", "live", "feat. ", "ft ", " part ", "2", "the ", "remix", "2011", " & ", "n", "$a", "|",
     "ß", "が", "Ⅱ", " x ", ";", "version", "with ", "a", "é", "\ud800", "\x00", "\u0301", ", the", "½", "-", "İ"]
)  # fmt: skip
NAMES = st.one_of(st.lists(SIGNS, max_size=10).map("".join), st.text(max_size=20))


@given(NAMES, NAMES)
@example("", ")((feat. remix")
@example("", "( - remix")
@example(")(remix", "(")
@example("", "(live - remix(2011")
def test_the_key_of_a_key_is_the_key(artist, title):
    key = name_key(artist, title)
    assert name_key(*key.split("|", 1)) == key
    assert artist_key(artist_key(artist)) == artist_key(artist)


WORDS = [
    "the", "The", "n", "part", "Part", "PartII", "partII", "pt2", "Volé2", "e", "p", "II", "ÌÏ", "two", "2", "12", "no",
    "x", "remix", "Remaster", "édit", "ft", "vs", "Ｖｏｌ３", "²", "日本語remix", "ré", "song", "sharp", "a", "One",
    "V",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
def test_the_short_way_to_a_key_leads_where_the_long_one_does(title):
    peeled = peel(narrow(title))
    assert peeled.marks or name_key("", title) == f"|{title_key(peeled.name)}"


@given(st.text(st.characters(codec=None, categories=None)), st.text(st.characters(codec=None, categories=None)))
def test_any_two_strings_have_a_key(artist, title):
    name_key(artist, title).encode("utf-8")


@given(st.text(string.ascii_letters + " ", min_size=1))
def test_case_does_not_matter(title):
    assert name_key("a", title.upper()) == name_key("a", title.lower())


@pytest.mark.parametrize(
    "piece",
    ["(", ")", "[(", "()", "(live)", "(b)", " - live", " - b", "-", " ", " feat. b", "a & ", "n ", "part ", "$"],
)
def test_a_key_takes_work_in_proportion_to_the_name(piece):
    def calls(count: int) -> int:
        name = "a" + piece * count
        return calls_of(lambda: name_key(name, name))

    calls(100)
    assert calls(2000) < 9 * calls(250)
