"""Scores held against what came true, on searches written down by hand and on the public files."""

import json
from pathlib import Path

import pytest

from tests.evaluation.public import public, read, some_clusters, write
from timbre_spider.errors import UsageError
from timbre_spider.evaluation.calibrate import calibrate, fit, reliability
from timbre_spider.evaluation.render import calibration_as_object, calibration_as_text
from timbre_spider.evaluation.searches import Accepted, accepted
from timbre_spider.matching.calibration import probability

pytestmark = pytest.mark.unit

# (score, how many are right, how many are wrong), as a crawl meets them: most are sure.
SAMPLE = [
    (0.65, 19, 1),
    (0.75, 39, 1),
    (0.85, 59, 2),
    (0.93, 60, 0),
    (0.97, 200, 1),
    (0.987, 3000, 3),
    (0.9997, 900, 1),
]


def matches(told: list[tuple[float, int, int]]) -> list[Accepted]:
    return [
        Accepted(score, at < right, f"{score} {at}") for score, right, wrong in told for at in range(right + wrong)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "knots"),
    [
        ([(0.65, 3, 0)], ((0.65, 0.875),)),
        ([(0.65, 1, 0), (0.75, 7, 0)], ((0.65, 0.75), (0.75, 0.9375))),
        ([(0.65, 7, 0), (0.75, 0, 1)], ((0.6625, 0.8333),)),  # what falls is thrown together
        ([(0.65, 7, 0), (0.75, 3, 0), (0.85, 0, 1)], ((0.6955, 0.875),)),  # and so is what fell before
    ],
)
def test_a_table_is_fit_that_never_falls(
    told: list[tuple[float, int, int]], knots: tuple[tuple[float, float], ...]
) -> None:
    assert fit(matches(told)) == knots


def test_the_distance_of_what_was_foretold_from_what_came_true() -> None:
    right, wrong = Accepted(0.75, True, "a"), Accepted(0.75, False, "b")
    told = reliability([(right, 0.9), (wrong, 0.9), (Accepted(0.995, True, "c"), 1.0)])
    assert [(each.count, each.right) for each in told.bins] == [(2, 0.5), (1, 1.0)]
    assert told.brier == pytest.approx((0.01 + 0.81) / 3)
    assert told.ece == pytest.approx(2 * 0.4 / 3)


def test_a_half_is_judged_by_the_other_one() -> None:
    calibration = calibrate(matches(SAMPLE))
    assert calibration.count == sum(right + wrong for _, right, wrong in SAMPLE)
    assert calibration.held_out.ece < 0.02 < calibration.raw.ece + 0.02
    assert calibration.held_out.brier < calibration.raw.brier
    alone = calibrate(matches([(0.65, 1, 0)]))
    assert alone.held_out.bins[0].foretold == 0.75
    with pytest.raises(UsageError, match="Nothing was accepted"):
        calibrate([])


def test_the_table_of_the_program_holds_for_a_sample() -> None:
    assert reliability([(each, probability(each.score)) for each in matches(SAMPLE)]).ece <= 0.005


def track(cluster: str, title: str, artist: str = "The Weavers", length: str = "204") -> dict[str, str]:
    return {"cluster_id": cluster, "title": title, "artist": artist, "length": length}


def test_a_record_is_looked_for_by_names_and_by_names_and_length(tmp_path: Path) -> None:
    rows = [track("a", "Blue Loom"), track("a", "Blue Loom - Remastered"), track("d", "Red Thread")]
    found = accepted([write(tmp_path / "tracks.csv", rows)])
    assert [(each.right, each.track) for each in found] == [(True, "a")] * 4
    assert len({each.score for each in found}) == 2


def test_every_fourth_track_is_missing_and_what_is_chosen_instead_is_wrong(tmp_path: Path) -> None:
    rows = [track(str(n), f"Blue Loom{end}") for n in range(40) for end in (f" {n}", f" {n} - Remastered")]
    rows += [track(f"other {n}", f"Blue Loom {n} (Demo)") for n in range(40)]
    found = accepted([write(tmp_path / "tracks.csv", rows)])
    of_tracks = [each for each in found if not each.track.startswith("other")]
    assert 25 < len({each.track for each in of_tracks if each.right}) < 35
    assert not any(each.right for each in found if each.track.startswith("other"))


def test_names_as_scrobbled_are_looked_for_among_corrected_ones(tmp_path: Path) -> None:
    names = [("Weavers", "Blue Loom!!", "The Weavers", "Blue Loom"), ("Weavers", "Red", "The Weavers", "Red Thread")]
    header = ("artist", "title", "corrected_artist", "corrected_title")
    rows = [dict(zip(header, each, strict=True)) for each in names]
    assert [each.right for each in accepted([write(tmp_path / "names.csv", rows)])] == [True]


def test_pairs_are_a_search_for_their_left_side(tmp_path: Path) -> None:
    row = {"left_title": "Song", "left_artist": "A", "right_artist": "A"}
    rows = [row | {"right_title": "Song", "label": "1"}, row | {"right_title": "Song (Live)", "label": "0"}]
    assert [each.right for each in accepted([write(tmp_path / "pairs.csv", rows)])] == [True]


def test_what_is_printed() -> None:
    calibration = calibrate(matches(SAMPLE))
    printed = json.loads(json.dumps(calibration_as_object(calibration)))
    assert set(printed) == {"accepted", "knots", "held_out", "raw"}
    text = calibration_as_text(calibration)
    assert f"{calibration.count:,} accepted matches" in text
    assert "The table of the program is another." in text


def test_the_table_of_the_program_is_what_the_public_files_give(tmp_path: Path) -> None:
    files = [f"itunes-amazon/{kind}/valid.txt" for kind in ("structured", "dirty")]
    twenty_thousand, corrections = public("musicbrainz20k/dev.csv", "corrections/dev.csv")
    few = write(tmp_path / "corrections.csv", read(corrections)[:500])
    # A part of them, for the rest takes a minute.
    paths = [*public(*files), some_clusters(twenty_thousand, 10, tmp_path), few]
    found = accepted(paths)
    assert calibrate(found).held_out.ece <= 0.02
    told = reliability([(each, probability(each.score)) for each in found])
    assert sum(each.count for each in told.bins) > 1200
    assert told.ece <= 0.005
    fitted = dict(fit(found))
    assert max(fitted.values()) == pytest.approx(probability(max(fitted)), abs=0.001)
