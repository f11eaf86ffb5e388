"""Questions to ListenBrainz labs, and what their answers tell."""

import json
from typing import Any

import pytest

from timbre_spider.errors import NotTaken, Unusable
from timbre_spider.sources.listenbrainz.labs import ids_question, read_ids

pytestmark = pytest.mark.unit

ANN = ("Ann", "Harbour", "Lantern")
BOB = ("Bob", "Quay", "Rope")
ONE, TWO = "1" * 22, "2" * 22


def entry(names: tuple[str, str, str], *ids: object) -> dict[str, Any]:
    named = dict(zip(("artist_name", "release_name", "track_name"), names, strict=True))
    return {**named, "spotify_track_ids": list(ids)}


def read(answer: object, *asked: tuple[str, str, str]) -> list[tuple[str, ...]]:
    return read_ids(json.dumps(answer).encode(), asked)


def test_a_question_names_artist_album_and_title_of_each_song() -> None:
    question = ids_question("http://127.0.0.1:1/", [ANN, BOB])
    assert (question.url, question.method) == ("http://127.0.0.1:1/spotify-id-from-metadata/json", "POST")
    assert json.loads(question.body) == [
        {"artist_name": "Ann", "release_name": "Harbour", "track_name": "Lantern"},
        {"artist_name": "Bob", "release_name": "Quay", "track_name": "Rope"},
    ]


def test_a_question_is_no_longer_than_labs_take() -> None:
    assert len(json.loads(ids_question("", [ANN] * 51).body)) == 50


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        ([entry(ANN, ONE, TWO), entry(BOB)], [(ONE, TWO), ()]),
        ([entry(BOB, TWO), entry(ANN, ONE)], [(ONE,), (TWO,)]),
        ([entry(BOB, TWO)], [(), (TWO,)]),
        ([entry(ANN, ONE, ONE, None, "short", ONE + "1", "é" * 22)], [(ONE,), ()]),
        ([entry(("Ann", "Harbour", "Lanterns"), ONE), None, {}], [(), ()]),
        ([], [(), ()]),
    ],
)
def test_each_song_is_told_the_ids_of_its_own_names(answer: object, ids: list[tuple[str, ...]]) -> None:
    assert read(answer, ANN, BOB) == ids


def test_a_list_not_taken_may_be_halved() -> None:
    with pytest.raises(NotTaken, match="Field required"):
        read({"code": 400, "error": "release_name: Field required"}, ANN)


@pytest.mark.parametrize("answer", [{}, None, "x", {"code": 404, "error": "Not Found"}])
def test_anything_else_is_no_answer(answer: object) -> None:
    with pytest.raises(Unusable) as raised:
        read(answer, ANN)
    assert not isinstance(raised.value, NotTaken)
