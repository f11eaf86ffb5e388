"""A world on real names."""

import csv
from pathlib import Path

import pytest

from timbre_sandbox.truth import song_truth
from timbre_sandbox.world import build_world
from timbre_sandbox.world.catalogue import act_of, variant_of
from timbre_spider.errors import UsageError

pytestmark = pytest.mark.unit
SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "catalog" / "tracks.csv"
LINES = """artist,title,album,spotify_id,duration_ms
Weaver & Co.,Loom,Threads,1111111111111111111111,200000
Weaver & Co.,Loom - 2011 Remaster,Threads (Remastered),2222222222222222222222,201000
Weaver & Co.,Loom (Night Shift Remix),Threads Remixed,,
"Óttar, the Quiet","Stay, Pt. 2",Fjörður,,
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "songs.csv"
    path.write_text(LINES, encoding="utf-8")
    return path


def test_names_come_through_undamaged(catalogue: Path) -> None:
    world = build_world(None, 1, catalogue)
    assert {(row.artist, row.title) for row in world.rows} == {
        (line["artist"], line["title"]) for line in csv.DictReader(LINES.splitlines())
    }
    assert not any(row.dirt for row in world.rows)


def test_variants_are_one_song_and_remixes_are_not(catalogue: Path) -> None:
    world = build_world(None, 1, catalogue)
    song = {row.title: row.song for row in world.rows}
    assert song["Loom"] is song["Loom - 2011 Remaster"]
    assert song["Loom"] is not song["Loom (Night Shift Remix)"]
    assert song["Loom"] is not None
    truth = song_truth(song["Loom"])
    assert {"1111111111111111111111", "2222222222222222222222"} <= set(truth["spotify_ids"])
    assert truth["spotify_id"] == "1111111111111111111111"


def test_more_rows_than_names_are_dirt(catalogue: Path) -> None:
    world = build_world(12, 1, catalogue)
    assert len(world.rows) == 12
    assert sum(not row.dirt for row in world.rows) == 4
    assert {row.song.index for row in world.rows if row.song} == {song.index for song in world.heard}


def test_fewer_rows_than_names(catalogue: Path) -> None:
    world = build_world(2, 1, catalogue)
    assert len(world.rows) == 2
    assert not any(row.dirt for row in world.rows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("artist,title\nA,B\n", "no column album"),
        ("", "no column artist"),
        ("artist,title,album\n", "no lines"),
        ("artist,title,album\nA,,C\n", "line 2"),
        ("artist,title,album,duration_ms\nA,B,C,3:20\n", "duration_ms"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(UsageError, match=said) as caught:
        build_world(None, 1, path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_or_binary_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no catalogue"):
        build_world(None, 1, tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00artist")
    with pytest.raises(UsageError, match="cannot be read"):
        build_world(None, 1, tmp_path / "binary.csv")
    with pytest.raises(UsageError, match="cannot be read"):
        build_world(None, 1, tmp_path)


@pytest.mark.parametrize(
    ("title", "plain", "variant"),
    [
        ("Loom - 2011 Remaster", "Loom", "remaster"),
        ("Loom (Live at the Mill)", "Loom", "live"),
        ("Loom (feat. Ada) - Live", "Loom", "live"),
        ("Loom [Radio Edit]", "Loom", "radio_edit"),
        ("Loom - Single Version", "Loom", "radio_edit"),
        ("Loom - MTV Unplugged", "Loom", "live"),
        ("Loom (Recorded Live at the Mill)", "Loom", "live"),
        ("Loom - Spotify Singles", "Loom", "live"),
        ("Loom (2009 Re-Mastered Digital Version)", "Loom", "remaster"),
        ("Loom (Official Video)", "Loom", "edition"),
        ('Loom - From "The Mill"', "Loom", "edition"),
        ("Loom (ルーム)", "Loom", ""),
        ("Loom (룸) - Live", "Loom", "live"),
        ("Loom (Élan)", "Loom (Élan)", ""),
        ("Loom (Interlude)", "Loom (Interlude)", ""),
        ("Loom (Night Shift VIP)", "Loom (Night Shift VIP)", ""),
        ("Live Forever", "Live Forever", ""),
        ("Loom - Night Shift Remix", "Loom - Night Shift Remix", ""),
        ("Loom (Demo) - 2011 Remaster", "Loom (Demo) - 2011 Remaster", ""),
    ],
)
def test_variants_in_a_catalogue(title: str, plain: str, variant: str) -> None:
    assert variant_of(title) == (plain, variant)


@pytest.mark.parametrize(
    ("artist", "act"),
    [
        ("Weaver - Topic", "weaver"),
        ("The Weaver", "weaver"),
        ("Weaver & Lewis", "weaver"),
        ("Weaver, Lewis", "weaver"),
        ("Lewis & Weaver", "lewis and weaver"),
        ("Weavers & Co.", "weavers and co"),
    ],
)
def test_acts_of_a_catalogue(artist: str, act: str) -> None:
    assert act_of(artist, {"weaver"}) == act


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/catalog is not here")
def test_thousands_of_real_names(tmp_path: Path) -> None:
    header, *lines = SHARED.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    some = tmp_path / "some.csv"
    some.write_text("".join([header, *lines[::4]]), encoding="utf-8")
    world = build_world(None, 1, some)
    with some.open(encoding="utf-8", newline="") as file:
        names = {(line["artist"].strip(), line["title"].strip()) for line in csv.DictReader(file)}
    assert len(names) > 2000
    assert {(row.artist, row.title) for row in world.rows} == names
