"""Made-up twins of the exports listeners own: the shapes of the real ones, songs that are nobody's."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook

TRACK_ID = "1aBcDeFgHiJkLmNoPqRsTu"
OTHER_ID = "2aBcDeFgHiJkLmNoPqRsTu"
MBID = "0d20530f-2176-447f-abf4-a9307f7d1c3f"
ISRC = "USABC2400001"
# 2021-03-04 12:00:00 UTC
NOON = int(datetime(2021, 3, 4, 12, tzinfo=UTC).timestamp())
HOUR = 3600


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def extended(
    title: str | None = "Lantern",
    artist: str | None = "Ann",
    at: int = NOON,
    ms: int = 200_000,
    album: str | None = "Harbour",
    track: str | None = TRACK_ID,
    **more: Any,
) -> dict[str, Any]:
    """A play of Spotify's extended history."""
    return {
        "ts": iso(at),
        "platform": "android",
        "ms_played": ms,
        "conn_country": "NO",
        "ip_addr": "192.0.2.1",
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": album,
        "spotify_track_uri": f"spotify:track:{track}" if track else None,
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "audiobook_title": None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": None,
        "audiobook_chapter_title": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": at,
        "incognito_mode": False,
        **more,
    }


def podcast(at: int = NOON) -> dict[str, Any]:
    return extended(
        None, None, at, album=None, track=None, episode_name="An hour", spotify_episode_uri="spotify:episode:x"
    )


def audiobook(at: int = NOON) -> dict[str, Any]:
    return extended(None, None, at, album=None, track=None, audiobook_title="A book", audiobook_uri="spotify:show:x")


def listen(at: int = NOON, artist: str = "Ann", title: str = "Lantern", **info: Any) -> dict[str, Any]:
    """A listen of ListenBrainz."""
    return {
        "inserted_at": at + 1.5,
        "listened_at": at,
        "track_metadata": {
            "track_name": title,
            "artist_name": artist,
            "release_name": "Harbour",
            "mbid_mapping": {"recording_mbid": MBID, "release_mbid": MBID},
            "additional_info": {"duration_ms": 200_000, **info},
        },
    }


def scrobble(at: int = NOON, **more: Any) -> dict[str, Any]:
    """A track as Last.fm's API shows it."""
    return {
        "artist": {"mbid": "", "#text": "Ann"},
        "streamable": "0",
        "mbid": MBID,
        "album": {"mbid": "", "#text": "Harbour"},
        "name": "Lantern",
        "url": "https://www.last.fm/music/Ann/_/Lantern",
        "date": {"uts": str(at), "#text": "04 Mar 2021, 12:00"},
        **more,
    }


def watched(title: str = "Watched Lantern", channel: str | None = "Ann - Topic", **more: Any) -> dict[str, Any]:
    """An entry of YouTube's watch history."""
    subtitles = {"subtitles": [{"name": channel, "url": "https://www.youtube.com/channel/x"}]} if channel else {}
    return {
        "header": "YouTube Music",
        "title": title,
        "titleUrl": "https://music.youtube.com/watch?v=x",
        "time": "2021-03-04T12:00:00.123Z",
        "products": ["YouTube"],
        "activityControls": ["YouTube watch history"],
        **subtitles,
        **more,
    }


def as_json(value: Any, indent: int | None = 2) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def as_lines(*entries: Any) -> bytes:
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries).encode()


def as_zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def as_workbook(sheets: Mapping[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
