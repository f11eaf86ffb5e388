"""How right names as people write them are read: hand-made pairs, and a real chart with the names Last.fm corrects.

Looked for in ../shared/cases and ../shared/er/corrections; what is missing is left out.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from rapidfuzz.distance import OSA

from timbre_spider.items import ChartRow
from timbre_spider.matching.comparing.choose import choose, is_certain
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.folding.fold import fold_chart
from timbre_spider.matching.folding.joined import why_joined
from timbre_spider.matching.folding.rule import Rule
from timbre_spider.matching.folding.spelling import best_spelling
from timbre_spider.matching.names.normalise import artists_of, name_key, read_name
from timbre_spider.matching.writing.text import fold

Name = tuple[str, str]
_FILE_NUMBER = re.compile(r"\s*\d{1,3}(?:\s*[-.)]|\s)\s*")
_ARTICLE = re.compile(r"\b(?:the|an?)\b", re.I)
# In so many letters one may be wrong; a name of so many may have been cut.
_LETTERS_OF_A_SLIP = 8
_CUT = 18
# Spotify shows an individual's key ten results a search.
_RESULTS = 10


def told(shared: Path) -> Iterator[str]:
    """A line for each figure."""
    for path in (shared / "cases" / "names.csv", Path(__file__).parents[1] / "tests/matching/names_as_written.csv"):
        yield _pairs(path) if path.exists() else f"{path.name}: left out, {path} is missing"
    path = shared / "er" / "corrections" / "dev.csv"
    if not path.exists():
        yield f"corrections: left out, {path} is missing"
        return
    with path.open(encoding="utf-8", newline="") as file:
        corrected = {
            (row["artist"], row["title"]): (row["corrected_artist"], row["corrected_title"])
            for row in csv.DictReader(file)
        }
    yield from _corrections(corrected)
    yield _drill(corrected)


def _pairs(path: Path) -> str:
    """Pairs that are one song fold or are chosen; pairs that are two neither fold nor end a search."""
    right = count = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = (row["artist_a"], row["title_a"]), (row["artist_b"], row["title_b"])
            together = len(fold_chart(_chart(names))) == 1
            choice = choose(Record(*names[0]), [Record(*names[1])])
            one = together or choice is not None
            right += one if row["same"] == "1" else not (together or is_certain(choice))
            count += 1
    return f"{path.name:<27} {right} of {count} right"


def _corrections(corrected: dict[Name, Name]) -> Iterator[str]:
    differing = [name for name, truth in corrected.items() if name != truth]
    of_artist: dict[str, list[Name]] = defaultdict(list)
    for truth in dict.fromkeys(corrected.values()):
        of_artist[truth[0]].append(truth)
    right = wrong = 0
    for name in differing:
        candidates = of_artist[corrected[name][0]]
        choice = choose(Record(*name), [Record(*each) for each in candidates])
        if choice is not None:
            good = _is_same(candidates[choice.index], corrected[name])
            right, wrong = right + good, wrong + (not good)
    yield f"corrections, choose          right {right / len(differing):.1%}, another {wrong / len(differing):.2%}"
    songs = fold_chart(_chart(dict.fromkeys([*corrected, *corrected.values()])))
    home = {(row.artist, row.title): number for number, song in enumerate(songs) for row in song}
    together = sum(home[name] == home[corrected[name]] for name in differing) / len(differing)
    joined = [
        (rule, song[0], row)
        for song in fold_chart(_chart(corrected))
        for row, rule in zip(song, why_joined(song), strict=True)
        if row is not song[0]
    ]
    apart = [each for each in joined if corrected[_name(each[1])] != corrected[_name(each[2])]]
    why = [_why_two(corrected[_name(one)], corrected[_name(other)]) for _, one, other in apart]
    yield f"corrections, folded          {together:.1%} with the corrected name; {len(joined)} rows of the chart join,"
    yield f"                             {len(apart)} of them to one that Last.fm corrects to another name:"
    for kind in Why:
        yield f"    {why.count(kind):>4} ({why.count(kind) / len(joined):.1%}) {kind}"
    yield "    told by letters and company alone, to be read by hand:"
    for (rule, one, other), kind in zip(apart, why, strict=True):
        if kind in (Why.LETTERS, Why.COMPANY, Why.OTHER):
            names = " | ".join(f"{row.artist} - {row.title}" for row in (one, other))
            yield f"    {kind.name.lower()}, by {rule or Rule.NAME_KEY}: {names}"


class Why(StrEnum):
    """Why Last.fm may leave two names to one song, as far as the names it corrects them to tell."""

    VARIANT = "variants that share a key: live, remaster, edition"
    WRITING = "one name by case, accents, signs, guests, numbers"
    FILE = "one of them with the number of a file before it"
    LETTERS = "a letter or two of a long name, an article, a name cut short"
    COMPANY = "one act alone and in company, which Last.fm never joins"
    OTHER = "the rest   (to reach: .3%)"


def _why_two(one: Name, other: Name) -> Why:
    """The first reason that holds of two corrected names. Letters are counted here, not by the matcher's own rules."""
    if _is_same(one, other):
        variants = [read_name(*name).variants for name in (one, other)]
        return Why.VARIANT if variants[0] != variants[1] else Why.WRITING
    plain = [(artist, _FILE_NUMBER.sub("", title)) for artist, title in (one, other)]
    if _is_same(*plain):
        return Why.FILE
    readings = [read_name(*name) for name in plain]
    if not _is_slip(*(_letters(reading.title) for reading in readings)):
        return Why.OTHER
    if _is_slip(*(_letters(" ".join(sorted(fold(artist).split()))) for artist, _ in plain)):
        return Why.LETTERS
    acts = [
        set(map(_letters, (*artists_of(artist), *told.featured)))
        for (artist, _), told in zip(plain, readings, strict=True)
    ]
    return Why.COMPANY if acts[0] & acts[1] else Why.OTHER


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter in eight differs at most, and one at least may; a long name may be cut short."""
    short, long = sorted((one, other), key=len)
    if len(short) >= _CUT:
        long = long[: len(short)]
    return OSA.distance(short, long) <= max(1, len(short) // _LETTERS_OF_A_SLIP)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, fold(_ARTICLE.sub(" ", name))))


def _drill(corrected: dict[Name, Name]) -> str:
    """The chart as scrobbled, folded, and each song searched for among all corrected names; no durations."""
    pool = list(dict.fromkeys(corrected.values()))
    with_word: dict[tuple[str, bool], set[int]] = defaultdict(set)
    for at, (artist, title) in enumerate(pool):
        for text, is_artist in ((artist, True), (title, False)):
            for word in set(fold(text).split()):
                with_word[word, is_artist].add(at)
    right = wrong = missed = 0
    for song in fold_chart(_chart(corrected)):
        best = best_spelling(song)
        scores: dict[int, float] = defaultdict(float)
        for text, is_artist in ((best.artist, True), (best.title, False)):
            for word in set(fold(text).split()):
                for at in with_word.get((word, is_artist), ()):
                    scores[at] += 1.0 if is_artist else 0.2 + len(with_word[word, False]) ** -0.5
        results = [pool[at] for at in sorted(scores, key=lambda at: (-scores[at], at))[:_RESULTS]]
        choice = choose(Record(best.artist, best.title), [Record(*each) for each in results])
        for name in map(_name, song):
            if name != corrected[name]:
                good = choice is not None and _is_same(results[choice.index], corrected[name])
                right += good
                wrong += choice is not None and not good
                missed += choice is None
    precision, recall = right / (right + wrong), right / (right + wrong + missed)
    return f"corrections, drill           precision {precision:.4f}  recall {recall:.4f}  (rows whose names differ)"


def _chart(names: Iterable[Name]) -> list[ChartRow]:
    return [ChartRow(*name, 1_000_000 - at, at + 1) for at, name in enumerate(names)]


def _name(row: ChartRow) -> Name:
    return row.artist, row.title


def _is_same(one: Name, other: Name) -> bool:
    return name_key(*one) == name_key(*other)
