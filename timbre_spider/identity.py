"""What the operator said about who is who, as the matcher takes it: overrides, and variants to collapse."""

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError
from timbre_spider.items import ChartRow
from timbre_spider.matching.fold import fold
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.normalise import name_key, parse_collapse
from timbre_spider.matching.overrides import Overrides
from timbre_spider.matching.variants import Variant
from timbre_spider.storage.connect import Database
from timbre_spider.storage.overrides import list_overrides


def overrides_of(database: Database) -> Overrides:
    """The overrides `database` holds."""
    words = list_overrides(database)
    pairs = {kind: [(hash_id(word.subject), word.object) for word in words if word.kind == kind] for kind in _KINDS}
    return Overrides.of(
        same=[(one, hash_id(other)) for one, other in pairs["same"]],
        different=[(one, hash_id(other)) for one, other in pairs["different"]],
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


def fold_chart(rows: list[ChartRow], collapse: frozenset[Variant], overrides: Overrides) -> list[list[ChartRow]]:
    """`fold`, but rows said to differ part: each name key that was said to differ from the first goes by itself."""
    folded = []
    for song in fold(rows, collapse):
        by_key: dict[str, list[ChartRow]] = {}
        for row in song:
            by_key.setdefault(hash_id(name_key(row.artist, row.title, collapse)), []).append(row)
        first, *others = by_key
        apart = [key for key in others if overrides.parted([first], [key])]
        folded.append([row for key, spelled in by_key.items() if key not in apart for row in spelled])
        folded += [by_key[key] for key in apart]
    return sorted(folded, key=lambda song: -sum(row.playcount for row in song)) if overrides.different else folded
