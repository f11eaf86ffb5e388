"""An album's page, as of May 2026 [saved page]; notes tell what was seen earlier and later [observed]."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable

from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, MapCompose, TakeFirst
from scrapy.http import Response

from timbre_spider.errors import UnknownPage, Unusable
from timbre_spider.items import AotyAlbum
from timbre_spider.sources.aoty.ask import on_site
from timbre_spider.sources.aoty.cards import read_cards_of
from timbre_spider.sources.aoty.page import Element, XPath, count, date, has_class, must_hear, score, text_of, tree
from timbre_spider.sources.aoty.tracks import read_tracks
from timbre_spider.sources.text import as_dict, plain

_JSON_LD = XPath("//script[@type='application/ld+json']/text()")
_CANONICAL = XPath("string(//link[@rel='canonical']/@href)")
# One walk over the page finds all parts: each walk costs as much as all the rest.
_PARTS = XPath("//div[contains(@class, 'album') or starts-with(@class, 'tag')]")
_ARTISTS = XPath("./div[@class='artist']//a[starts-with(@href, '/artist/')]")
_ARTIST = XPath("string(./div[@class='artist'])")
_BETWEEN_NAMES = re.compile(r"[\s,&]+")
_TITLE = XPath(f"string(.//*[{has_class('albumTitle')}])")
# The exact score stands before the shown one; in a link, in microdata (to February 2026 [observed]), or bare.
_SCORE = XPath("./div[starts-with(@class, 'album')]//a/@title | ./div[starts-with(@class, 'album')]//text()")
_EXACT = {"user_score": XPath("//a[@href='#users']/@title"), "critic_score": XPath("//a[@href='#critics']/@title")}
_COUNT = XPath(f"./div[{has_class('numReviews')}]//*[self::strong or @itemprop='ratingCount']/text()")
_META_GENRES = XPath("//meta[@itemprop='genre']/@content")
_DETAILS = XPath(f"./div[{has_class('detailRow')}]")
_SPANS = XPath("./span")
_MUST_HEAR = XPath(f".//*[{has_class('mustHearButton')}]/@class")
_LABELS = XPath("./a[starts-with(@href, '/label/')]")
_GENRES = XPath("./a[starts-with(@href, '/genre/')]")
_TAGS = XPath(".//a[starts-with(@href, '/tag/') or starts-with(@href, '/all/releases/vibe/')]")
_LINKS = XPath(".//a/@href")
_SPOTIFY_ID = re.compile(r"open\.spotify\.com/album/([0-9A-Za-z]{22})")


def spotify_album_id(url: str) -> str | None:
    """The id in a link to Spotify."""
    match = _SPOTIFY_ID.search(url)
    return match[1] if match else None


class AlbumLoader(ItemLoader):
    """Turns what an album's page says into the fields of `AotyAlbum`; the first usable value counts."""

    default_item_class = dict
    default_input_processor = MapCompose(plain)
    default_output_processor = TakeFirst()
    user_score_in = critic_score_in = MapCompose(score)
    rating_count_in = critic_count_in = MapCompose(count)
    release_date_in = MapCompose(date)
    spotify_album_id_in = MapCompose(spotify_album_id)
    genres_out = secondary_genres_out = tags_out = labels_out = Compose(dict.fromkeys, tuple)
    url_in = artist_url_in = Identity()


def read_album(response: Response) -> AotyAlbum:
    """The album of a page, as `read_album_page` tells it."""
    return read_album_page(response)[0]


def read_album_page(response: Response) -> tuple[AotyAlbum, list[AotyAlbum]]:
    """The album of a page answered with 200, and those on its cards: more of its artist's, and similar ones.

    The user score is in the page alone; JSON-LD's `aggregateRating` is the critics'. Exact scores are in
    `title` attributes. "NR" or no score is None. Genres: primary ones first. Tags: the details' ones (vibes
    on later pages [observed]), then those at the end of the page.
    Raises Unusable for a page that is no album's, or is cut off, or shows a score elsewhere than it is known to stand.
    """
    root = tree(response)
    parts = _parts(root) if root is not None else {}
    if "albumHeadline" not in parts:
        raise UnknownPage(f"{response.url} is not an album's page: it may have changed, look at it.")
    if "albumUserScoreBox" not in parts and b"</html" not in response.body[-5000:].lower():
        raise Unusable(f"{response.url} is cut off: try again.")
    facts = _facts(root)
    loader = AlbumLoader()
    for headline in parts["albumHeadline"]:
        loader.add_value("title", [facts.get("name"), _TITLE(headline)])
        loader.add_value("artist", _artists(_ARTIST(headline), [text_of(link) for link in _ARTISTS(headline)]))
        loader.add_value("artist", [as_dict(facts.get("byArtist")).get("name"), _ARTIST(headline)])
        loader.add_value("artist_url", [on_site(response.url, link.get("href")) for link in _ARTISTS(headline)])
        loader.add_value("must_hear", [must_hear(each) for each in _MUST_HEAR(headline)])
    for box in parts.get("albumUserScoreBox", ()):
        loader.add_value("user_score", _SCORE(box))
        loader.add_value("rating_count", _COUNT(box))
    for box in parts.get("albumCriticScoreBox", ()):
        loader.add_value("critic_score", _SCORE(box))
        loader.add_value("critic_count", _COUNT(box))
    for row in (row for box in parts.get("albumTopBox", ()) for row in _DETAILS(box)):
        _load_detail(loader, row)
    if not loader.get_collected_values("genres"):
        loader.add_value("genres", _META_GENRES(root))
    loader.add_value("release_date", facts.get("datePublished"))
    loader.add_value("tags", [text_of(link) for part in parts.get("tag", ()) for link in _TAGS(part)])
    for box in parts.get("albumLinks", ()):
        loader.add_value("spotify_album_id", _LINKS(box))
    loader.add_value("url", on_site(response.url, _CANONICAL(root) or response.url))
    if any(not loader.get_collected_values(name) and any(map(score, told(root))) for name, told in _EXACT.items()):
        raise UnknownPage(f"{response.url} shows a score that cannot be read: it may have changed, look at it.")
    album = _album({**loader.load_item(), "tracks": read_tracks(root)}, response.url)
    return album, read_cards_of(parts.get("albumBlock", ()), response.url)


def _parts(root: Element) -> dict[str, list[Element]]:
    parts = defaultdict(list)
    for element in _PARTS(root):
        for name in element.get("class").split():
            parts[name].append(element)
    return parts


def _album(fields: dict[str, object], url: str) -> AotyAlbum:
    if not (fields.get("artist") and fields.get("title")):
        raise Unusable(f"{url} names no artist or no title: the page may have changed, look at it.")
    # Brand-new albums show 0 before anyone has rated them [observed].
    for kind, number in (("user_score", "rating_count"), ("critic_score", "critic_count")):
        if not fields.get(kind) and not fields.get(number):
            fields[kind] = None
    return AotyAlbum(**fields)  # type: ignore[arg-type]


def _load_detail(loader: AlbumLoader, row: Element) -> None:
    """A row is known by its last span; rows that do not apply are left out, so never by position."""
    spans = _SPANS(row)
    name = text_of(spans[-1]).lstrip("/ ") if spans else ""
    if name == "Release Date":
        loader.add_value("release_date", text_of(row).split("/")[0])
    elif name in ("Genre", "Genres"):
        # Secondary ones have their name in a part of its own.
        genres = sorted(_GENRES(row), key=lambda link: link.find("div") is not None)
        loader.add_value("genres", [text_of(link) for link in genres])
        loader.add_value("secondary_genres", [text_of(link) for link in genres if link.find("div") is not None])
    elif name == "Format":
        loader.add_value("format", text_of(row).split("/")[0])
    elif name in ("Label", "Labels"):
        loader.add_value("labels", [text_of(link) for link in _LABELS(row)])
    else:
        loader.add_value("tags", [text_of(link) for link in _TAGS(row)])


def _facts(root: Element) -> dict[str, object]:
    """The page's JSON-LD; empty where there is none that can be read, for it is only the second source."""
    for script in _JSON_LD(root):
        try:
            facts = json.loads(script, strict=False)
        except ValueError:
            continue
        if as_dict(facts).get("@type") == "MusicAlbum":
            return as_dict(facts)
    return {}


def _artists(shown: str, linked: list[str]) -> str:
    """The linked artists joined; what is shown, where somebody in it has no link."""
    rest = plain(shown)
    for name in sorted(linked, key=len, reverse=True):
        rest = rest.replace(name, " ", 1)
    return plain(shown) if _BETWEEN_NAMES.sub("", rest) else _joined(linked)


def _joined(artists: Iterable[str]) -> str:
    """Several artists as the site's cards join them [saved pages]."""
    names = list(dict.fromkeys(artists))
    return " & ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
