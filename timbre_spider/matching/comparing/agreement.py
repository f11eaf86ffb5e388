"""What the names of two records say for and against their being one song. The only place that decides it."""

from timbre_spider.matching.comparing.features import Features
from timbre_spider.matching.comparing.similarity import EXPLAINED, title_similarity
from timbre_spider.matching.names.scripts import incomparable

# Below these a field contradicts, whatever else agrees.
_LEAST = {"title": 0.7, "artist": 0.5, "variants": 0.5, "numbers": 0.5}
# Durations this unlike contradict; where spelling cannot be compared, they must be this much alike.
_OTHER_LENGTH = 0.05
_SAME_LENGTH = 0.5
# A title of so many letters that two acts hardly share it by chance; nor an act alone and the record it made "with"
# another, or one whose name begins with its own: "Earth", "Earth, Wind & Fire".
_TELLING_TITLE = 8
_TELLING_BESIDE = 12


def contradiction(a: Features, b: Features, fields: dict[str, float]) -> str:
    """The field of names that says they are two songs, whatever else agrees; empty where none does."""
    for name, least in _LEAST.items():
        if fields.get(name, 1.0) < least and not (name == "artist" and _is_same_place(fields)):
            return name
    if incomparable(a.artist, b.artist) and not (_is_vouched(a, b, fields) or _is_same_place(fields)):
        return "artist"
    if _is_joined(a, b, "beside") and not (_is_vouched(a, b, fields, _TELLING_BESIDE) or _is_same_place(fields)):
        return "artist"
    return ""


def titles_contradict(a: Features, b: Features) -> bool:
    """Whether the titles alone say that they are two songs: `contradiction`, before any other field is looked at."""
    alike = title_similarity(a, b)
    return alike is not None and alike < _LEAST["title"]


def contradicts_by_id(a: Features, b: Features, fields: dict[str, float]) -> str:
    """The field that says two records which share an ISRC or Spotify id are two songs all the same.

    An id vouches for names in different scripts, where only one of artist and title cannot be compared.
    """
    if a.key == b.key:
        return ""
    apart = fields.get("duration", _SAME_LENGTH)
    if apart < _OTHER_LENGTH:
        return "duration"
    other_scripts = [incomparable(a.title, b.title), incomparable(a.artist, b.artist)]
    if any(other_scripts) and (apart < _SAME_LENGTH or (all(other_scripts) and "duration" not in fields)):
        return "duration"
    return next((name for name, least in _LEAST.items() if fields.get(name, 1.0) < least), "")


def is_explained(a: Features, b: Features, fields: dict[str, float]) -> bool:
    """Whether every difference of the names is understood: spelling, slips, guests, collapsed variants, order.

    A bracket nobody understands, a word more, a name cut short are not: two such records may be one song, but an exact
    name may still turn up.
    """
    title = a.title == b.title or fields.get("title", 0.0) >= EXPLAINED
    artist = fields.get("artist", 0.0) >= EXPLAINED
    if not (title and artist and _is_joined(a, b, "perhaps")):
        return title and artist
    return _is_vouched(a, b, fields, _TELLING_BESIDE if a.is_one_act or b.is_one_act else _TELLING_TITLE)


def _is_same_place(fields: dict[str, float]) -> bool:
    """Whether two of album, length and track number agree: an artist beside them is damaged then, not another."""
    return sum(fields.get(name, 0.0) >= EXPLAINED for name in ("album", "duration", "track_number")) > 1


def _is_joined(a: Features, b: Features, company: str) -> bool:
    """Whether one record names nobody but an act that the other has in `company`."""
    return any(one.artist in getattr(other, company) and one.artists == {one.artist} for one, other in ((a, b), (b, a)))


def _is_vouched(a: Features, b: Features, fields: dict[str, float], letters: int = _TELLING_TITLE) -> bool:
    """Whether an equal title, of so many letters if nothing else, and something more tell that two artists are one."""
    if a.title != b.title or a.common:
        return False
    same_id = fields.get("isrc") == 1.0 or fields.get("spotify_id") == 1.0
    return same_id or fields.get("duration", 0.0) >= EXPLAINED or ("duration" not in fields and len(a.title) >= letters)
