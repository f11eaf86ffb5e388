"""An album's page on Album of the Year, in the markup of May 2026."""

import json
from collections.abc import Sequence
from urllib.parse import quote_plus

from ..coarse import slug
from ..world.model import Album, AotyEntry, Artist
from .boxes import critic_box, details, user_box
from .cards import own_card, similar_card
from .frame import CDN, SITE, album_path, artist_path, colour, html, names_of, page, spread
from .listed import Listed
from .quirks import linked_artists
from .reviews import contributors, critics_section, side_boxes, users_sections


def album_page(listed: Listed, others: Sequence[Listed], similar: Sequence[Listed]) -> bytes:
    """The page of an album, with cards of the artist's `others` and of `similar` ones, at most six of each."""
    album, entry, _ = listed
    name, path = names_of(album), album_path(entry)
    head = f"""<META NAME="Description" CONTENT="{html(f"Music Reviews: {entry.title} by {name}, {album.year}.")}"/>
<meta property="og:site_name" content="Album of The Year"/>
<meta property="og:type" content="music.album"/>
<meta property="og:title" content="{html(f"{name} - {entry.title}")}"/>
<meta property="og:url" content="{SITE}{path}"/>
<meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="{SITE}{path}"/>
<script type="application/ld+json">
{_json_ld(album, entry)}</script>
"""
    body = f"{_top(listed)}{below(listed, others, similar)}"
    return page(f"{name} - {entry.title} - Reviews - Album of The Year", head, body)


def _top(listed: Listed) -> str:
    album, entry, _ = listed
    path = album_path(entry)
    sub = path.removesuffix(".php")
    image, title = image_of(entry), html(f"{names_of(album)} - {entry.title}")
    must_hear = (
        f'<div class="mustHearButton {listed.must_hear}"><i class="fas fa-star"></i> Must Hear</div>'
        if listed.must_hear
        else ""
    )
    return spread(f"""<div class="fullWidth">
<div class="selectRow"><a href="{path}"><div class="selectBox selected">Overview</div></a>
<a href="{sub}/user-reviews/"><div class="selectBox">User Reviews</div></a>
<a href="{sub}/similar/"><div class="selectBox">Similar Albums</div></a>
<a href="{artist_path(album.artists[0])}"><div class="selectBox">Discography</div></a></div>
<div class="albumHeadline"><div class="artist">{artists_of(listed)}</div>
<h1 class="albumTitle">{html(entry.title)}</h1>{must_hear}</div>
<div class="albumTopBox cover"><button class="showImage" data-type="album" data-id="{entry.number}">
<img src="{CDN}/375x0/album/{image}" alt="{title}" srcset="{CDN}/750x0/album/{image} 2x"/></button></div>
<div class="albumTopBox">{critic_box(album, entry)}{user_box(album, entry, sub)}</div>
<div class="albumTopBox info"><div class="sectionHeading"><h2>Details</h2>
<div class="viewAll"><a href="/album/corrections.php?id={entry.number}" rel="nofollow">Submit Correction</a></div></div>
{details(listed)}<div class="fullCredits">
<span class="action showAlbumCredits" data-album-id="{entry.number}">Full Credits</span>
</div></div></div>
""")


def below(listed: Listed, others: Sequence[Listed], similar: Sequence[Listed]) -> str:
    """What fills the page below what it tells of the album."""
    album, entry, _ = listed
    sub = album_path(entry).removesuffix(".php")
    cards = spread(f"""<div class="section"><div class="sectionHeading">
<h2><a href="{artist_path(album.artists[0])}">More By {html(album.artists[0].name)}</a></h2></div>
<div class="mobileScroll">{"".join(map(own_card, others))}</div></div>
<div class="section"><div class="sectionHeading"><h2><a href="{sub}/similar/">You May Also Like</a></h2></div>
<div class="mobileScroll">{"".join(map(similar_card, similar))}</div></div>
""")
    return (
        f'<div class="flexContainer"><div class="wideLeft alignTop">{_links(album)}<div class="signInReview"><strong>'
        f'<a href="/account/">Sign In</a></strong> to rate and review</div>'
        f"{critics_section(entry.number, sub, entry.critic_count)}"
        f"{users_sections(entry.number, sub, entry.rating_count)}{cards}{_tag_section(entry)}"
        f'{contributors(entry.number)}</div><div class="rightContent">{track_list(album, entry)}'
        f"{side_boxes(entry.number, sub, entry.rating_count)}</div></div>"
    )


def image_of(entry: AotyEntry) -> str:
    return f"{entry.number}-{slug(entry.title) or 'cover'}.jpg"


def artists_of(listed: Listed) -> str:
    """The artists as the headline has them: linked, or from some point on plain, "X & Oaks"."""
    artists = listed.album.artists
    linked = linked_artists(listed.entry, len(artists))
    if linked == len(artists):
        return ", ".join(map(_linked, artists))
    return " &amp; ".join(
        _linked(artist) if place < linked else html(artist.name) for place, artist in enumerate(artists)
    )


def _linked(artist: Artist) -> str:
    return f'<a href="{artist_path(artist)}">{html(artist.name)}</a>'


def _json_ld(album: Album, entry: AotyEntry) -> str:
    """The page's linked data; its rating is the critics'."""
    first = album.artists[0]
    facts: dict[str, object] = {
        "@context": "http://schema.org",
        "@type": "MusicAlbum",
        "@id": SITE + album_path(entry),
        "url": SITE + album_path(entry),
        "name": entry.title,
        "image": f"https://cdn.albumoftheyear.org/album/{image_of(entry)}",
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


def track_list(album: Album, entry: AotyEntry) -> str:
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
            f'<span class="{colour(rating)}-font" title="{rating * 3} Ratings">{rating}'
            "</span></td></tr>\n"
        )
    minutes = sum(track.duration_ms for track in album.tracks) // 60_000
    return (
        '<div class="rightBox trackList" id="tracklist"><div class="sectionHeading"><h2>Track List</h2></div>'
        f'<div class="trackList"><table class="trackListTable">{spread("".join(rows), 7)}</table>'
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
