"""Cards of albums (`.albumBlock`), as search, artists', releases', must-hear and album pages show them."""

from ..coarse import slug
from .frame import CDN, MONTHS, album_path, artist_path, bar, html, names_of
from .listed import Listed

_STAR = '<div class="mustHear"><i class="fas fa-star"></i></div>'


def image(listed: Listed) -> str:
    """The cover with its link; some have none."""
    entry = listed.entry
    if entry.number % 29 == 0:
        return f'<a href="{album_path(entry)}"><div class="noCover"><i class="fa-light fa-lock"></i></div></a>'
    file = f"{entry.number}-{slug(entry.title) or 'cover'}.jpg"
    star = _STAR if listed.must_hear else ""
    return (
        f'<a href="{album_path(entry)}">{star}'
        f'<img src="{CDN}/200x0/album/{file}" alt="{html(f"{names_of(listed.album)} - {entry.title}")}" '
        f'srcset="{CDN}/400x0/album/{file} 2x" loading="lazy"/></a>'
    )


def must_hear_classes(listed: Listed) -> str:
    """Of a cover: " mustHear", with whose favourite it is unless the critics' alone."""
    whose = listed.must_hear
    return f" mustHear{'' if whose == 'critic' else f' {whose}'}" if whose else ""


def _card(listed: Listed, size: str, kind: str, artist: str, when: str, ratings: str, title: str = "albumTitle") -> str:
    path = album_path(listed.entry)
    when = f'<div class="type">{when}</div>' if when else ""
    return (
        f'<div class="albumBlock{size}" data-type="{kind}"><div class="image{must_hear_classes(listed)}">'
        f"{image(listed)}</div>{artist}"
        f'<a href="{path}"><div class="{title}">{html(listed.entry.title)}</div></a>'
        f'{when}<div class="ratingRowContainer">{ratings}</div></div>\n'
    )


def _artist_title(listed: Listed) -> str:
    """The artist's name with a link; a joint release names its artists without, their "&" as it is."""
    name = names_of(listed.album)
    if len(listed.album.artists) > 1:
        return f'<div class="artistTitle">{html(name).replace("&amp;", "&")}</div>'
    return f'<a href="{artist_path(listed.album.artists[0])}"><div class="artistTitle">{html(name)}</div></a>'


def search_card(listed: Listed) -> str:
    """A card of the search: never with ratings [78 of 78 saved]."""
    when = f"{listed.album.year} • {listed.format}"
    return _card(listed, "", listed.format.lower(), _artist_title(listed), when, "")


def release_card(listed: Listed) -> str:
    """A card of a month's releases: "May 12 • LP"."""
    _, *rest = listed.album.date.split("-")
    day = f" {int(rest[1])}" if len(rest) > 1 else ""
    when = f"{MONTHS[int(rest[0]) - 1]}{day}" if rest else str(listed.album.year)
    return _card(
        listed, " five", listed.format.lower(), _artist_title(listed), f"{when} • {listed.format}", _ratings(listed)
    )


def must_hear_card(listed: Listed) -> str:
    """A card of the must-hear list: year and ratings."""
    return _card(listed, "", "", _artist_title(listed), str(listed.album.year), _ratings(listed))


def artist_card(listed: Listed) -> str:
    """A card of an artist's page: no artist's name, but for joint releases beside the year."""
    name = html(names_of(listed.album))
    joint = f' • <span title="{name}">{name}</span>' if len(listed.album.artists) > 1 else ""
    return _card(listed, " small", "", "", f"{listed.album.year}{joint}", _ratings(listed))


def own_card(listed: Listed) -> str:
    """A card of the artist's other albums on an album's page: neither artist nor ratings."""
    return _card(listed, " small", "", "", str(listed.album.year), "", "albumTitle normal")


def similar_card(listed: Listed) -> str:
    """A card of "You May Also Like" on an album's page: no year, no ratings."""
    return _card(listed, " small", "", _artist_title(listed), "", "")


def _ratings(listed: Listed) -> str:
    entry = listed.entry
    return _rating("critic", entry.critic_score, entry.critic_count) + _rating(
        "user", entry.user_score, entry.rating_count
    )


def _rating(whose: str, score: float | None, count: int) -> str:
    if score is None:
        return ""
    whole = int(score + 0.5)
    return (
        f'<div class="ratingRow"><div class="ratingBlock"><div class="rating">{whole}</div>{bar(score)}</div>'
        f'<div class="ratingText">{whose} score</div> <div class="ratingText">({abbreviated(count)})</div></div>'
    )


def abbreviated(count: int) -> str:
    """A count as cards write it: "598", "1,131", "12K", "16.5K"."""
    if count < 10_000:
        return f"{count:,}"
    return f"{count / 1000:.1f}".removesuffix(".0") + "K"
