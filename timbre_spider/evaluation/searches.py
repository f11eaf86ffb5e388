"""Labelled files as searches: each record looked for among the others, and whether what is chosen is right.

A crawl has little to ask with and sees ten results of a search; a right answer may not be among them. So a record is
looked for by its names alone and by names and length, and every fourth track of a file of clusters is missing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from timbre_spider.evaluation.labelled import Clusters, Corrected, Pairs, read_labelled
from timbre_spider.matching.comparing.choose import choose
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.names.normalise import name_key
from timbre_spider.matching.writing.text import fold

_RESULTS = 10
_ONE_MISSING_OF = 4
# A word of more names than that tells nobody.
_COMMON = 400


@dataclass(frozen=True, slots=True)
class Accepted:
    """A candidate that was chosen: its score, whether it is right, and of which track the search was."""

    score: float
    right: bool
    track: str


def accepted(paths: Iterable[Path], truth: str = "cluster_id") -> list[Accepted]:
    """What is chosen in the searches of all files. Raises UsageError for one that cannot be read."""
    return [each for path in paths for each in _searched(read_labelled(path, truth))]


def _searched(labelled: Pairs | Clusters | Corrected) -> Iterator[Accepted]:
    match labelled:
        case Pairs(pairs):
            offered: dict[Record, list[tuple[Record, bool]]] = defaultdict(list)
            for left, right, same in pairs:
                offered[left].append((right, same))
            for wanted, results in offered.items():
                yield from _chosen(wanted, results, f"{wanted.artist} {wanted.title}")
        case Clusters(records, truth):
            service = _Service(records)
            members: dict[str, set[int]] = defaultdict(set)
            for at, track in enumerate(truth):
                members[track].add(at)
            for at, (record, track) in enumerate(zip(records, truth, strict=True)):
                is_missing = crc32(track.encode()) % _ONE_MISSING_OF == 0
                found = service.search(record, members[track] if is_missing else {at})
                yield from _chosen(record, [(records[n], truth[n] == track) for n in found], track)
        case Corrected(scrobbled, names):
            known = list(dict.fromkeys(names))
            service = _Service(known)
            for record, name in zip(scrobbled, names, strict=True):
                key = name_key(name.artist, name.title)
                results = [(known[n], name_key(known[n].artist, known[n].title) == key) for n in service.search(record)]
                yield from _chosen(record, results, key)


def _chosen(record: Record, results: Sequence[tuple[Record, bool]], track: str) -> Iterator[Accepted]:
    names = Record(record.artist, record.title)
    timed = Record(record.artist, record.title, duration_ms=record.duration_ms)
    for wanted in dict.fromkeys((names, timed)):
        choice = choose(wanted, [candidate for candidate, _ in results])
        if choice:
            yield Accepted(choice.comparison.score, results[choice.index][1], track)


class _Service:
    """Finds records by the words of their names, rare ones of titles first, as the services' searches do."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._with_word: dict[tuple[str, bool], set[int]] = defaultdict(set)
        for at, record in enumerate(records):
            for word in _words(record):
                self._with_word[word].add(at)

    def search(self, record: Record, without: Collection[int] = ()) -> list[int]:
        """The positions of the first ten results, `without` some."""
        scores: dict[int, float] = defaultdict(float)
        for word in _words(record):
            found = self._with_word.get(word, set())
            if len(found) <= _COMMON:
                for at in found:
                    scores[at] += 1.0 if word[1] else 0.2 + len(found) ** -0.5
        return [at for at in sorted(scores, key=lambda at: (-scores[at], at)) if at not in without][:_RESULTS]


def _words(record: Record) -> set[tuple[str, bool]]:
    """Each word, and whether it is the artist's."""
    return {(word, is_artist) for text, is_artist in ((record.artist, True), (record.title, False))
            for word in fold(text).split()}  # fmt: skip
