"""Pages of Album of the Year that list albums: search results, artists, charts."""

from html import escape
from urllib.parse import quote_plus

from .aoty_pages import CDN, album_path, artist_path, format_of, genre_path, html, long_date, names_of, page
from .coarse import slug
from .world.model import Album, AotyEntry, Artist

CHART_ROWS = 25
_SECTIONS = (("Albums", "LP"), ("EPs", "EP"), ("Live", "Live"), ("Compilations", "Compilation"), ("Singles", "Single"))

Listed = tuple[Album, AotyEntry]


def search_page(query: str, found: list[Listed], total: int, albums_only: bool) -> bytes:
    """Search results: cards without ratings."""
    asked = quote_plus(query)
    chosen = "Albums" if albums_only else "All"
    boxes = "".join(
        f'<div class="selectBox{" selected" if name == chosen else ""}">'
        f'<a href="/search/{path}?q={asked}">{name}</a></div>'
        for name, path in (
            ("All", ""),
            ("Albums", "albums/"),
            ("Artists", "artists/"),
            ("Lists", "lists/"),
            ("Labels", "labels/"),
        )
    )
    cards = "".join(_card(album, entry) for album, entry in found)
    body = (
        f'<div class="fullWidth"><div class="selectRow">{boxes}</div>\n'
        f'<h1 class="headline" style="margin-top:5px;">Search Results '
        f'for "{escape(query, quote=False)}"</h1>\n<div style="margin-bottom:10px;">'
        f'<div class="subHeadline">Albums ({total})</div>\n'
        f'{cards}<div class="clear"></div></div></div>\n'
    )
    return page("Search - Album of The Year", "", body)


def _image(album: Album, entry: AotyEntry) -> str:
    file = f"{entry.number}-{slug(entry.title) or 'cover'}.jpg"
    return (
        f'<a href="{album_path(entry)}">'
        f'<img src="{CDN}/200x0/album/{file}" alt="{html(f"{names_of(album)} - {entry.title}")}" '
        f'srcset="{CDN}/400x0/album/{file} 2x" loading="lazy"/></a>'
    )


def _card(album: Album, entry: AotyEntry) -> str:
    kind = format_of(album)
    artist = f'<div class="artistTitle">{html(names_of(album))}</div>'
    if len(album.artists) == 1:
        # A joint release names its artists without a link.
        artist = f'<a href="{artist_path(album.artists[0])}">{artist}</a>'
    return (
        f'<div class="albumBlock" data-type="{kind.lower()}"><div class="image">{_image(album, entry)}</div>{artist}'
        f'<a href="{album_path(entry)}"><div class="albumTitle">{html(entry.title)}</div></a>'
        f'<div class="type">{album.year} • {kind}</div><div class="ratingRowContainer"></div></div>\n'
    )


def artist_page(artist: Artist, albums: list[Listed]) -> bytes:
    """An artist's albums in sections, with ratings on the cards and no artist's name."""
    sections = []
    for heading, kind in _SECTIONS:
        cards = [_small_card(album, entry) for album, entry in albums if format_of(album) == kind]
        if cards:
            sections.append(f'<h2 class="subHeadline">{heading}</h2>\n{"".join(cards)}<div class="clear"></div>\n')
    body = (
        f'<div class="fullWidth"><div class="artistHeader"><h1 class="artistHeadline">{html(artist.name)}</h1></div>\n'
        f'<div class="facetContent" id="facetContent">\n{"".join(sections)}</div></div>\n'
    )
    head = f'<link rel="canonical" href="https://www.albumoftheyear.org{artist_path(artist)}"/>\n'
    return page(f"{artist.name} - Album of The Year", head, body)


def _small_card(album: Album, entry: AotyEntry) -> str:
    joint = f' • <span title="{html(names_of(album))}">{html(names_of(album))}</span>' if len(album.artists) > 1 else ""
    ratings = _card_rating("critic", entry.critic_score, entry.critic_count)
    ratings += _card_rating("user", entry.user_score, entry.rating_count)
    return (
        f'<div class="albumBlock small" data-type="{format_of(album).lower()}">'
        f'<div class="image">{_image(album, entry)}</div>'
        f'<a href="{album_path(entry)}"><div class="albumTitle">{html(entry.title)}</div></a>'
        f'<div class="type">{album.year}{joint}</div><div class="ratingRowContainer">{ratings}</div></div>\n'
    )


def _card_rating(whose: str, score: float | None, count: int) -> str:
    if score is None:
        return ""
    # Cards round large counts.
    shown = f"{count // 1000}K" if count >= 10_000 else f"{count:,}"
    whole = int(score + 0.5)
    return (
        f'<div class="ratingRow"><div class="ratingBlock"><div class="rating">{whole}</div>'
        f'<div class="ratingBar green">'
        f'<div class="green" style="width:{whole}%;"></div></div></div><div class="ratingText">{whose} score</div>'
        f' <div class="ratingText">({shown})</div></div>'
    )


def chart_page(year: str, number: int, rows: list[Listed], first: int, total: int) -> bytes:
    """A page of the users' highest rated albums."""
    listed = "".join(_chart_row(album, entry, first + place) for place, (album, entry) in enumerate(rows))
    pages = -(-total // CHART_ROWS)
    after = f'<a href="/ratings/user-highest-rated/{year}/{number + 1}/"><div class="pageSelect next">Next</div></a>'
    when = "of All Time" if year == "all" else f"of {year}"
    body = (
        f'<div class="fullWidth"><h1 class="headline">Highest User Rated Albums {when}</h1></div>\n'
        f'<div class="wideLeft">'
        f'<span itemscope itemtype="http://schema.org/ItemList">\n{listed}</span>\n<div class="pageSelectRow">'
        f"{after if number < pages else ''}</div></div>\n"
    )
    return page(f"The Highest User Rated Albums {when} - Album of The Year", "", body)


def _chart_row(album: Album, entry: AotyEntry, rank: int) -> str:
    name = html(f"{names_of(album)} - {entry.title}")
    genres = ", ".join(f'<a href="{genre_path(genre)}">{genre}</a>' for genre in entry.genres)
    second = ", ".join(
        f'<span class="secondary"><a href="{genre_path(genre)}">{genre}</a></span>' for genre in entry.secondary
    )
    if second:
        second = f'<div class="secondary-genres">{second}</div>'
    spotify = (
        f'<a href="https://open.spotify.com/album/{album.spotify_id}" rel="nofollow" target="_blank" '
        'data-track-action="Spotify">'
        '<div class="spotify"><i class="fab fa-spotify"></i><span>Spotify</span></div></a>'
        if album.index % 50 and any(track.song.on_spotify for track in album.tracks)
        else ""
    )
    whole = int((entry.user_score or 0) + 0.5)
    must_hear = " mustHear user" if whole >= 85 and entry.rating_count >= 500 else ""
    return (
        f'<div id="rank-{rank}" class="albumListRow"><h2 class="albumListTitle">'
        f'<span itemprop="itemListElement" itemscope '
        f'itemtype="http://schema.org/ListItem"><span class="albumListRank"><span itemprop="position">{rank}'
        f"</span>. </span>"
        f'<span itemprop="item" itemscope itemtype="http://schema.org/MusicAlbum">'
        f'<a href="{album_path(entry)}" itemprop="url">'
        f'{name}</a><meta itemprop="name" content="{name}"/></span></span></h2>\n'
        f'<div class="albumListCover{must_hear}">{_image(album, entry)}</div>\n'
        f'<div class="albumListDate">{long_date(album.date)}</div>\n'
        f'<div class="albumListGenre">{genres}{second}</div>\n'
        f'<div class="albumListScoreContainer"><div class="scoreHeader">USER SCORE</div>'
        f'<div class="scoreValueContainer" '
        f'title="{entry.user_score:g}"><div class="scoreValue">{whole}</div><div class="albumReviewRatingBar green">'
        f'<div class="green" style="width:{whole}%;"></div></div></div>'
        f'<div class="scoreText">{entry.rating_count:,} ratings</div>'
        f'</div>\n<div class="clear"></div><div class="albumListLinks">{spotify}</div></div>\n'
    )
