"""The boxes at the top of an album's page: the critics' score, the users', and the details."""

from urllib.parse import quote_plus

from ..coarse import slug
from ..world.model import Album, AotyEntry
from .frame import MONTHS, artist_path, bar, genre_path, html
from .listed import Listed
from .quirks import has_no_box_unrated, has_vibes, number_without_link


def critic_box(album: Album, entry: AotyEntry) -> str:
    if entry.critic_score is None and has_no_box_unrated(entry):
        return ""
    count = (
        f'<div class="text numReviews">Based on <strong>{entry.critic_count}</strong> reviews</div>'
        f'<div class="text gray">{album.year} Ratings: <strong>'
        f'<a href="/ratings/6-highest-rated/{album.year}/2#rank-31">'
        "#31</a></strong> / 240</div>"
        if entry.critic_score is not None
        else ""
    )
    return (
        '<div class="albumCriticScoreBox"><div class="heading">Critic Score</div><div class="albumCriticScore">'
        f'{_shown(entry, entry.critic_score, f"{entry.critic_score}", "critics")}</div>{count}<div class="clear">'
        f"</div></div>\n"
    )


def user_box(album: Album, entry: AotyEntry, sub: str) -> str:
    if entry.user_score is None and has_no_box_unrated(entry):
        return ""
    count = (
        f'<div class="text numReviews">Based on <a href="{sub}/user-reviews/?type=ratings">'
        f"<strong>{entry.rating_count:,}"
        f'</strong>&nbspratings</a></div><div class="text gray">{album.year} Ratings: <strong>'
        f'<a href="/ratings/user-highest-rated/{album.year}/1/#rank-12">#12</a></strong></div>'
        if entry.user_score is not None
        else ""
    )
    return (
        '<div class="albumUserScoreBox"><div class="heading">User Score</div><div class="albumUserScore">'
        f"{_shown(entry, entry.user_score, f'{entry.user_score:g}' if entry.user_score else '', 'users')}</div>{count}"
        f'<div class="clear"></div><div id="moreStats" class="moreStats"></div><div id="moreStatsLink" class="more">'
        f'<span class="action showMoreStats" data-album-id="{entry.number}">More</span></div></div>'
    )


def details(listed: Listed) -> str:
    """The rows of details; what does not apply is left out."""
    album, entry, kind = listed
    year, *rest = album.date.split("-")
    date = f'<a href="/{year}/releases/">{year}</a>'
    if rest:
        month = MONTHS[int(rest[0]) - 1]
        day = f" {int(rest[1])}," if len(rest) > 1 else ""
        date = f'<a href="/{year}/releases/{month.lower()}-{rest[0]}/">{month}</a>{day} {date}'
    rows = [(date, "Release Date"), (kind, "Format")]
    if entry.number % 7:
        rows.append((f'<a href="/label/{len(album.label) * 37}-{slug(album.label)}/">{html(album.label)}</a>', "Label"))
    if entry.genres or entry.secondary:
        genres = ", ".join(f'<a href="{genre_path(name)}">{name}</a>' for name in entry.genres)
        second = ", ".join(
            f'<a href="{genre_path(name)}"><div class="secondary">{name}</div></a>' for name in entry.secondary
        )
        rows.append((genres + (f"<br/>{second}" if second else ""), "Genre"))
    if entry.number % 3:
        first = album.artists[0]
        producer = f'<a href="{artist_path(first)}">{html(first.name)}</a>'
        word = (
            f'<span class="actionBlank showAlbumCredits" data-album-id="{entry.number}" data-type="2">Producer</span>'
        )
        rows.append((producer, word))
    text = "".join(f'<div class="detailRow">{value} <span>/&nbsp;{name}</span></div>\n' for value, name in rows)
    if entry.tags and has_vibes(entry):
        vibes = "".join(
            f'<span class="vibe"><a href="/all/releases/vibe/{slug(tag)}/">{tag}</a></span>' for tag in entry.tags[:5]
        )
        text += f'<div class="detailRow vibes">{vibes} <span>/&nbsp;Vibes</span></div>\n'
    elif entry.tags:
        tags = ", ".join(
            f'<a href="/tag/{quote_plus(tag)}/albums/"><div class="secondary">{tag}</div></a>' for tag in entry.tags[:5]
        )
        text += f'<div class="detailRow">{tags} <span>/&nbsp;<i class="fa-solid fa-tags"></i></span></div>\n'
    return text


def _shown(entry: AotyEntry, score: float | None, exact: str, anchor: str) -> str:
    if score is None:
        return f'<a href="#{anchor}">NR</a>'
    whole = int(score + 0.5)
    shown = f'<a href="#{anchor}" title="{exact}">{whole}</a>'
    if number_without_link(entry):
        shown = f"<span>{whole}</span>" if entry.number % 2 else str(whole)
    return f"{shown}{bar(score)}"
