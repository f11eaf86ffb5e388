"""An album's page as it was to February 2026: microdata in the markup, no JSON-LD."""

from collections.abc import Sequence

from ..world.model import AotyEntry
from .album import artists_of, below, image_of
from .boxes import details
from .frame import CDN, SITE, album_path, bar, html, names_of, page, spread
from .listed import Listed


def old_album_page(listed: Listed, others: Sequence[Listed], similar: Sequence[Listed]) -> bytes:
    """The same album in the old markup."""
    album, entry, _ = listed
    name, path = names_of(album), album_path(entry)
    genres = "".join(f'<meta itemprop="genre" content="{html(genre)}"/>' for genre in entry.genres)
    head = (
        f'<meta property="og:title" content="{html(f"{name} - {entry.title}")}"/>\n'
        f'<link rel="canonical" href="{SITE}{path}"/>\n'
    )
    top = spread(
        f'<span itemscope itemtype="http://schema.org/MusicAlbum"><div class="fullWidth"><div class="albumHeadline">'
        f'<div class="artist"><span itemprop="byArtist" itemscope itemtype="http://schema.org/MusicGroup">'
        f'<span itemprop="name">{artists_of(listed)}</span></span></div><h1 class="albumTitle"><span itemprop="name">'
        f'{html(entry.title)}</span></h1></div><div class="albumTopBox cover"><img src="{CDN}/375x0/album/'
        f'{image_of(entry)}" itemprop="image"/></div><div class="albumTopBox">{_critics(entry)}{_users(entry, path)}'
        f'</div><div class="albumTopBox info">{details(listed)}{genres}</div></div></span>'
    )
    body = f"{top}{below(listed, others, similar)}"
    return page(f"{name} - {entry.title} - Reviews - Album of The Year", head, body)


def _critics(entry: AotyEntry) -> str:
    """The critics' score, the page's only rating in microdata."""
    if entry.critic_score is None:
        return _box("Critic", "NR")
    shown = f'<a href="#critics" title="{entry.critic_score}">{entry.critic_score:.0f}</a>'
    return _box(
        "Critic",
        f'<span itemprop="ratingValue">{shown}</span>{bar(entry.critic_score)}',
        f'Based on <span itemprop="ratingCount">{entry.critic_count}</span> reviews',
        ' itemprop="aggregateRating" itemscope itemtype="http://schema.org/AggregateRating"',
    )


def _users(entry: AotyEntry, path: str) -> str:
    if entry.user_score is None:
        return _box("User", "NR")
    reviews = f"{path.removesuffix('.php')}/user-reviews/?type=ratings"
    return _box(
        "User",
        f'<a href="#users" title="{entry.user_score:g}">{int(entry.user_score + 0.5)}</a>{bar(entry.user_score)}',
        f'Based on <a href="{reviews}"><strong>{entry.rating_count:,}</strong>&nbspratings</a>',
    )


def _box(whose: str, score: str, count: str = "", properties: str = "") -> str:
    count = f'<div class="text numReviews">{count}</div>' if count else ""
    return (
        f'<div class="album{whose}ScoreBox"{properties}><div class="heading">{whose} Score</div>'
        f'<div class="album{whose}Score">{score}</div>{count}</div>'
    )
