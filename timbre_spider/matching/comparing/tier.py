"""How sure a match is."""

from enum import StrEnum


class Tier(StrEnum):
    """In order: NONE < LOW < MEDIUM < HIGH < EXACT. The values are what is stored and shown."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EXACT = "exact"

    @property
    def rank(self) -> int:
        """0 for NONE up to 4 for EXACT."""
        return _ORDER.index(self)

    def __lt__(self, other: str) -> bool:
        return self.rank < Tier(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Tier(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Tier(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Tier(other).rank


_ORDER = list(Tier)
