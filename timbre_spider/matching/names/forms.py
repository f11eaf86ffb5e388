"""The forms under which a song is asked for: services know fewer names than listeners' files have."""

import re
from dataclasses import dataclass

from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE
from timbre_spider.matching.names.other_readings import has_track_number, other_titles
from timbre_spider.matching.names.peel import joined_first
from timbre_spider.matching.names.reading import read_name, without_artist
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.writing.text import fold, narrow, visible

_GUESTS = re.compile(r"\s*[(\[](?:feat|ft|featuring)\b[^()\[\]]*[)\]]", re.I)

MOST_FORMS = 2


@dataclass(frozen=True, slots=True)
class Form:
    """Names to ask with; `name` says which form they are, for the reason that is stored."""

    artist: str
    title: str
    name: str


def forms_of(artist: str, title: str, collapse: frozenset[Variant] = DEFAULT_COLLAPSE) -> tuple[Form, ...]:
    """One or two forms, the better first; never two that read alike.

    The first is the main artist and the title without guests and without what `collapse` takes for the song itself; a
    remix stays one. The second, where there is one, is the first act of a list of artists, else the names as written.
    Letters of full width are asked for as services write them.
    """
    artist, title = narrow(artist), narrow(title)
    reading = read_name(artist, title)
    kept = [mark for mark in reading.variants if mark.kind not in collapse]
    # What makes it another song cannot be peeled: a title of several tails is asked with all of them.
    plain = _GUESTS.sub("", without_artist(artist, visible(title))) if kept else reading.title
    if has_track_number(plain):
        plain = other_titles(plain)[0]
    main = reading.artist or artist
    first = Form(main, plain, "peeled names")
    act = next(joined_first(main, lambda part: False), main)
    as_written = Form(visible(artist), visible(title), "names as written")
    second = as_written if act == main else Form(act, plain, "first of the artists")
    alike = (fold(first.artist), fold(first.title)) == (fold(second.artist), fold(second.title))
    return (first,) if alike else (first, second)
