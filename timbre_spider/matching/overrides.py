"""A person's word about who is who; it wins over everything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from timbre_spider.items import spelling_id

_NONE: Mapping[str, frozenset[str]] = MappingProxyType({})
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Overrides:
    """What was overridden, by identity key (`hash:…`, `isrc:…`, `spotify:…`). Build with `Overrides.of`.

    `same` and `different` give for a key the keys said to be (not) the same song; `spotify` the Spotify id and
    `aoty` the album's address said to be right.
    """

    same: Mapping[str, frozenset[str]] = field(default_factory=dict)
    different: Mapping[str, frozenset[str]] = field(default_factory=dict)
    spotify: Mapping[str, str] = field(default_factory=dict)
    aoty: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        same: Iterable[tuple[str, str]] = (),
        different: Iterable[tuple[str, str]] = (),
        spotify: Mapping[str, str] = _NOTHING,
        aoty: Mapping[str, str] = _NOTHING,
    ) -> "Overrides":
        """Overrides of pairs of keys; "same" reaches over (A is B, B is C: A is C)."""
        together: dict[str, set[str]] = {}
        for one, other in same:
            joined = together.get(one, {one}) | together.get(other, {other})
            together.update(dict.fromkeys(joined, joined))
        apart: dict[str, set[str]] = {}
        for one, other in different:
            for mine in together.get(one, {one}):
                for theirs in together.get(other, {other}):
                    apart.setdefault(mine, set()).add(theirs)
                    apart.setdefault(theirs, set()).add(mine)
        return cls(
            {key: frozenset(keys - {key}) for key, keys in together.items()},
            {key: frozenset(keys) for key, keys in apart.items()},
            dict(spotify),
            dict(aoty),
        )

    def own_id(self, name_id: str, artist: str, title: str) -> str:
        """The identity of a chart row: that of its name, or its spelling's own where a person parted the two."""
        if name_id not in self.different:
            return name_id
        own = spelling_id(name_id, artist, title)
        return own if own in self.different else name_id

    def partners(self, keys: Iterable[str]) -> frozenset[str]:
        """The keys said to be the same song as one of `keys`."""
        return frozenset().union(*(self.same.get(key, frozenset()) for key in keys))

    def parted(self, keys: Iterable[str], others: Iterable[str]) -> bool:
        """Whether a song of `keys` was said not to be a song of `others`."""
        theirs = set(others)
        return any(not self.different.get(key, frozenset()).isdisjoint(theirs) for key in keys)


NO_OVERRIDES = Overrides()
