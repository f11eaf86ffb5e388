"""What a name says, taken apart."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timbre_spider.matching.names import peel
from timbre_spider.matching.names.other_readings import without_small_word
from timbre_spider.matching.names.reading import artists_of, read_name
from timbre_spider.matching.names.variants import Mark, Variant
from timbre_spider.matching.writing.text import vocabulary

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("artist", "title", "plain", "variants"),
    [
        ("A", "Karma Police", "Karma Police", ()),
        ("A", "Song - Remastered 2009", "Song", (Mark(Variant.REMASTER, "2009"),)),
        ("A", "Song (2009 Digital Remaster)", "Song", (Mark(Variant.REMASTER, "2009"),)),
        ("A", "Song (Live at Wembley, London)", "Song", (Mark(Variant.LIVE, "wembley london"),)),
        ("A", "Song - Live in Tokyo / 1978", "Song", (Mark(Variant.LIVE, "tokyo"),)),
        ("A", "Canción (En Vivo en Lima)", "Canción", (Mark(Variant.LIVE, "lima"),)),
        ("A", "Song (MTV Unplugged in New York)", "Song", (Mark(Variant.LIVE, "new york"), Mark(Variant.ACOUSTIC))),
        ("A", "Song (Acústico)", "Song", (Mark(Variant.ACOUSTIC),)),
        ("A", "Song - Mono", "Song", (Mark(Variant.MONO),)),
        ("A", "Song (Radio Edit)", "Song", (Mark(Variant.RADIO_EDIT),)),
        ("A", "Song - Axwell Radio Edit", "Song", (Mark(Variant.REMIX, "axwell"), Mark(Variant.RADIO_EDIT))),
        ("A", "Song [Joel Fletcher Remix]", "Song", (Mark(Variant.REMIX, "joelfletcher"),)),
        ("A", "Song (Remixed by Foo)", "Song", (Mark(Variant.REMIX, "foo"),)),
        ("A", "Song (Deluxe Edition)", "Song", (Mark(Variant.EDITION),)),
        ("A", "Song (Demo)", "Song", (Mark(Variant.DEMO),)),
        ("A", "Song (Instrumental)", "Song", (Mark(Variant.INSTRUMENTAL),)),
        ("A", "Song (Nirvana Cover)", "Song", (Mark(Variant.COVER, "nirvana"),)),
        ("A", "Song (Originally Performed by Nirvana)", "Song", (Mark(Variant.COVER, "nirvana"),)),
        ("A", "Song (In the Style of Nirvana)", "Song", (Mark(Variant.KARAOKE, "nirvana"),)),
        ("A", "Song (Karaoke Version)", "Song", (Mark(Variant.KARAOKE),)),
        ("A", "Song (Sped Up)", "Song", (Mark(Variant.SPED_UP),)),
        ("A", "Song - slowed + reverb", "Song", (Mark(Variant.SLOWED),)),
        ("A", "Song (Extended Mix)", "Song", (Mark(Variant.EXTENDED),)),
        ("A", "Song (Re-recorded)", "Song", (Mark(Variant.RERECORDED),)),
        ("A", "Song (German Version)", "Song", (Mark(Variant.VERSION, "german"),)),
        ("A (Live)", "Song", "Song", (Mark(Variant.LIVE),)),
        ("A", "Song (Demo) (feat. B - Live)", "Song", (Mark(Variant.DEMO), Mark(Variant.LIVE))),
        ("A", "Song (Demo) 2009 Remaster", "Song", (Mark(Variant.DEMO), Mark(Variant.REMASTER, "2009"))),
        # A name of six words may have remixed it, and a place be as long as a segment of two hundred signs.
        ("A", "Song (One Two Three Four Five Six Remix)", "Song", (Mark(Variant.REMIX, "onetwothreefourfivesix"),)),
        ("A", long := "Song (One Two Three Four Five Six Seven Remix)", long, ()),
        ("A", f"Song (live at {'x' * 192})", "Song", (Mark(Variant.LIVE, "x" * 192),)),
        ("A", long := f"Song (live at {'x' * 193})", long, ()),
        ("A", "Live Forever", "Live Forever", ()),
        ("A", "(Sittin' On) The Dock of the Bay", "(Sittin' On) The Dock of the Bay", ()),
        ("A", "Stay (Faraway, So Close!)", "Stay (Faraway, So Close!)", ()),
        ("A", "(Live)", "(Live)", ()),
        ("A", "Ｓｏｎｇ", "Ｓｏｎｇ", ()),
        ("A", "", "", ()),
    ],
)
def test_title_and_variants(artist, title, plain, variants):
    reading = read_name(artist, title)
    assert (reading.title, reading.variants) == (plain, variants)


@pytest.mark.parametrize(
    ("artist", "title", "main", "featured"),
    [
        ("Zedd", "Clarity (feat. Foxes)", ("Zedd",), ("Foxes",)),
        ("Zedd feat. Foxes", "Clarity", ("Zedd",), ("Foxes",)),
        ("A", "Song ft. B, C & D", ("A",), ("B", "C", "D")),
        ("A", "Song (feat. B) - Live", ("A",), ("B",)),
        ("A", "Song (with Selena Gomez)", ("A",), ("Selena Gomez",)),
        ("A", "Song (with The Cradles)", ("A",), ("The Cradles",)),
        ("A", "Draft", ("A",), ()),
        ("Little Feat", "Willin'", ("Little Feat",), ()),
        ("A; B", "Song", ("A", "B"), ()),
        ("SPY x FAMILY", "Song", ("SPY x FAMILY",), ()),
        ("Earth, Wind & Fire", "September", ("Earth, Wind & Fire",), ()),
        ("Beatles, The", "Help!", ("The Beatles",), ()),
        ("The The", "Infected", ("The The",), ()),
        ("IU (아이유)", "Palette", ("IU",), ()),
        ("아이유 / IU", "Palette", ("아이유",), ()),
        ("", "", (), ()),
    ],
)
def test_artists(artist, title, main, featured):
    reading = read_name(artist, title)
    assert (reading.artists, reading.featured) == (main, featured)
    assert reading.artist == (main[0] if main else "")


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Shout, Pt. 1", ("pt1",)),
        ("Shout (Part Two)", ("pt2",)),
        ("Shine On, Parts IV", ("pt4",)),
        ("Song, Vol. 03", ("vol3",)),
        ("Symphony No. 5", ("no5",)),
        ("No One", ()),
        ("Part of Me", ()),
        ("Parti", ()),
    ],
)
def test_part_numbers(title, parts):
    assert read_name("A", title).numbered.parts == parts


def test_every_act_is_found_for_comparing():
    assert set(artists_of("Earth, Wind & Fire feat. The Emotions")) >= {"Earth, Wind & Fire", "The Emotions"}


@given(st.text(max_size=40), st.text(max_size=40))
@example("0", "0 |")  # nothing behind a sign is no artist's name, least of all where none is known
def test_reading_again_finds_nothing_more(artist, title):
    reading = read_name(artist, title)
    assert read_name("", reading.title).title == reading.title


WORDS = vocabulary(
    """Song live remaster REMASTERED feat ft. x - -- ( ] | ; The , the Official Video mix edit version radio acoustic
    2011 Topic *live* ~ / Part karaoke Demo ſ f/ hd"""
)


@given(
    st.lists(st.sampled_from(sorted(WORDS)) | st.text(max_size=3), max_size=6),
    st.sampled_from(["", " "]),
    st.booleans(),
)
def test_a_name_said_to_have_nothing_to_peel_has_nothing(words, between, is_artist):
    name = between.join(words)
    short = peel.peel(name, is_artist=is_artist)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peel, "has_to_peel", lambda name: True)
        assert peel.peel(name, is_artist=is_artist) == short


@pytest.mark.parametrize(
    ("title", "without"),
    [
        ("Killing in the Name (Of)", "Killing in the Name"),
        ("My Songs [For]", "My Songs"),
        # Seven letters and signs are hardly a title, one word none.
        ("My Song (Of)", ""),
        ("Everything (Of)", ""),
        ("Killing in the Name (Of Love)", ""),
        ("Killing in the Name", ""),
    ],
)
def test_a_small_word_behind_a_title_may_be_left_out(title, without):
    assert without_small_word(title) == without
