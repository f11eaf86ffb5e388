"""What the operator said about who is who, as the matcher takes it: overrides, and variants to collapse."""

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError
from timbre_spider.matching.normalise import parse_collapse
from timbre_spider.matching.overrides import Overrides
from timbre_spider.matching.variants import Variant
from timbre_spider.storage.connect import Database
from timbre_spider.storage.overrides import list_overrides


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


_KINDS = ("same", "different", "spotify", "aoty")


def collapse_of(config: Config) -> frozenset[Variant]:
    """The variants that count as the song itself. Raises ConfigError naming an unknown one."""
    try:
        return parse_collapse(config.collapse_variants)
    except ValueError as error:
        known = ", ".join(Variant)
        raise ConfigError(f"COLLAPSE_VARIANTS: {error}. Known are {known}.") from None
