"""Canonical ids, and the decision who a song is, given who holds its keys."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, UUID, uuid5

from timbre_spider.items import Identity, KnownSong
from timbre_spider.matching.comparing.compare import contradicts
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE, name_key
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.overrides import NO_OVERRIDES, Overrides

_RANKS = {"isrc": 0, "spotify": 1, "hash": 2}


def hash_id(key: str) -> str:
    """The identity of a song of which only the name is known: "hash:" and the SHA-1 of its name key."""
    digest = hashlib.sha1(key.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return f"hash:{digest}"


def isrc_id(isrc: str) -> str:
    """The identity of a recording by its (normal) ISRC."""
    return f"isrc:{isrc}"


def spotify_key(spotify_id: str) -> str:
    """The identity of a track by its Spotify id."""
    return f"spotify:{spotify_id}"


def name_id(artist: str, title: str, collapse: frozenset[Variant] = DEFAULT_COLLAPSE) -> str:
    """The identity of a song by its names alone: spellings and collapsed variants share it."""
    return hash_id(name_key(artist, title, collapse))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a song says of itself. `name_ids`: those of all its spellings, its own first; `isrc` is normal."""

    artist: str
    title: str
    name_ids: tuple[str, ...]
    isrc: str | None = None
    spotify_id: str | None = None
    duration_ms: int | None = None
    plays: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """Its identity keys, the strongest first."""
        strong = [isrc_id(self.isrc)] if self.isrc else []
        strong += [spotify_key(self.spotify_id)] if self.spotify_id else []
        return (*strong, *self.name_ids)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who a song is. `refused`: keys it may not have, because another song holds them; `reason` for a person."""

    identity: Identity
    refused: tuple[str, ...]
    reason: str


def settle(claim: Claim, owners: Mapping[str, KnownSong], overrides: Overrides = NO_OVERRIDES) -> Decision:
    """Decide which song of the database `claim` is, if any, which others are the same, and which keys it may have.

    `owners` must answer for `keys_to_ask(claim, overrides)`. Rules, first to last:

    1. Overrides win: what was said to be the same is, what was said to differ is not.
    2. The holder of one of the song's name keys is the song.
    3. The holder of its ISRC or Spotify id is the song only if names and durations do not contradict it. Where they
       do, the key belongs to the more played of the two, whichever came first; the other goes by its next best key.
    4. Of several songs found to be one, the one with the strongest canonical id survives (the smaller id among
       equals), whatever arrived first; a canonical id only ever changes to a stronger kind.
    """
    claim, forced = _with_overrides(claim, overrides)
    found: dict[UUID, KnownSong] = {}
    refused: list[str] = []
    takes: list[str] = []
    reasons: list[str] = []
    for key in (*sorted(overrides.partners(claim.keys)), *reversed(claim.keys)):
        owner = owners.get(key)
        if owner is None:
            continue
        why = _why_not(claim, key, owner, owners, overrides, forced)
        if why:
            if key in claim.keys:
                (takes if _has_more_right(claim, key, owner) else refused).append(key)
                reasons.append(f"{key} is held by {owner.artist} – {owner.title}: {why}")
        elif owner.song_id not in found:
            found[owner.song_id] = owner
            reasons.append(f"same as {owner.artist} – {owner.title} by {key.partition(':')[0]}")
    keys = tuple(key for key in claim.keys if key not in refused)
    song_id, canonical_id, absorbs = _unite(claim, keys, list(found.values()))
    identity = Identity(song_id, canonical_id, keys, absorbs, tuple(takes))
    return Decision(identity, tuple(refused), "; ".join(reasons) or "new")


def keys_to_ask(claim: Claim, overrides: Overrides = NO_OVERRIDES) -> tuple[str, ...]:
    """The keys whose owners `settle` needs to know."""
    claim, _ = _with_overrides(claim, overrides)
    return tuple(dict.fromkeys((*claim.keys, *sorted(overrides.partners(claim.keys)))))


def song_uuid(own_id: str) -> UUID:
    """The UUID a new song gets: the same whoever meets it first, so that two workers do not make two songs of it."""
    return uuid5(NAMESPACE_URL, f"timbre:{own_id}")


def _with_overrides(claim: Claim, overrides: Overrides) -> tuple[Claim, str | None]:
    """The claim with the Spotify id a person gave it; an ISRC learned from another track goes."""
    for key in claim.keys:
        spotify_id = overrides.spotify.get(key)
        if spotify_id:
            isrc = claim.isrc if spotify_id == claim.spotify_id else None
            given = replace(claim, isrc=isrc, spotify_id=spotify_id)
            return given, spotify_key(spotify_id)
    return claim, None


def _why_not(
    claim: Claim,
    key: str,
    owner: KnownSong,
    owners: Mapping[str, KnownSong],
    overrides: Overrides,
    forced: str | None,
) -> str:
    """Why the holder of `key` is not the claimed song; empty when it is."""
    theirs = {held for held, holder in owners.items() if holder.song_id == owner.song_id} | known_keys(owner, overrides)
    if overrides.parted(claim.keys, theirs):
        return "said to differ"
    if key.startswith("hash:") or key == forced or key not in claim.keys:
        return ""
    claimed = Record(claim.artist, claim.title, duration_ms=claim.duration_ms)
    known = Record(owner.artist, owner.title, duration_ms=owner.duration_ms)
    return "names or durations contradict" if contradicts(claimed, known) else ""


def _has_more_right(claim: Claim, key: str, owner: KnownSong) -> bool:
    """Whether the claimed song, not the holder, should have a strong key both claim, whichever came first."""
    if key.startswith("hash:"):
        return False
    ours, theirs = (name_id(song.artist, song.title) for song in (claim, owner))
    return (-claim.plays, ours) < (-owner.plays, theirs)


def known_keys(song: KnownSong, overrides: Overrides = NO_OVERRIDES) -> set[str]:
    """The identity keys a song of the database shows by itself."""
    named = overrides.own_id(name_id(song.artist, song.title), song.artist, song.title)
    keys = {song.canonical_id, named}
    if song.isrc:
        keys.add(isrc_id(song.isrc))
    if song.spotify_id:
        keys.add(spotify_key(song.spotify_id))
    return keys


def _unite(claim: Claim, keys: tuple[str, ...], songs: list[KnownSong]) -> tuple[UUID, str, tuple[UUID, ...]]:
    """The song that survives, its canonical id, and the songs it absorbs."""
    best_key = min(keys, key=_rank, default=claim.name_ids[0])
    if not songs:
        return song_uuid(claim.name_ids[0]), best_key, ()
    first, *rest = sorted(songs, key=lambda song: (_rank(song.canonical_id), song.canonical_id))
    canonical_id = best_key if _rank(best_key) < _rank(first.canonical_id) else first.canonical_id
    return first.song_id, canonical_id, tuple(song.song_id for song in rest)


def _rank(key: str) -> int:
    return _RANKS[key.partition(":")[0]]
