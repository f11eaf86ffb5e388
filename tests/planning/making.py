"""Songs that wait, as tables write them."""

from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.calls import Bucket
from timbre_spider.planning.want import Want

ALL = dict.fromkeys(Bucket, float("inf"))


def want(title: str = "Lantern", artist: str = "ann", plays: int = 5, *, album: str = "", **more: object) -> Want:
    """A song in work; its key is "artist/title"."""
    given: dict[str, object] = {"in_work": True, **more}
    return Want(
        f"{artist}/{title}", artist, artist.title(), title, plays, album=album.title(), album_key=album, **given
    )  # type: ignore[arg-type]


def album(name: str, tracks: int = 10, kind: str = "album") -> tuple[str, SpotifyAlbum]:
    """An album of Ann's, with its key; its id is its name."""
    return name, SpotifyAlbum(name, name.title(), ("Ann",), kind, "2004", tracks)
