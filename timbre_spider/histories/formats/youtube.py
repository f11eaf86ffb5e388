"""YouTube's watch history (Google Takeout, as JSON): songs of YouTube Music, and of artists' own channels."""

import re

from timbre_spider.histories.format import Container, Format, has
from timbre_spider.histories.play import Entry, NoPlay, Play
from timbre_spider.histories.values import moment, text

_TOPIC = " - Topic"
# How "Watched TITLE" is said; `_` is where the title stands.
_SAID = [
    "Watched _", "_ angesehen", "Vous avez regardé _", "Has visto _", "Viste _", "Se vio: _", "Hai guardato _",
    "Guardato: _", "Você assistiu a _", "Assistiu a _", "Viu _", "_ bekeken", "Bekeken: _", "Obejrzano: _",
    "Obejrzany film: _", "Просмотрено: _", "Просмотрен ролик: _", "Переглянуто: _", "Du har sett på _", "Tittade på _",
    "Du så _", "Så _", "Har set _", "Katsottu: _", "Katsoit: _", "Zhlédnuto: _", "Megnézve: _", "Ați vizionat _",
    "Ai vizionat _", "İzlendi: _", "_ izlendi", "_ を視聴しました",
    "_을(를) 시청했습니다.", "_을(를) 시청함", "观看了 _",
    "已观看 _", "看過 _", "已觀看 _", "تمت مشاهدة _", "Menonton _", "Đã xem _", "ดู _",
]  # fmt: skip
_PHRASES = [re.compile(re.escape(said).replace("_", "(.+)"), re.S) for said in _SAID]


def _read(entry: Entry) -> Play | NoPlay:
    channels = entry.get("subtitles")
    channel = text(channels[0].get("name")) if isinstance(channels, list) and channels else None
    is_topic = channel is not None and channel.endswith(_TOPIC)
    if not is_topic and entry.get("header") != "YouTube Music":
        return NoPlay.VIDEO
    if channel is None:
        return NoPlay.NAMELESS
    if "details" in entry:
        return NoPlay.VIDEO  # an advertisement
    said = text(entry.get("title")) or ""
    title = next((match[1] for phrase in _PHRASES if (match := phrase.fullmatch(said))), None)
    if title is None:
        raise ValueError("the language of its titles is not known")
    return Play(channel.removesuffix(_TOPIC), title.strip(), moment(entry.get("time")))


WATCHED = Format(
    "YouTube watch history", "youtube", frozenset({Container.JSON}), has("header", "title", "products"), _read
)
