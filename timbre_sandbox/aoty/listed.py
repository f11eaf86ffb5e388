"""What the site lists: an entry for each release it knows, music videos of the same names among them."""

from typing import NamedTuple

from ..coarse import slug
from ..shares import share
from ..world.model import Album, AotyEntry, World

# Assumed: how many singles have a music video that is listed beside them, under a number far from theirs.
_VIDEOS = 0.15
_FIRST_VIDEO = 5_000_000
_FORMATS = {"studio": "LP", "ep": "EP", "single": "Single", "live": "Live", "compilation": "Compilation"}
MUSIC_VIDEO = "Music Video"


class Listed(NamedTuple):
    """A release and its entry; `format` as the site names it."""

    album: Album
    entry: AotyEntry
    format: str

    @property
    def must_hear(self) -> str:
        """ "" or whose favourite it is: "critic", "user" or "both"."""
        entry = self.entry
        users = (entry.user_score or 0) >= 82 and entry.rating_count >= 100
        critics = (entry.critic_score or 0) >= 82 and entry.critic_count >= 5
        return "both" if users and critics else "user" if users else "critic" if critics else ""


def listed_releases(world: World) -> dict[int, Listed]:
    """All listed releases by the site's number."""
    listed = {}
    for album in world.albums:
        entry = album.aoty
        if entry is None:
            continue
        listed[entry.number] = Listed(album, entry, _FORMATS[album.group])
        if album.group == "single" and share("video", entry.number) < _VIDEOS:
            number = _FIRST_VIDEO + entry.number
            video = AotyEntry(number, slug(entry.slug), entry.title, None, 0, None, 0, entry.genres, (), ())
            listed[number] = Listed(album, video, MUSIC_VIDEO)
    return listed
