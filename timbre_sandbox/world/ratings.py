"""What Album of the Year knows of the albums: most of them, with scores of users and fewer of critics."""

from random import Random

from ..coarse import slug
from .model import Album, AotyEntry
from .words import GENRES

ABSENT = 0.15
NOT_RATED = 0.05
FIRST_NUMBER = 1000
_TAGS = (
    "melancholic",
    "energetic",
    "night",
    "atmospheric",
    "lush",
    "lo-fi",
    "male vocalist",
    "female vocalist",
    "love",
    "concept album",
    "rhythmic",
    "bittersweet",
    "warm",
    "eclectic",
    "introspective",
    "driving",
    "playful",
    "urban",
)


def rate_albums(albums: list[Album], rng: Random) -> None:
    """Give every album that is listed there its entry; editions and samplers are not listed on their own."""
    number = FIRST_NUMBER
    for album in albums:
        listed = album.group in ("studio", "ep", "single", "live", "compilation") and album.original is None
        missing = rng.random() < (ABSENT if album.group in ("studio", "ep", "single") else 0.4)
        if listed and not missing:
            number += rng.randrange(1, 9)
            album.aoty = _entry(album, number, rng)


def _entry(album: Album, number: int, rng: Random) -> AotyEntry:
    fame = album.artists[0].fame
    count = max(1, int(rng.lognormvariate(1.2 + fame / 11, 1.1)))
    rated = count >= 3 and rng.random() >= NOT_RATED / 2
    criticised = album.group == "studio" and rng.random() < fame / 100
    genre = album.artists[0].genre
    secondary = tuple(name for name in rng.sample(tuple(GENRES), 3) if name != genre and rng.random() < 0.5)
    own = GENRES[genre][1]
    tags = (
        (*rng.sample(own, rng.randrange(len(own))), *rng.sample(_TAGS, rng.randrange(9))) if rng.random() < 0.85 else ()
    )
    return AotyEntry(
        number=number,
        slug="-".join(filter(None, (slug(album.artists[0].name), slug(album.title)))) or "untitled",
        title=album.title,
        user_score=round(min(97.0, max(12.0, rng.gauss(71, 9))), 1) if rated else None,
        rating_count=count if rated else 0,
        critic_score=round(min(98.0, max(20.0, rng.gauss(73, 8))), 4) if criticised else None,
        critic_count=rng.randrange(1, 32) if criticised else 0,
        genres=(genre,) if rng.random() < 0.92 else (),
        secondary=secondary,
        tags=tags,
    )
