"""Folding a chart: rows of one song together, never two songs."""

import random
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.matching.work import calls_of
from timbre_spider.items import ChartRow, spelling_id
from timbre_spider.matching.folding.fold import fold_chart
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.names.normalise import Variant, name_key
from timbre_spider.matching.overrides import Overrides

pytestmark = pytest.mark.unit

# Words that stand in many titles of any chart, so that a slip can be told from a word.
COMMON = [("Somebody", title) for title in ("Under Water", "Under Fire", "Under Ice", "Under You", "Under Me")]


def chart(*names):
    return [ChartRow(artist, title, 100 - at, at + 1) for at, (artist, title) in enumerate(names)]


def folded(rows, **options):
    return [[(row.artist, row.title) for row in song] for song in fold_chart(rows, **options)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Radiohead", "Karma Police"), ("The Radiohead", "KARMA POLICE (Remastered)")),
        (("Radiohead", "Karma Police"), ("Radiohead", "Karma Polcie")),
        (("Radiohead", "Karma Police"), ("Radiohead", "Karma Pollice")),
        (("Radiohead", "Karma Police"), ("Radiohead", "Karma Polce (Live)")),
        (("Radiohead", "Karma Police"), ("Radiohaed", "Karma Police")),
        (("The Beatles", "Help!"), ("Teh Beatles", "Help!")),
        (("Simon & Garfunkel", "The Boxer"), ("Simon and Garfunkel", "Boxer")),
        (("Tom Petty", "Free Fallin'"), ("Tom Petty & The Heartbreakers", "Free Fallin'")),
        (("Zedd", "Clarity"), ("Zedd feat. Foxes", "Clarity (feat. Foxes)")),
        (("A", "Song (Foo Remix)"), ("A", "Song - Foo Remix")),
        (("Band", "Everyday People"), ("Band", "Every Day People")),
        (("Band", "Under Iron Skies"), ("Band", "Undder Iron Skies")),
        # Twenty letters are too many for chance.
        (("Elgar", "Enigma Variations No. 10"), ("Edward Elgar", "Enigma Variations No. 10")),
    ],
)
def test_one_song(one, other):
    assert [one, other] in folded(chart(one, other, *COMMON))


def test_slips_in_both_names_once_the_artists_share_a_title():
    names = ("Radiohead", "Karma Police"), ("Radiohaed", "Karma Pollice")
    shared = ("Radiohead", "Creep"), ("Radiohaed", "Creep")
    assert len(fold_chart(chart(*names))) == 2
    assert folded(chart(*names, *shared)) == [list(names), list(shared)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A", "Song"), ("A", "Song (Foo Remix)")),
        (("A", "Song (Foo Remix)"), ("A", "Song (Fop Remix)")),
        (("A", "Shout, Pt. 1"), ("A", "Shout, Pt. 2")),
        (("A", "Interlude 1"), ("A", "Interlude 2")),
        (("A", "Movement II"), ("A", "Movement III")),
        (("A", "Girl"), ("A", "Girls")),
        (("A", "Stranger"), ("A", "Strangers")),
        (("A", "Loving"), ("A", "Moving")),
        (("A", "Run"), ("A", "Ran")),
        (("A", "Love Me"), ("A", "Love You")),
        (("A", "Under Water"), ("A", "Under Waiter")),
        (("A", "Song"), ("B", "Song")),
        (("Hastings", "Intro"), ("Hastings & Dalton", "Intro")),
        (("Егор Белов", "Дорога"), ("Егор Белова", "Дорога")),
        (("Andrés Muñoz", "Sin mañana"), ("Andrés Núñez", "Sin mañana")),
    ],
)
def test_two_songs(one, other):
    words = [("Other", "Water Waiter"), ("Other", "Waiter"), ("Third", "Water")]
    assert [one, other] not in folded(chart(one, other, *words))


def test_durations_vouch_for_a_slip_and_contradict_one():
    def rows(duration):
        return [
            ChartRow("A", "Blakc Tnnel", 1, 3),
            ChartRow("A", "The Far Htel", 5, 2, duration_ms=duration),
            ChartRow("A", "The Far Hotel", 9, 1, duration_ms=200_000),
        ]

    assert len(fold_chart(rows(200_900))) == 2
    assert len(fold_chart(rows(260_000))) == 3


def test_most_played_first():
    rows = [ChartRow("A", "One", 5, 3), ChartRow("A", "Two", 9, 1), ChartRow("A", "One (Live)", 6, 2)]
    assert folded(rows) == [[("A", "One (Live)"), ("A", "One")], [("A", "Two")]]


def test_what_collapses_can_be_chosen():
    rows = chart(("A", "Song"), ("A", "Song (Live)"))
    assert len(fold_chart(rows)) == 1
    assert len(fold_chart(rows, frozenset({Variant.REMASTER}))) == 2


def test_a_person_said_they_differ_or_are_the_same():
    one, other, third = ("Radiohead", "Karma Police"), ("Radiohead", "Karma Polcie"), ("Radiohead", "Creep")
    ids = [hash_id(name_key(*name)) for name in (one, other, third)]
    rows = chart(one, other, third)
    assert len(fold_chart(rows)) == 2
    assert len(fold_chart(rows, overrides=Overrides.of(different=[(ids[0], ids[1])]))) == 3
    assert len(fold_chart(rows, overrides=Overrides.of(same=[(ids[0], ids[2])]))) == 1


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rng: random.Random):
    rows = chart(
        ("Radiohead", "Karma Police"), ("Radiohead", "Karma Polcie"), ("Radiohaed", "Karma Police"),
        ("Radiohead", "Creep"), ("Radiohead", "Crep"), ("Tom Petty", "Free"), ("Tom Petty & Band", "Free"),
    )  # fmt: skip
    assert folded(rng.sample(rows, len(rows))) == folded(rows)


NAMES = st.text(st.characters(codec=None, categories=None), max_size=6)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=15))
@example([("", ""), ("\x08;", "")])
def test_every_row_is_in_exactly_one_song(names):
    rows = chart(*names)
    folded_rows = [replace(row, rule="") for song in fold_chart(rows) for row in song]
    assert sorted(folded_rows, key=lambda row: row.rank) == rows


def test_one_artist_with_thousands_of_like_titles_takes_work_in_proportion():
    def calls(count: int) -> int:
        rows = [ChartRow("Artist", f"Prelude {chr(97 + at % 26) * 3}{at:05} in the end", 1, at) for at in range(count)]
        return calls_of(lambda: fold_chart(rows))

    calls(250)
    assert calls(750) < 4 * calls(250)


@pytest.mark.parametrize(
    ("others", "slip", "songs"),
    [(198, "Song Ctiizen Tape", 199), (199, "Song Ctiizen Tape", 201), (240, "Song Citzen Tape", 241)],
)
def test_of_very_many_titles_that_begin_and_end_alike_only_the_nearest_are_compared(others, slip, songs):
    names = ["Song Citizen Tape", slip, *(f"Song Cm {number} Tape" for number in range(others))]
    assert len(fold_chart(chart(*(("Kino", name) for name in names)))) == songs


@pytest.mark.parametrize(
    "names",
    [
        [("Kendrick", "Humble"), ("Kendrick", "03 - Humble")],
        [("Queen", "We Will Rock You"), ("Queen", "A1 We Will Rock You")],
        [("Zedd", "Clarity (With Foxes)"), ("Zedd", "Clarity"), ("Foxes", "Youth")],
        [("Alpha x Beta", "Together"), ("Alpha", "Together"), ("Beta", "Alone")],
        [("Gurenge", "x"), ("LiSA", "Gurenge (紅蓮華)"), ("LiSA", "紅蓮華")],
        [("Deep Purple", "When a Blind Man Cries Too Muc"), ("Deep Purple", "When a Blind Man Cries Too Much")],
        [("坂本龍一", title) for title in ("Rain", "Bibo", "Aqua")]
        + [("Ryuichi Sakamoto", title) for title in ("Rain", "Bibo", "Aqua")],
        [("Poe - Haunted", title) for title in ("Wild", "Amazed")] + [("Poe", title) for title in ("Wild", "Amazed")],
        [("Ravel", "Piano Concerto in G major: II"), ("Maurice Ravel", "Piano Concerto in G major: II")],
        [("A Loss for Words", "A Half Step Down"), ("A Loss for Words", "Half-Step Down")],
        [("Floyd, Eddie", "Knock on Wood"), ("Eddie Floyd", "Knock on Wood")],
        [("A", "The End"), ("A", "16 - the end")],
        [("Kino", "Farewell Song"), ("Kino & Merz", "Farewell Song")],
        [("Kino", "Farewell"), ("Kino & Ann Lee", "Farewell")],
        [("Kino", "Home (feat. Merz)"), ("Kino with Merz", "Home")],
        [("Kino", "Home [feat. Merz & Cy]"), ("Kino, Cy & Merz", "Home")],
        [("Kino", "Behind Blue Eyes"), ("Kino", "Behind Blue Eyes (Remastered 2")],
        [("Kino", "I'm So Excited"), ("Kino", "I'm So Excited (Expanded Editi")],
        [("Kino", "Snow-Hen of Austerlitz"), ("Kino", "Snow-Hen of Austerlitz (Remast")],
        [("Kino", "Hot Spot"), ("Kino", "Hot Spot - Radio Edit [Bonus T")],
        [("Kino", "This Is How We Do It"), ("Kino", "This Is How We Do It [Radio Ed")],
        [("Kino", "You Can't Hurry Love"), ("Kino", "You Can't Hurry Love - Acousti")],
        [("Kino", "Home"), ("Kino & Merz", "Home"), ("Merz", "Rain")],
        [("Kino", "Home"), ("Kino, Merz", "Home"), ("Merz", "Rain")],
        [("Kino", "Farewell Song"), ("Kino with Merz", "Farewell Song")],
        [("아이유", "에잇"), ("IU / 아이유", "에잇")],
    ],
)
def test_evidence_in_the_chart_brings_spellings_together(names):
    assert any(len(song) == 2 for song in folded(chart(*names)))


@pytest.mark.parametrize(
    "names",
    [
        [("Jay-Z", "99 Problems"), ("Jay-Z", "Problems")],
        [("Zedd", "Clarity (With Foxes)"), ("Zedd", "Clarity")],
        [("SPY x FAMILY", "Song"), ("Spy", "Song")],
        [("Brooks", "Neon Moon"), ("Brooks & Dunn", "Neon Moon")],
        [("Kino", "Home (feat. Merz)"), ("Kino with Cy", "Home")],
        [("Kino", "Next To Me"), ("Kino", "Next To Me (Kendrick Lamar Rem")],
        [("Kino", "Hot Spot"), ("Kino", "Hot Spot (Ann Remix) [Bonus Tr")],
        [("Kino", "Too Much Ain't Enough Love"), ("Kino", "Too Much Ain't Enough Love - R")],
        [("Kino", "Too Much Ain't Enough Lo"), ("Kino", "Too Much Ain't Enough Lo (Remi")],
        [("Kino", "It Came from Planet Earth, A"), ("Kino", "It Came from Planet Earth (Cov")],
        [("Kino", "It Came from Planet Earth"), ("Kino", "It Came from Planet Earth (Aco")],
        [("Kino", "Next To Me"), ("Kino", "Next To Me (Extended Dance Ve")],
        [("Kino", "Next To Me"), ("Kino", "Next To Me (Remastered at Hom")],
        [("Alpha x Beta", "Together"), ("Alpha", "Together")],
        [("LiSA", "Gurenge (紅蓮華)"), ("LiSA", "Gurenge (東京)"), ("LiSA", "Gurenge")],
        [
            ("A", "Symphony No. 5 in C minor, Op."),
            ("A", "Symphony No. 5 in C minor, Op. 67: I"),
            ("A", "Symphony No. 5 in C minor, Op. 67: II"),
        ],
        [("坂本龍一", "Rain"), ("Ryuichi Sakamoto", "Rain")],
        [("Poe - Haunted", "Wild"), ("Poe", "Wild")],
        [("A", "A Man"), ("A", "Man")],
        [("A", "Morning Sun"), ("A", "Mourning Sun")],
        [("C", "Song"), ("C++", "Song")],
        [("A", "Intro"), ("A & B", "Intro")],
        [("C.A. Morrow", "Lost"), ("C.R. Morrow", "Lost")],
        [("A", "涙の夢 (Pt. 2)"), ("A", "涙の夢")],
        [("A", "A Title That Is Cut Off (Part"), ("A", "A Title That Is Cut Off (Part 2)")],
        [("Kino", "Home"), ("Kino & Merz", "Home")],
        [("Kino", "Goodbye"), ("Kino & Ann Lee", "Goodbye")],
        [("Elgar", "Enigma Variations No. 9"), ("Edward Elgar", "Enigma Variations No. 9")],
        [("The Cure", "Lullaby"), ("Teh Cure", "Lullaby")],
        [(artist, title) for artist in ("坂本龍一", "Ryuichi Sakamoto") for title in ("Rain", "Bibo")],
        [("Kino", "Home"), ("Kino, Kino", "Home")],
        [("Morning", "A Title Few Have"), ("Mourning", "A Title Few Have")],
        [("Kino", "Farewell"), ("Kino with Merz", "Farewell"), ("Merz", "Rain")],
        [("Kino", title) for title in ("Home", "Farewell")]
        + [("Kino with Merz", title) for title in ("Home", "Farewell")],
    ],
)
def test_without_evidence_they_stay_apart(names):
    assert len(fold_chart(chart(*names))) == len(names)


KINO, KINO_LATIN = "Кино", "Kino"
LONG = "Merry Christmas Mr. Lawrence"


def lasting(*rows):
    """A chart of (artist, title, seconds or None)."""
    return [
        ChartRow(artist, title, 100 - at, at + 1, None, seconds and seconds * 1000)
        for at, (artist, title, seconds) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("rows", "songs"),
    [
        ([(KINO, "Кукушка", 400), (KINO_LATIN, "Кукушка", 401)], 1),
        ([(KINO, LONG, 400), (KINO_LATIN, LONG, 401)], 1),
        ([("Kino", "Home", 200), ("Kino & Merz", "Home", 201)], 1),
        ([("Kino", "Home", 200), ("Kino with Merz", "Home", 201)], 1),
        ([("Kino", LONG, 200), ("Kino & Merz", LONG, 210)], 1),
        ([("Kino", LONG, 200), ("Kino & Merz", LONG, 211)], 2),
        ([("Kino", "Home", 200), ("Kino & Merz", "Home", 202)], 2),
        ([(KINO, "Star", 200), (KINO_LATIN, "Star", 201), (KINO, "Rain", 300), (KINO_LATIN, "Rain", 301)], 2),
        (
            [
                (KINO, "Star", 200), (KINO_LATIN, "Star", 201), (KINO, "Rain", None), (KINO_LATIN, "Rain", 301),
                (KINO, "Moon", None), (KINO_LATIN, "Moon", None),
            ],
            3,
        ),
    ],
)  # fmt: skip
def test_what_vouches_for_one_artist_of_two_names(rows, songs):
    assert len(fold_chart(lasting(*rows))) == songs


@pytest.mark.parametrize(
    "rows",
    [
        [(KINO, "Кукушка", 400), (KINO_LATIN, "Кукушка", 430)],
        # A short title and one duration agree by chance.
        [(KINO, "Monster", 200), (KINO_LATIN, "Monster", 200)],
        [(name, title, 200) for name in (KINO, KINO_LATIN) for title in ("Star", "Star (Remix)")],
        # So does one that others have as well.
        [(KINO, "Кукушка", 400), (KINO_LATIN, "Кукушка", 401), ("Polina Gagarina", "Кукушка", 300)],
        [(KINO, LONG, 400), (KINO_LATIN, LONG, 401), ("Boris", LONG, None)],
        # Titles that last otherwise speak against it, also for another title.
        [
            (KINO, "Star", 200), (KINO_LATIN, "Star", 205), (KINO, "Rain", 300), (KINO_LATIN, "Rain", 330),
            (KINO, "Moon", 250), (KINO_LATIN, "Moon", 280),
        ],
        [(artist, title, seconds + 30 * (artist == KINO)) for artist in (KINO, KINO_LATIN)
         for title, seconds in (("Star", 200), ("Rain", 300), ("Moon", 250))],
    ],
)  # fmt: skip
def test_what_does_not_vouch_for_one_artist_in_two_scripts(rows):
    assert len(fold_chart(lasting(*rows))) == len(rows)


@pytest.mark.parametrize(
    ("one", "other"), [("Tom Petty", "Tom Petty & Band"), ("Radiohead", "Radiohaed"), ("كريم نجار", "كريم نجارر")]
)
def test_artists_alike_are_two_where_their_songs_last_otherwise(one, other):
    assert len(fold_chart(lasting((one, "Closer", 200), (other, "Closer", 209), ("Band", "Rain", 100)))) == 2
    assert len(fold_chart(lasting((one, "Closer", 200), (other, "Closer", 231), ("Band", "Rain", 100)))) == 3


def test_a_word_that_other_artists_use_is_a_word():
    slip = [("Band", "Under Wroclaw"), ("Band", "Under Wrocław"), ("Band", "Under Wroclav")]
    assert len(fold_chart(chart(*slip))) == 2
    names = ("Band", "Zorplax Nights"), ("Band", "Zorpax Nights")
    assert len(fold_chart(chart(*names))) == 1
    one_each = [("Other", "Zorplax Song"), ("Another", "Zorpax Song")]
    assert list(names) in folded(chart(*names, *one_each))
    users = [(f"Other {n}", f"{word} Song {n}") for n, word in enumerate(["Zorplax", "Zorpax"] * 2)]
    assert list(names) not in folded(chart(*names, *users))


STRANGE = st.text("wxyz ", min_size=6, max_size=12)
# Of other artists or of the same, with titles that begin and end like theirs or are theirs by name.
UNRELATED = st.lists(
    st.one_of(
        st.tuples(STRANGE, STRANGE),
        st.tuples(st.sampled_from(["Radiohead", "Radiohaed", "Kane", "LiSA"]), STRANGE),
        st.tuples(st.just("Radiohead"), st.one_of(STRANGE.map("Karma Polc{}".format), STRANGE.map("{}ice".format))),
        st.tuples(STRANGE, st.sampled_from(["Karma Police", "Erased", "Creep", "紅蓮華"])),
    ),
    max_size=8,
)
RELATED = [
    ("Radiohead", "Karma Police"), ("Radiohead", "Karma Polcie"), ("Radiohead", "04 - Karma Police"),
    ("Citizen & Kane", "Erased"), ("Kane, Citizen", "Erased"), ("Kane", "Rosebud"), ("LiSA", "Gurenge (紅蓮華)"),
    ("LiSA", "紅蓮華"), ("Radiohaed", "Creep"), ("Radiohead", "Creep"),
]  # fmt: skip


@given(UNRELATED)
def test_rows_that_have_nothing_to_do_with_a_song_change_nothing(others):
    alone = {frozenset(song) for song in folded(chart(*RELATED))}
    among = folded(chart(*RELATED, *others))
    assert {frozenset(song) & set(RELATED) for song in among} - {frozenset()} == alone


@pytest.mark.parametrize(
    ("one", "other"), [(RELATED[0], RELATED[1]), (RELATED[0], RELATED[2]), (RELATED[3], RELATED[4])]
)
def test_every_join_can_be_undone(one, other):
    rows = chart(*RELATED)
    assert any({one, other} <= set(song) for song in folded(rows))
    apart = Overrides.of(different=[(hash_id(name_key(*one)), hash_id(name_key(*other)))])
    assert not any({one, other} <= set(song) for song in folded(rows, overrides=apart))


def test_what_is_parted_comes_together_by_no_detour():
    names = ("A", "Karma Police"), ("A", "01 - Karma Police"), ("A", "02 - Karma Police")
    apart = Overrides.of(different=[(hash_id(name_key(*names[1])), hash_id(name_key(*names[2])))])
    assert len(fold_chart(chart(*names))) == 1
    assert len(fold_chart(chart(*names), overrides=apart)) == 2


def test_two_spellings_of_one_name_can_be_parted():
    names = ("A", "Song"), ("A", "Song (Live)"), ("A", "Song (Acoustic)")
    plain = hash_id(name_key("A", "Song"))
    apart = Overrides.of(different=[(plain, spelling_id(plain, "A", "Song (Live)"))])
    assert folded(chart(*names)) == [list(names)]
    assert folded(chart(*names), overrides=apart) == [[names[0], names[2]], [names[1]]]


def test_each_row_tells_the_rule_that_joined_it():
    names = [("Radiohead", "Karma Police"), ("Radiohead", "Karma Police (Live)"), ("Radiohead", "04 - Karma Police"),
             ("Radiohead", "Karma Polcie"), ("Radiohaed", "Karma Police"), ("Radiohead", "Creep")]  # fmt: skip
    told = {(row.artist, row.title): row.rule for song in fold_chart(chart(*names)) for row in song}
    assert list(told.values()) == ["", "", "track number", "slip", "slip", ""]


def test_what_the_chart_vouched_for_is_told_as_well():
    rows = lasting((KINO, "Кукушка", 400), (KINO_LATIN, "Кукушка", 401))
    assert [row.rule for row in fold_chart(rows)[0]] == ["", "script"]
    ids = tuple(hash_id(name_key(*name)) for name in (("A", "Song"), ("A", "Quite Another")))
    [song] = fold_chart(chart(("A", "Song"), ("A", "Quite Another")), overrides=Overrides.of(same=[ids]))
    assert [row.rule for row in song] == ["", "override"]
