"""A stand-in for Album of the Year: its pages, and what the stage is asked with."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tests.pipelines.making import song, track
from tests.sources.server import Reply
from timbre_spider.items import Answer, AotyAlbum, Outcome, SeenOn
from timbre_spider.matching.albums.key import album_key
from timbre_spider.matching.albums.sightings import sightings

KEY = ("aoty", f"album:{album_key('Ann', 'Harbour')}")


def page(number, released="March 8, 2004", title="Harbour"):
    return f"""<html><head><link rel="canonical" href="/album/{number}-ann.php"/></head><body>
        <div class="albumHeadline"><div class="artist"><a href="/artist/1-ann/">Ann</a></div>
        <h1 class="albumTitle">{title}</h1></div>
        <div class="albumTopBox"><div class="albumUserScoreBox"><div class="albumUserScore"><a title="81.5">82</a></div>
        <div class="numReviews"><strong>120</strong></div></div></div>
        <div class="albumTopBox info">
        <div class="detailRow">{released} <span>/ Release Date</span></div></div></body></html>"""


def results(*cards):
    blocks = "".join(
        f"""<div class="albumBlock"><a href="/album/{number}-ann.php"><div class="albumTitle">{title}</div></a>
            <div class="artistTitle">Ann</div><div class="type">2004</div></div>"""
        for number, title in cards
    )
    return f'<html><body><h1 class="headline">Search Results</h1>{blocks}</body></html>'


def artist_page(*albums):
    cards = results(*albums).replace('<div class="artistTitle">Ann</div>', "")
    rated = cards.replace(
        '<div class="type">2004</div>',
        '<div class="type">2004</div><div class="ratingRow"><div class="rating">66</div>'
        '<div class="ratingText">user score</div><div class="ratingText">(9)</div></div>',
    )
    return rated.replace(
        '<h1 class="headline">Search Results</h1>',
        '<h1 class="artistHeadline">Ann</h1><h2 class="subHeadline">Albums</h2>',
    )


class Site:
    """`pages` by path; searches lead to `cards`; `replies` are for paths that answer otherwise."""

    def __init__(self):
        self.cards = [(1, "Harbour"), (9, "Elsewhere")]
        self.pages = {"/album/1-ann.php": page(1)}
        self.replies = {}

    def __call__(self, asked):
        path = urlsplit(asked.path).path
        if path in self.replies:
            return self.replies[path]
        body = results(*self.cards) if path == "/search/albums/" else self.pages.get(path)
        return Reply(404) if body is None else Reply(body=body, headers={"Content-Type": "text/html"})


def paths(site):
    return [urlsplit(asked.path).path for asked in site.asked]


def heard(title="Lantern", **values):
    return song(title=title, spotify=track(title=title, **values), outcomes={"spotify": Outcome.FOUND})


def earlier(outcome=Outcome.FOUND, number=7, days=30, good_for=7, **values):
    """What an earlier run was told, `days` ago."""
    asked = datetime.now(UTC) - timedelta(days=days)
    album = AotyAlbum(f"/album/{number}-ann.php", "Ann", "Harbour", 70.0, **values)._asdict()
    return Answer(*KEY, outcome, asked, asked + timedelta(days=good_for), album)


def catalogued(bench, *albums, on=SeenOn.DATA, days=1, now=None):
    async def work(context):
        seen_at = (now or datetime.now(UTC)) - timedelta(days=days)
        await context.writer.catalogue(sightings(albums, on, "a file", seen_at))

    bench.use(work)
