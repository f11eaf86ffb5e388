"""What the operator said about who is who, as the matcher takes it: overrides, and variants to collapse."""

from dataclasses import dataclass
from typing import Self

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError
from timbre_spider.matching.identify import name_id
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE, parse_collapse
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.overrides import NO_OVERRIDES, Overrides
from timbre_spider.storage.database import Database
from timbre_spider.storage.override_store import list_overrides

_KINDS = ("same", "different", "spotify", "aoty")


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """The rules of one run: `overrides` by name key, and the variants that count as the song itself."""

    overrides: Overrides = NO_OVERRIDES
    collapse: frozenset[Variant] = DEFAULT_COLLAPSE

    @classmethod
    def load(cls, database: Database, config: Config) -> Self:
        """The overrides `database` holds and COLLAPSE_VARIANTS. Raises ConfigError naming an unknown variant."""
        return cls(overrides_of(database), collapse_of(config))

    def name_id(self, artist: str, title: str) -> str:
        """The identity (`hash:…`) that spellings of one song share."""
        return self.overrides.own_id(name_id(artist, title, self.collapse), artist, title)


def overrides_of(database: Database) -> Overrides:
    """The overrides `database` holds."""
    words = list_overrides(database)
    pairs = {kind: [(word.subject, word.object) for word in words if word.kind == kind] for kind in _KINDS}
    return Overrides.of(
        same=pairs["same"],
        different=pairs["different"],
        spotify=dict(pairs["spotify"]),
        aoty=dict(pairs["aoty"]),
    )


def collapse_of(config: Config) -> frozenset[Variant]:
    """The variants that count as the song itself. Raises ConfigError naming an unknown one."""
    try:
        return parse_collapse(config.collapse_variants)
    except ValueError as error:
        known = ", ".join(Variant)
        raise ConfigError(f"COLLAPSE_VARIANTS: {error}. Known are {known}.") from None
