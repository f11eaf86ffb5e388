"""`timbre eval`: files of every kind, the figures, the worst mistakes."""

import json
import re

import pytest

from tests.evaluation.public import public, some_clusters, write
from timbre_spider.errors import UsageError
from timbre_spider.evaluation.evaluate import EvalReport, evaluate
from timbre_spider.evaluation.moved_values import known_values, put_back
from timbre_spider.evaluation.render import as_object, as_text
from timbre_spider.evaluation.searches import accepted

pytestmark = pytest.mark.unit


def track(cluster, title, artist="The Weavers", length="204", album="Warp and Weft"):
    return {"cluster_id": cluster, "title": title, "artist": artist, "album": album, "length": length}


def test_clusters(tmp_path):
    rows = [
        track("a", "Blue Loom"), track("a", "Blue Loom - Remastered"),
        track("a", "Entirely Different", "Nobody", "99", ""),
        track("b", "Red Thread", length="180"), track("c", "Red Thread", length="180"),
    ]  # fmt: skip
    report = evaluate([write(tmp_path / "tracks.csv", rows)])
    assert (report.right, report.wrong, report.missed, report.records) == (1, 1, 2, 5)
    assert (report.precision, report.recall, report.f1) == pytest.approx((1 / 2, 1 / 3, 0.4))
    assert {mistake.same for mistake in report.mistakes} == {True, False}
    assert report.seconds > 0


def test_a_mistake_that_stands_in_several_files_is_shown_once(tmp_path):
    rows = [track("a", "Blue Loom"), track("a", "Entirely Different", "Nobody", "99", "")]
    path = write(tmp_path / "tracks.csv", rows + rows)
    report = evaluate([path, path])
    assert report.missed > 1
    assert len(report.mistakes) == 1


def test_clusters_are_also_folded_as_a_crawl_folds_a_chart(tmp_path):
    rows = [
        track("a", "Blue Loom"), track("a", "Blue Loom - Remastered"), track("b", "Blue Loom (Foo Remix)"),
        track("c", "Loom, Blue", length="204"), track("c", "Entirely Different", "Nobody"),
    ]  # fmt: skip
    report = evaluate([write(tmp_path / "tracks.csv", rows)])
    assert (report.folded.right, report.folded.wrong, report.folded.missed) == (1, 0, 1)
    assert as_object(report)["folded"] == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(0.666667)}
    assert "As a crawl folds a chart" in as_text(report)


def test_the_column_of_the_truth_can_be_named(tmp_path):
    rows = [{"gold": row.pop("cluster_id"), **row} for row in (track("a", "One"), track("a", "One"))]
    assert evaluate([write(tmp_path / "tracks.csv", rows)], truth="gold").right == 1


def test_pairs_in_columns(tmp_path):
    def pair(left, right, label):
        return {"left_title": left, "left_artist": "A", "right_title": right, "right_artist": "A", "label": label}

    rows = [pair("Song", "Song (feat. B)", "1"), pair("Song", "Song (Foo Remix)", "0"), pair("Song", "Other", "1")]
    report = evaluate([write(tmp_path / "pairs.csv", rows)])
    assert (report.right, report.wrong, report.missed, report.records) == (1, 0, 1, 6)


def side(title, artist="A", time="3:00"):
    return f"COL Song_Name VAL {title} COL Artist_Name VAL {artist} COL Time VAL {time}"


def test_pairs_in_lines_and_several_files_together(tmp_path):
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text(f"{side('Song')} \t{side('song ( Album Version )')} \t1\n", encoding="utf-8")
    two.write_text(f"{side('Song')}\t{side('Other')}\t0\n{side('Song A', '')}\t{side('Song')}\t1\n", encoding="utf-8")
    report = evaluate([one, two])
    assert (report.right, report.wrong, report.missed, report.records) == (2, 0, 0, 6)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a,b\n1,2\n", "no column 'cluster_id'"),
        ("", "no column 'cluster_id'"),
        ("COL Song_Name VAL x\t1\n", "line 1"),
        ("\ud800\x00", "no column"),
        ("Read me, please.\nNot, a, table.\n", "no column"),
    ],
)
def test_a_file_of_no_known_kind(tmp_path, text, complaint):
    path = tmp_path / "file"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(UsageError, match=complaint):
        evaluate([path])


PAIRS = "left_title,right_title,label\n"
TRACKS = "artist,title,cluster_id\n"


@pytest.mark.parametrize("read", [evaluate, accepted])
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"{PAIRS}A,B,1\n\nC,D\nE,F,0\n", "line 4 has 2 values and the header 3: a value with a comma"),
        (f"{PAIRS}A,B,1\nC,D, and more,1\n", "line 3 has 4 values"),
        (f"{PAIRS}A,B,1\nC,D,maybe\n", "the label of line 3 is 'maybe': it must be one of 1, 1.0, true, "),
        (f"{PAIRS}A,B,\n", "the label of line 2 is ''"),
        (f"{TRACKS}A,B,1\nA,B\n", "line 3 has 2 values"),
        (f'{TRACKS}A,"B\nC",1\nA,B,  \n', "line 4 has no cluster_id: tell which track"),
        (f'{TRACKS}A,B,1\nA,B,"1\nC,D,3\n', "line 3 is not CSV (unexpected end of data): a quote"),
        (f"{TRACKS}A,{'x' * 2_000_000},1\n", "line 2 is not CSV (field larger than field limit"),
        (TRACKS, "there is no line below the header."),
        ("artist,title,corrected_artist,corrected_title\nA,B,C\n", "line 2 has 3 values"),
        (f"{'COL title VAL x' * 2}\t{'COL title VAL x'}\tperhaps\n", "the label of line 1 is 'perhaps'"),
    ],
)
def test_a_mistake_inside_a_file_is_told_with_its_line(tmp_path, read, text, complaint):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(f"{path}: {complaint}")):
        read([path])


def test_labels_are_read_however_they_are_written(tmp_path):
    path = tmp_path / "pairs.csv"
    written = ["1", "1.0", "True", " yes", "match", "same", "0", "0.0", "FALSE", "no ", "mismatch", "different"]
    path.write_text(PAIRS + "".join(f"A,A,{label}\n" for label in written), encoding="utf-8")
    report = evaluate([path])
    assert (report.right, report.wrong) == (6, 6)


def test_a_missing_file(tmp_path):
    with pytest.raises(UsageError, match=r"absent\.csv cannot be read"):
        evaluate([tmp_path / "absent.csv"])


def test_values_that_moved_are_put_back():
    whole = {"song_name": "Blue Loom", "artist_name": "Weavers", "album_name": "Weft", "genre": "Folk , Music",
             "price": "$ 1.29", "time": "3:24", "released": "18-May-15"}  # fmt: skip
    moved = whole | dict.fromkeys(("artist_name", "genre", "price", "time"), "")
    moved["song_name"] = "Blue Loom Weavers Folk , Music $ 1.29 3:24"
    assert put_back(moved, known_values([whole])) == whole
    assert put_back(whole, known_values([whole])) == whole


def test_no_pairs_at_all_is_no_mistake():
    assert (EvalReport().precision, EvalReport().recall, EvalReport().f1) == (1.0, 1.0, 1.0)


def test_what_is_printed(tmp_path):
    rows = [track("a", "Blue Loom"), track("b", "Blue Loom")]
    report = evaluate([write(tmp_path / "tracks.csv", rows)])
    printed = json.loads(json.dumps(as_object(report)))
    assert set(printed) == {"precision", "recall", "f1", "records", "seconds", "folded"}
    text = as_text(report)
    assert "precision  0.0000   (1 of 1 pairs found are wrong)" in text
    assert "wrong, they are two (1.00: title 1.00" in text
    assert "The Weavers – Blue Loom · Warp and Weft · 204 s" in text


@pytest.mark.parametrize(("kind", "least"), [("structured", 0.97), ("dirty", 0.92)])
def test_public_pairs(kind, least):
    assert evaluate(public(*(f"itunes-amazon/{kind}/{part}.txt" for part in ("train", "valid")))).f1 >= least


def test_public_clusters(tmp_path):
    [path] = public("musicbrainz20k/dev.csv")
    # A quarter of them, which are as hard as the rest: `benchmarks/bench_matching.py` judges all.
    report = evaluate([some_clusters(path, 4, tmp_path)])
    assert report.f1 >= 0.994
