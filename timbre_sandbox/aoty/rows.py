"""Rows of charts and lists (`.albumListRow`) and the pages made of them."""

from .cards import image, must_hear_classes
from .frame import album_path, colour, genre_path, html, long_date, names_of, page, spread
from .listed import Listed
from .quirks import has_no_score_header

CHART_ROWS = 25


def chart_page(whose: str, path: str, title: str, rows: list[Listed], first: int, last: bool) -> bytes:
    """A page of `whose` ("user" or "critic") highest rated albums; `path` is that of the next page."""
    listed = "".join(_row(listed, first + place, whose) for place, listed in enumerate(rows))
    after = "" if last else f'<a href="{path}"><div class="pageSelect next">Next</div></a>'
    body = spread(
        f'<div class="fullWidth"><h1 class="headline">{html(title)}</h1></div><div class="wideLeft">'
        f'<span itemscope itemtype="http://schema.org/ItemList">{listed}</span><div class="pageSelectRow">{after}</div>'
        "</div>"
    )
    return page(f"{title} - Album of The Year", "", body)


def _row(listed: Listed, rank: int, whose: str) -> str:
    album, entry, _ = listed
    name = html(f"{names_of(album)} - {entry.title}")
    genres = ", ".join(f'<a href="{genre_path(genre)}">{genre}</a>' for genre in entry.genres)
    second = ", ".join(
        f'<span class="secondary"><a href="{genre_path(genre)}">{genre}</a></span>' for genre in entry.secondary
    )
    if second:
        second = f'<div class="secondary-genres">{second}</div>'
    return (
        f'<div id="rank-{rank}" class="albumListRow"><h2 class="albumListTitle"><span itemprop="itemListElement" '
        f'itemscope itemtype="http://schema.org/ListItem"><span class="albumListRank"><span itemprop="position">{rank}'
        f'</span>. </span><span itemprop="item" itemscope itemtype="http://schema.org/MusicAlbum">'
        f'<a href="{album_path(entry)}" itemprop="url">{name}</a><meta itemprop="name" content="{name}"/></span></span>'
        f'</h2><div class="albumListCover{must_hear_classes(listed)}">{image(listed)}</div>'
        f'<div class="albumListDate">{long_date(album.date)}</div><div class="albumListGenre">{genres}{second}</div>'
        f'{_score(listed, whose)}<div class="clear"></div><div class="albumListLinks">{_links(listed)}</div></div>'
    )


def _score(listed: Listed, whose: str) -> str:
    """The users' exact score is in a title, with their count; the critics' is whole, with a count in a part of its
    own."""
    entry = listed.entry
    if whose == "user":
        header, score, exact = "USER SCORE", entry.user_score or 0, f' title="{entry.user_score:g}"'
        count = f"{entry.rating_count:,} ratings"
    else:
        header, score, exact = "Critic Score", entry.critic_score or 0, ""
        count = f"<strong>{entry.critic_count}</strong> reviews"
    whole = int(score + 0.5)
    said = "" if has_no_score_header(entry) else f'<div class="scoreHeader">{header}</div>'
    return (
        f'<div class="albumListScoreContainer">{said}<div class="scoreValueContainer"{exact}>'
        f'<div class="scoreValue">{whole}</div><div class="albumReviewRatingBar {colour(score)}">'
        f'<div class="{colour(score)}" style="width:{whole}%;"></div></div></div>'
        f'<div class="scoreText">{count}</div></div>'
    )


def _links(listed: Listed) -> str:
    """Shops; 49 of 50 rows link to Spotify [saved page]."""
    album = listed.album
    words = html(f"{names_of(album)} {album.title}".lower().replace(" ", "+"))
    shops = (
        f'<a href="https://www.amazon.com/gp/search?ie=UTF8&tag=albumoftheyear-20&index=aps&keywords={words}" '
        'rel="nofollow" target="_blank" data-track-action="Amazon"><div class="amazon"><i class="fab fa-amazon"></i>'
        f'<span>Amazon</span></div></a><a href="https://geo.music.apple.com/us/album/{album.index + 1_400_000_000}?at='
        '10l4PB" rel="nofollow" target="blank" data-track-action="Apple Music"><div class="appleMusic">'
        '<i class="fab fa-apple"></i><span>Music</span></div></a>'
    )
    if album.index % 50 and any(track.song.on_spotify for track in album.tracks):
        shops += (
            f'<a href="https://open.spotify.com/album/{album.spotify_id}" rel="nofollow" target="_blank" '
            'data-track-action="Spotify"><div class="spotify"><i class="fab fa-spotify"></i><span>Spotify</span></div>'
            "</a>"
        )
    return shops
