"""Grouping records that describe one song, at a cost that grows about with their number."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from timbre_spider.matching.comparing.agreement import contradiction, contradicts_by_id
from timbre_spider.matching.comparing.compare import evidence_of
from timbre_spider.matching.comparing.features import Features, features_of
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.similarity import similarities
from timbre_spider.matching.comparing.weights import WEIGHTS, Weights

# A block larger than this is not compared pair by pair, but each record with those that follow it in order.
_LARGEST_BLOCK = 40
_FOLLOWERS = 10
_EDGE = 5


def cluster(records: Sequence[Record], weights: Weights = WEIGHTS) -> list[int]:
    """The cluster of each record, numbered from 0 by first appearance; independent of the order of `records`.

    Pairs are joined from the surest on; two clusters become one where the mean evidence of all their pairs allows it,
    so that no chain of half-likes joins what contradicts.
    """
    read = [features_of(record) for record in records]
    order = sorted(range(len(records)), key=lambda at: _content(records[at]))
    place = {at: position for position, at in enumerate(order)}
    evidences: dict[tuple[int, int], float] = {}

    def between(a: int, b: int) -> float:
        pair = (a, b) if place[a] < place[b] else (b, a)
        if pair not in evidences:
            fields = similarities(read[a], read[b])
            evidence = evidence_of(fields, weights)
            if _are_two(read[a], read[b], fields):
                evidence = -weights.doubt
            evidences[pair] = max(-weights.doubt, min(weights.doubt, evidence))
        return evidences[pair]

    edges: list[tuple[float, int, int]] = []
    for a, b in candidate_pairs(read, order):
        if (evidence := between(a, b)) >= weights.join:
            edges.append((-evidence, min(place[a], place[b]), max(place[a], place[b])))
    home = list(range(len(records)))
    members = {at: [at] for at in home}
    for _, one, other in sorted(edges):
        a, b = home[order[one]], home[order[other]]
        if a == b:
            continue
        pairs = [between(mine, theirs) for mine in members[a] for theirs in members[b]]
        if sum(pairs) >= weights.join * len(pairs):
            for at in members[b]:
                home[at] = a
            members[a] += members.pop(b)
    return _number(home)


def _are_two(a: Features, b: Features, fields: dict[str, float]) -> bool:
    """Whether what is told contradicts: any of it where they share an id, which outweighs all else; else the artist."""
    if 1.0 in (fields.get("isrc"), fields.get("spotify_id")):
        return bool(contradicts_by_id(a, b, fields))
    return contradiction(a, b, fields) == "artist"


def _content(record: Record) -> tuple[str, ...]:
    return (
        record.artist, record.title, record.album or "", str(record.duration_ms), str(record.year),
        str(record.track_number), record.isrc or "", record.spotify_id or "",
    )  # fmt: skip


def candidate_pairs(read: Sequence[Features], order: Sequence[int]) -> set[tuple[int, int]]:
    """The pairs worth comparing: those that share a block. `order` sorts the records by what they hold."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for at in order:
        for key in _block_keys(read[at]):
            blocks[key].append(at)
    pairs: set[tuple[int, int]] = set()
    for members in blocks.values():
        if len(members) <= _LARGEST_BLOCK:
            pairs.update(combinations(members, 2))
        else:
            for step in range(1, _FOLLOWERS + 1):
                pairs.update(zip(members, members[step:], strict=False))
    return pairs


def _block_keys(record: Features) -> Iterator[str]:
    for known in (record.record.isrc, record.record.spotify_id):
        if known:
            yield f"={known}"
    number = record.record.track_number
    artist, album, title = record.artist[:_EDGE], record.album[:_EDGE], record.title
    if title:
        yield f"^{title[:_EDGE]}"
        yield f"${title[-_EDGE:]}"
        yield f"^{title[:_EDGE]}|{artist}"
        yield f"${title[-_EDGE:]}|{artist}"
    if record.record.duration_ms:
        second = record.record.duration_ms // 1000
        for about in (second, second + 1):
            yield f"#{about}|{number}"
            if album:
                yield f"#{about}@{album}"
            if artist:
                yield f"#{about}~{artist}"
    if album:
        yield f"@{record.album[:8]}|{number}"
    if artist:
        yield f"~{artist}|{number}"
        yield f"~{artist}|{title[:2]}"


def _number(labels: list[int]) -> list[int]:
    """Labels numbered from 0 by first appearance."""
    names: dict[int, int] = {}
    return [names.setdefault(label, len(names)) for label in labels]
