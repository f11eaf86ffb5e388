"""Reading rows as records, damage undone."""

import pytest

from timbre_spider.evaluation.table import read_table
from timbre_spider.matching.comparing.record import Record

pytestmark = pytest.mark.unit


def row(source="", number="", title="", length="", artist="", album="", year=""):
    return locals()


WHOLE = Record("The Weavers", "Blue Loom", "Warp and Weft", 204_000, 2004, track_number=7)
OTHER = row("5", "2", "Red Thread", "180500", "The Weavers", "Warp and Weft", "2004")


@pytest.mark.parametrize(
    "damaged",
    [
        row("5", "7", "Blue Loom", "204000", "The Weavers", "Warp and Weft", "2004"),
        row("1", "007", "Blue Loom (Warp and Weft)", "03:24", "The Weavers", "Warp and Weft", "2004"),
        row("2", "7", "The Weavers - Blue Loom", "204", "", "Warp and Weft", "04"),
        row("3", "7", "Blue Loom - Warp and Weft", "3.4", "The Weavers", "", "'04"),
        row("4", "7", "007-Blue Loom", "3m 24sec", "The Weavers", "Warp and Weft (2004)", ""),
        row("5", "7", "204000", "Blue Loom", "The Weavers", "Warp and Weft", "2004"),
        row("5", "Blue Loom", "7", "204000", "The Weavers", "Warp and Weft", "2004"),
        row("5", "X9-01", "7", "Blue Loom - Warp and Weft", "3.4", "The Weavers", "2004") | {"year": "2004"},
    ],
)
def test_damage_is_undone(damaged):
    glued = [row("4", str(at), f"{at:03}-Thing {at}", "3m 0sec", "Somebody", "Else (2001)") for at in range(1, 5)]
    record = read_table([damaged, OTHER, *glued])[0]
    assert (record.artist, record.title, record.duration_ms) == (WHOLE.artist, WHOLE.title, WHOLE.duration_ms)
    assert record.track_number == 7
    assert record.year == 2004
    assert record.album in (WHOLE.album, None, "2004")


def test_a_clean_title_is_left_alone():
    rows = [
        row("", "7", title, "180", "Artist", "Album") for title in ("007 - The World", "7 Rings", "Song (Live) - X")
    ]
    rows += [row("", "1", f"Thing {at}", "180", "Artist", "Album") for at in range(40)]
    assert [record.title for record in read_table(rows)[:3]] == ["007 - The World", "7 Rings", "Song (Live) - X"]


def test_a_dash_is_cut_where_the_file_knows_the_name():
    rows = [row("", "", "Jay - Z - Moon", "", "", "Album"), row("", "", "Other", "", "Jay - Z", "Album")]
    assert (read_table(rows)[0].artist, read_table(rows)[0].title) == ("Jay - Z", "Moon")


def test_usual_column_names_and_what_is_unknown():
    named = {"Song_Name": "Blue", "Artist_Name": "unknown", "Time": "3:05", "Released": "May 18 , 2015", "ISRC": ""}
    assert read_table([named]) == [Record("", "Blue", None, 185_000, 2015)]


def test_milliseconds_are_known_by_their_company():
    rows = [row("5", "1", f"Thing {at}", str(200_000 + at), "A", "B") for at in range(30)]
    assert read_table([row("5", "9", "Silence", "4000", "A", "B"), *rows])[0].duration_ms == 4000
