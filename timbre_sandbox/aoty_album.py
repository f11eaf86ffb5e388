"""An album's page on Album of the Year, in the markup of May 2026."""

import json
from urllib.parse import quote_plus

from .aoty_pages import CDN, MONTHS, SITE, album_path, artist_path, format_of, genre_path, html, names_of, page
from .coarse import slug
from .world.model import Album, AotyEntry


def album_page(album: Album, entry: AotyEntry) -> bytes:
    """The page of an album."""
    name = names_of(album)
    path = album_path(entry)
    sub = path.removesuffix(".php")
    image = f"{entry.number}-{slug(entry.title) or 'cover'}.jpg"
    about = html(f"Music Reviews: {entry.title} by {name} released in {album.year}.")
    title = html(f"{name} - {entry.title}")
    head = f"""<META NAME="Description" CONTENT="{about}"/>
<meta property="og:site_name" content="Album of The Year"/>
<meta property="og:type" content="music.album"/>
<meta property="og:title" content="{title}"/>
<meta property="og:url" content="{SITE}{path}"/>
<meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="{SITE}{path}"/>
<script type="application/ld+json">
{_json_ld(album, entry, image)}</script>
"""
    artists = ", ".join(f'<a href="{artist_path(artist)}">{html(artist.name)}</a>' for artist in album.artists)
    body = f"""<div class="fullWidth">
<div class="selectRow"><a href="{path}"><div class="selectBox selected">Overview</div></a>
<a href="{sub}/user-reviews/"><div class="selectBox">User Reviews</div></a>
<a href="{sub}/similar/"><div class="selectBox">Similar Albums</div></a>
<a href="{artist_path(album.artists[0])}"><div class="selectBox">Discography</div></a></div>
<div class="albumHeadline"><div class="artist">{artists}</div>
<h1 class="albumTitle">{html(entry.title)}</h1></div>
<div class="albumTopBox cover"><button class="showImage" data-type="album" data-id="{entry.number}">
<img src="{CDN}/375x0/album/{image}" alt="{title}" srcset="{CDN}/750x0/album/{image} 2x"/></button></div>
<div class="albumTopBox">{_critic_box(album, entry)}{_user_box(album, entry, sub)}</div>
<div class="albumTopBox info"><div class="sectionHeading"><h2>Details</h2>
<div class="viewAll"><a href="/album/corrections.php?id={entry.number}" rel="nofollow">Submit Correction</a></div></div>
{_details(album, entry)}<div class="fullCredits">
<span class="action showAlbumCredits" data-album-id="{entry.number}">Full Credits</span>
</div></div></div>
<div class="flexContainer"><div class="wideLeft alignTop">{_links(album)}
<div class="signInReview"><strong><a href="/account/">Sign In</a></strong> to rate and review</div>
{_reviews(entry)}</div>
<div class="rightContent">{_track_list(album, entry)}</div></div>
{_tag_section(entry)}"""
    return page(f"{name} - {entry.title} - Reviews - Album of The Year", head, body)


def _json_ld(album: Album, entry: AotyEntry, image: str) -> str:
    """The page's linked data; its rating is the critics'."""
    first = album.artists[0]
    facts: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": "MusicAlbum",
        "@id": SITE + album_path(entry),
        "url": SITE + album_path(entry),
        "name": entry.title,
        "image": f"https://cdn.albumoftheyear.org/album/{image}",
        "byArtist": {"@type": "MusicGroup", "name": first.name, "url": SITE + artist_path(first)},
        "datePublished": album.date,
        "dateCreated": "2018-10-30",
        "dateModified": "2026-05-12",
        "genre": list(entry.genres),
    }
    if entry.critic_score is not None:
        facts["aggregateRating"] = {
            "@type": "AggregateRating",
            "name": "Critic Score",
            "description": "Aggregate critic score based on professional music publication reviews.",
            "ratingValue": f"{entry.critic_score:.0f}",
            "bestRating": "100",
            "worstRating": "0",
            "ratingCount": entry.critic_count,
        }
    return json.dumps(facts, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _colour(score: float) -> str:
    return "green" if score >= 70 else "yellow" if score >= 50 else "red"


def _score(score: float | None, exact: str, anchor: str) -> str:
    if score is None:
        return f'<a href="#{anchor}">NR</a>'
    colour, whole = _colour(score), int(score + 0.5)
    return (
        f'<a href="#{anchor}" title="{exact}">{whole}</a>'
        f'<div class="ratingBar {colour}"><div class="{colour}" style="width:{whole}%;"></div></div>'
    )


def _critic_box(album: Album, entry: AotyEntry) -> str:
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
        f'{_score(entry.critic_score, f"{entry.critic_score}", "critics")}</div>{count}<div class="clear">'
        f"</div></div>\n"
    )


def _user_box(album: Album, entry: AotyEntry, sub: str) -> str:
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
        f"{_score(entry.user_score, f'{entry.user_score:g}' if entry.user_score else '', 'users')}</div>{count}"
        f'<div class="clear"></div><div id="moreStats" class="moreStats"></div><div id="moreStatsLink" class="more">'
        f'<span class="action showMoreStats" data-album-id="{entry.number}">More</span></div></div>'
    )


def _details(album: Album, entry: AotyEntry) -> str:
    """The rows of details; what does not apply is left out."""
    year, *rest = album.date.split("-")
    date = f'<a href="/{year}/releases/">{year}</a>'
    if rest:
        month = MONTHS[int(rest[0]) - 1]
        day = f" {int(rest[1])}," if len(rest) > 1 else ""
        date = f'<a href="/{year}/releases/{month.lower()}-{rest[0]}/">{month}</a>{day} {date}'
    rows = [(date, "Release Date"), (format_of(album), "Format")]
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
    if entry.tags:
        tags = ", ".join(
            f'<a href="/tag/{quote_plus(tag)}/albums/"><div class="secondary">{tag}</div></a>' for tag in entry.tags[:5]
        )
        text += f'<div class="detailRow">{tags} <span>/&nbsp;<i class="fa-solid fa-tags"></i></span></div>\n'
    return text


def _links(album: Album) -> str:
    spotify = any(track.song.on_spotify for track in album.tracks) and album.index % 50
    words = quote_plus(f"{names_of(album)} {album.title}")
    links = [("Amazon", f"https://www.amazon.com/gp/search?ie=UTF8&index=aps&keywords={words}", "amazon")]
    if spotify:
        links.append(("Spotify", f"https://open.spotify.com/album/{album.spotify_id}", "spotify"))
    return (
        '<div class="thirdPartyLinks"><div class="buyButtons"><div class="albumLinks">'
        + "".join(
            f'<div class="albumLinksFlex">'
            f'<a href="{html(url)}" rel="nofollow" target="blank" title="{name}" data-track-action="{name}">'
            f'<div class="albumButton {kind}"><i class="fab fa-{kind}"></i><span>{name}</span></div></a></div>'
            for name, url, kind in links
        )
        + "</div></div></div>"
    )


def _reviews(entry: AotyEntry) -> str:
    """A few reviews: scores that are not the album's."""
    rows = "".join(
        f'<div class="albumReviewRow"><div class="albumReviewHeader">'
        f'<a href="/publication/{place}-paper/">Paper No. {place}</a>'
        f'</div><div class="albumReviewRating">{(entry.number * place) % 50 + 50}</div><div class="albumReviewText">'
        "Not without its moments, and better the second time.</div></div>\n"
        for place in range(1, min(entry.critic_count, 6) + 1)
    )
    return (
        '<section id="critics" class="section"><div class="sectionHeading"><h2>Critic Reviews</h2></div>'
        f'<div id="criticReviewContainer">{rows}</div></section>\n<section id="users" class="section">'
        '<div class="sectionHeading"><h2>User Reviews</h2></div></section>\n'
    )


def _track_list(album: Album, entry: AotyEntry) -> str:
    rows = []
    for track in album.tracks:
        seconds = round(track.duration_ms / 1000)
        guests = ", ".join(f'<a href="{artist_path(guest)}">{html(guest.name)}</a>' for guest in track.song.guests)
        featured = f'<div class="featuredArtists">feat. {guests}</div>' if guests else ""
        rating = (entry.number * track.number) % 40 + 55
        rows.append(
            f'<tr><td class="trackNumber">{track.number}</td><td class="trackTitle"><a href="/song/{track.index}-'
            f'{slug(track.song.title)}/">{html(track.song.title)}</a>'
            f'<div class="length">{seconds // 60}:{seconds % 60:02d}</div>'
            f'{featured}</td><td class="trackRating">'
            f'<span class="{_colour(rating)}-font" title="{rating * 3} Ratings">{rating}'
            "</span></td></tr>\n"
        )
    minutes = sum(track.duration_ms for track in album.tracks) // 60_000
    return (
        '<div class="rightBox trackList" id="tracklist"><div class="sectionHeading"><h2>Track List</h2></div>'
        f'<div class="trackList"><table class="trackListTable">{"".join(rows)}</table>'
        f'<div class="totalLength">Total Length: {minutes} minutes</div></div></div>'
    )


def _tag_section(entry: AotyEntry) -> str:
    if not entry.tags:
        return ""
    tags = "".join(
        f'<div class="tag{" strong" if place < 3 else ""}"><a href="/tag/{quote_plus(tag)}/albums/">{tag}</a></div>\n'
        for place, tag in enumerate(entry.tags)
    )
    return f'<div class="section"><div class="sectionHeading"><i class="fas fa-tag"></i> Tags</div>{tags}</div>\n'
