"""How recordings of one song differ."""

from dataclasses import dataclass
from enum import StrEnum


class Variant(StrEnum):
    """How a recording differs from the plain song."""

    REMASTER = "remaster"
    LIVE = "live"
    ACOUSTIC = "acoustic"
    EDITION = "edition"
    MONO = "mono"
    RADIO_EDIT = "radio_edit"
    EXTENDED = "extended"
    DEMO = "demo"
    OUTTAKE = "outtake"
    ALTERNATE = "alternate"
    REHEARSAL = "rehearsal"
    REMIX = "remix"
    INSTRUMENTAL = "instrumental"
    ACAPPELLA = "acappella"
    KARAOKE = "karaoke"
    COVER = "cover"
    SPED_UP = "sped_up"
    SLOWED = "slowed"
    RERECORDED = "rerecorded"
    VERSION = "version"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A variant found in a name; `detail` is folded: the year, the place, by whom, which kind of remix or version.

    "Four Tet Remix" has the detail "fourtet", "Four Tet Dub" "fourtet dub": they are not each other.
    """

    kind: Variant
    detail: str = ""
