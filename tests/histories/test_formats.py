"""Every format and variant: its plays, names, dates and ids; what is no play told apart, what is broken counted."""

import pytest

from tests.histories.making import (
    HOUR,
    ISRC,
    MBID,
    NOON,
    OTHER_ID,
    TRACK_ID,
    as_json,
    as_lines,
    as_workbook,
    as_zip,
    audiobook,
    extended,
    iso,
    listen,
    podcast,
    scrobble,
    watched,
)
from timbre_spider.errors import HistoryUnreadable
from timbre_spider.histories.formats.plain import PLAIN
from timbre_spider.histories.formats.spotify import EXTENDED
from timbre_spider.histories.play import NoPlay, Play
from timbre_spider.histories.read import Histories, read_histories

pytestmark = pytest.mark.unit

LATER = NOON + HOUR
DEEZER = [
    "Song Title",
    "Artist",
    "ISRC",
    "Album Title",
    "IP Address",
    "Listening Time",
    "Platform Name",
    "Platform Model",
    "Date",
]
ACTIVITY = (
    "Artist Name,Content Name,Song Name,Album Name,Container Album Name,End Reason Type,Event End Timestamp,"
    "Event Start Timestamp,Event Type,Media Duration In Milliseconds,Media Type,Play Duration Milliseconds\n"
)
NEWER_ACTIVITY = (
    "Album Name,Event End Timestamp,Event Start Timestamp,Event Type,Media Duration In Milliseconds,Media Type,"
    "Play Duration Milliseconds,Song Name,Container Artist Name\n"
)
DAYS = (
    "Country,Track Identifier,Media type,Date Played,Hours,Play Duration Milliseconds,End Reason Type,Source Type,"
    "Play Count,Skip Count,Ignore For Recommendations,Track Reference,Track Description\n"
)
RECENT = "Track Description,Total plays,Last Event End Timestamp,Container Description,Media type\n"
APPLE = as_zip(
    {
        "Apple_Media_Services.zip": as_zip(
            {
                "Apple Music Activity/Apple Music - Play History Daily Tracks.csv": (
                    DAYS + "NO,1,AUDIO,20210304,12,400000,NATURAL,IPHONE,2,0,,1,Ann - Lantern\n"
                ).encode(),
                "Apple Music Activity/Apple Music - Favorites.csv": b"Favorite Type,Item\nSONG,Ann - Lantern\n",
                "readme.pdf": b"%PDF-1.4\0\0",
            }
        ),
    }
)


def telling(plays=1, first=NOON, last=NOON, album="Harbour", spotify=None, isrc=None, mbid=None):
    return (plays, first, last, album, spotify, isrc, mbid)


# (name of the format, name of the file, what is in it, what is told of Ann's "Lantern")
FORMATS = [
    (
        "Spotify extended history",
        "Streaming_History_Audio_2021_0.json",
        as_json([extended()]),
        telling(spotify=TRACK_ID),
    ),
    ("Spotify extended history", "endsong_3.json", as_json([extended()], indent=None), telling(spotify=TRACK_ID)),
    (
        "Spotify extended history",
        "Wiedergabeverlauf.json",
        b"\xef\xbb\xbf" + as_json([extended()]),
        telling(spotify=TRACK_ID),
    ),
    ("Spotify extended history", "x.json", b"\n \n" + as_json([extended()]) + b"\n", telling(spotify=TRACK_ID)),
    ("Spotify extended history", "x.json", as_json([extended(track=None, uri=1)]), telling()),
    ("Spotify extended history", "x.json", as_json([podcast(), extended()]), telling(spotify=TRACK_ID)),
    (
        "Spotify account data",
        "StreamingHistory_music_0.json",
        as_json([{"endTime": "2021-03-04 12:00", "artistName": "Ann", "trackName": "Lantern", "msPlayed": 200000}]),
        telling(album=None),
    ),
    (
        "Last.fm export (JSON)",
        "recenttracks.json",
        as_json([{"track": [scrobble()], "@attr": {"page": "1"}}]),
        telling(mbid=MBID),
    ),
    (
        "Last.fm export (JSON)",
        "x.json",
        as_json([{"track": [scrobble()]}, {"track": scrobble(LATER)}, {"track": []}]),
        telling(2, last=LATER, mbid=MBID),
    ),
    ("Last.fm export (JSON)", "x.json", as_json({"recenttracks": {"track": scrobble()}}), telling(mbid=MBID)),
    ("Last.fm export (JSON)", "x.json", as_json([{"recenttracks": {"track": [scrobble()]}}]), telling(mbid=MBID)),
    ("Last.fm export (JSON)", "x.json", as_json([[scrobble()], [scrobble(LATER)]]), telling(2, last=LATER, mbid=MBID)),
    ("Last.fm export (JSON)", "x.json", as_json([scrobble(artist={"name": "Ann", "mbid": ""})]), telling(mbid=MBID)),
    ("Last.fm export (JSON)", "x.ndjson", as_lines(scrobble(), scrobble(LATER)), telling(2, last=LATER, mbid=MBID)),
    (
        "Last.fm export (CSV)",
        "recenttracks.csv",
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
        f'"{NOON}","04 Mar 2021, 12:00","Ann","","Harbour","","Lantern","{MBID}"\n'.encode(),
        telling(mbid=MBID),
    ),
    (
        "lastfm-to-csv",
        "ann.csv",
        b'Ann,Harbour,Lantern,"04 Mar 2021 12:00"\nAnn,Harbour,Lantern,04 Mar 2021 13:00\n',
        telling(2, last=LATER),
    ),
    (
        "lastfmstats (JSON)",
        "lastfmstats-ann.json",
        as_json(
            {
                "username": "ann",
                "scrobbles": [{"track": "Lantern", "artist": "Ann", "album": "Harbour", "date": NOON * 1000}],
            },
            None,
        ),
        telling(),
    ),
    (
        "lastfmstats (CSV)",
        "lastfmstats-ann.csv",
        f'\ufeffArtist;Album;AlbumId;Track;Date#ann\n"Ann";"Harbour";"";"Lantern";"{NOON}000"\n'.encode(),
        telling(),
    ),
    ("ListenBrainz export", "3.jsonl", as_lines(listen(), listen(LATER)), telling(2, last=LATER, mbid=MBID)),
    ("ListenBrainz export", "x.json", as_json([listen(isrc=ISRC)]), telling(isrc=ISRC, mbid=MBID)),
    (
        "ListenBrainz export",
        "x.jsonl",
        as_lines(listen(spotify_id=f"https://open.spotify.com/track/{TRACK_ID}", recording_mbid="none")),
        telling(spotify=TRACK_ID, mbid=MBID),
    ),
    (
        "Deezer export",
        "deezer-data_1.xlsx",
        as_workbook(
            {
                "01_account": [["Name", "ann"]],
                "10_listeningHistory": [
                    DEEZER,
                    ["Lantern", "Ann", ISRC, "Harbour", "::1", "200", "web", "", "2021-03-04 12:00:00"],
                ],
            }
        ),
        telling(isrc=ISRC),
    ),
    (
        "Apple Music play activity",
        "Apple Music Play Activity.csv",
        (
            ACTIVITY + f"Ann,Lantern,,,Harbour - EP,NATURAL,{iso(LATER)},{iso(NOON)},PLAY_END,210000,AUDIO,200000\n"
        ).encode(),
        telling(),
    ),
    (
        "Apple Music play activity",
        "Apple Music Play Activity.csv",
        (NEWER_ACTIVITY + f"Harbour - Single,{iso(NOON)},,PLAY_END,210000,AUDIO,200000,Lantern,Ann\n").encode(),
        telling(),
    ),
    (
        "Apple Music daily tracks",
        "x.csv",
        (DAYS + "NO,1,AUDIO,20210304,12,400000,NATURAL,IPHONE,2,0,,1,Ann - Lantern\n").encode(),
        telling(2, album=None),
    ),
    ("Apple Music daily tracks", "apple.zip", APPLE, telling(2, album=None)),
    (
        "Apple Music recently played",
        "x.csv",
        (RECENT + f"Ann - Lantern,7,{iso(NOON)},Harbour - Single,AUDIO\n").encode(),
        telling(7),
    ),
    ("YouTube watch history", "watch-history.json", as_json([watched()]), telling(album=None)),
    (
        "YouTube watch history",
        "Wiedergabeverlauf.json",
        as_json([watched("Lantern angesehen", header="YouTube")]),
        telling(album=None),
    ),
    ("YouTube watch history", "x.json", as_json([watched("Vous avez regardé Lantern", "Ann")]), telling(album=None)),
    ("YouTube watch history", "x.json", as_json([watched("Lantern を視聴しました")]), telling(album=None)),
    (
        "Maloja export",
        "maloja.json",
        as_json(
            {
                "maloja": {"export_time": NOON},
                "scrobbles": [
                    {
                        "time": NOON,
                        "track": {
                            "artists": ["Ann"],
                            "title": "Lantern",
                            "album": {"artists": ["Ann"], "albumtitle": "Harbour"},
                            "length": 200,
                        },
                        "duration": 180,
                        "origin": "x",
                    }
                ],
            }
        ),
        telling(),
    ),
    (
        "Koito export",
        "koito.json",
        as_json(
            {
                "version": "1",
                "exported_at": iso(LATER),
                "user": "ann",
                "listens": [
                    {
                        "listened_at": iso(NOON),
                        "track": {
                            "mbid": MBID,
                            "duration": 200,
                            "aliases": [
                                {"alias": "Laterne", "is_primary": False},
                                {"alias": "Lantern", "is_primary": True},
                            ],
                        },
                        "album": {
                            "mbid": None,
                            "aliases": [{"alias": "Harbour", "source": "canonical", "is_primary": True}],
                        },
                        "artists": [
                            {"mbid": None, "is_primary": True, "aliases": [{"alias": "Ann", "is_primary": True}]}
                        ],
                    }
                ],
            }
        ),
        telling(mbid=MBID),
    ),
    (
        "scrobbler log",
        ".scrobbler.log",
        f"#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/Rockbox h3xx 1.1\nAnn\tHarbour\tLantern\t1\t200\tL\t{NOON}\t{MBID}\n"
        f"Ann\tHarbour\tLantern\t1\t200\tS\t{LATER}\t{MBID}\n".encode(),
        telling(mbid=MBID),
    ),
    (
        "list of plays",
        "mine.csv",
        f"Title;Artist Name;ISRC\nLantern;Ann;{ISRC.lower()}\n".encode(),
        telling(1, None, None, None, isrc=ISRC),
    ),
    (
        "list of plays",
        "mine.tsv",
        f"Song\tArtist\tAlbum\tPlayed at\nLantern\tAnn\tHarbour\t{iso(NOON)}\n".encode(),
        telling(),
    ),
    ("list of plays", "x.csv", b"artist,title,playcount\nAnn,Lantern,12\n", telling(12, None, None, None)),
    (
        "list of plays",
        "x.jsonl",
        as_lines({"artist": "Ann", "title": "Lantern", "uri": f"spotify:track:{TRACK_ID}", "time": NOON}),
        telling(album=None, spotify=TRACK_ID),
    ),
    ("list of plays", "x.csv", b'"artist","title"\r\n"Ann","Lantern"\r\n\r\n', telling(1, None, None, None)),
]


@pytest.fixture
def read(tmp_path):
    """Reads a file of this name and content."""

    def reading(name: str, content: bytes, **options) -> Histories:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return read_histories([path], **options)

    return reading


def told(row):
    [listens] = row.listens
    return (
        listens.plays,
        listens.first_play,
        listens.last_play,
        listens.album,
        listens.spotify_id,
        listens.isrc,
        listens.mbid,
    )


@pytest.mark.parametrize(
    ("format_name", "file_name", "content", "expected"), FORMATS, ids=[f"{name}-{file}" for name, file, *_ in FORMATS]
)
def test_a_format_is_known_by_its_content_and_read_as_it_is(read, format_name, file_name, content, expected):
    histories = read(file_name, content)
    [row] = histories.rows
    assert (row.artist, row.title, row.playcount) == ("Ann", "Lantern", expected[0])
    assert told(row) == expected
    assert [(file.format, file.broken) for file in histories.files] == [(format_name, 0)]


ALL_AT_ONCE = [
    extended(),
    podcast(),
    audiobook(),
    extended(ms=29_999),
    extended("Ebb", at=LATER, ms=30_000, track=OTHER_ID),
    extended(None),
    extended(" "),
    extended("Ebb", None),
    {"ts": iso(NOON), "ms_played": "?"},
    "?",
    7,
    None,
    {},
    extended("Ebb", ms=None),
    extended("Ebb", ts="yesterday"),
]


def test_what_is_no_play_is_told_apart_and_what_is_broken_is_counted_with_its_place(read):
    histories = read("Streaming_History_Audio_2021_0.json", as_json(ALL_AT_ONCE))
    [file] = histories.files
    assert {row.title for row in histories.rows} == {"Lantern", "Ebb"}
    assert file.plays == 2
    assert file.no_plays == {NoPlay.PODCAST: 1, NoPlay.AUDIOBOOK: 1, NoPlay.TOO_SHORT: 1, NoPlay.NAMELESS: 1}
    assert file.broken == 9
    assert [place.rpartition("json, ")[2] for place in file.places] == [
        "entry 7: no title",
        "entry 8: no artist",
        "entry 9: no length of the play",
        "entry 10: no object",
        "entry 11: no object",
    ]


OF_TABLES = [
    (
        "log",
        ".scrobbler.log",
        "#AUDIOSCROBBLER/1.1\n#TZ/UTC\nAnn\tHarbour\tLantern\t1\t200\tL\t1\n"
        "#1 Dads\tA\tSo Soldier\t1\t200\tL\t1614859200\tx\n\n"
        "Ann\tHarbour\tLantern\nAnn\tHarbour\tLantern\t1\t200\tX\t1\t\n",
        ["line 6: 3 fields instead of 8", "line 7: neither listened (L) nor skipped (S)"],
    ),
    (
        "csv",
        "x.csv",
        "artist,title\nAnn,Lantern\nAnn,\nAnn\n,Lantern\nAnn,Lantern,,\n#1 Dads,So Soldier\n",
        ["line 3: no title", "line 4: no title", "line 5: no artist", "line 6: 4 fields instead of 2"],
    ),
    (
        "lines",
        "x.jsonl",
        '{"artist":"Ann","title":"Lantern"}\n{"artist":"Ann"\n[1]\n\n{"artist":"#1 Dads","title":"So Soldier"}\n'
        '{"artist": null, "title":"x"}\n',
        ["line 2: no JSON object", "line 3: no JSON object", "line 6: no artist"],
    ),
    (
        "counts",
        "x.csv",
        "artist,title,plays\nAnn,Lantern,1\n#1 Dads,So Soldier,3\nAnn,Lantern,none\nAnn,Lantern,0\n",
        ["line 4: no number of plays", "line 5: no number of plays"],
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "places"), [case[1:] for case in OF_TABLES], ids=[case[0] for case in OF_TABLES]
)
def test_a_broken_line_is_shown_and_costs_no_other(read, name, content, places):
    histories = read(name, content.encode())
    [file] = histories.files
    assert [place.rpartition(f"{name}, ")[2] for place in file.places] == places
    assert {row.artist for row in histories.rows} == {"Ann", "#1 Dads"}


def test_a_line_that_is_not_utf8_costs_itself_alone(read):
    long = "".join(f"Ann,{'Song ' * 100}{number}\n" for number in range(3000)).encode()
    histories = read("x.csv", b"artist,title\n" + long + b"Bj\xf6rk,Army\nBob,Moth\n")
    [file] = histories.files
    assert (file.plays, file.broken) == (3001, 1)
    assert file.places[0].endswith("line 3,002: not UTF-8")


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_letter_at_which_the_looked_at_beginning_ends_is_whole(read, before):
    long = extended("€" * 200_000)
    [file] = read("x.json", b" " * before + as_json([extended(), long, long])).files
    assert file.plays == 3


def test_only_a_few_broken_entries_are_shown(read):
    histories = read("x.jsonl", as_lines({"artist": "Ann", "title": "Lantern"}, *([1] * 500)))
    [file] = histories.files
    assert (file.broken, len(file.places)) == (500, 5)


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("Streaming_History_Audio_2021_0.json", 0),
        ("Streaming_History_Video_2018-2024.json", 1),
        ("Historial_de_reproducción_Vídeo_2020.json", 1),
        ("Streaming-Verlauf_Video_3.json", 1),
        ("Videotapes.json", 0),
    ],
)
def test_videos_have_a_file_of_their_own(tmp_path, name, apart):
    (tmp_path / name).write_bytes(as_json([extended("Clip", at=LATER)]))
    (tmp_path / "endsong_0.json").write_bytes(as_json([extended()]))
    histories = read_histories([tmp_path])
    assert sum(file.no_plays[NoPlay.VIDEO] for file in histories.files) == apart


APPLE_NO_PLAYS = [
    ("Ann - Lantern,7,,,AUDIO\nAnn,7,,,AUDIO\nAnn - Clip,1,,,VIDEO\n", RECENT, {NoPlay.VIDEO: 1}, 1),
    (
        f"Ann,,Lantern,,,,{iso(NOON)},,PLAY_END,1,AUDIO,200000\nAnn,,Lantern,,,,,,LYRIC_DISPLAY,1,AUDIO,200000\n"
        ",,Lantern,,,,,,PLAY_END,1,AUDIO,200000\nAnn,,Clip,,,,,,PLAY_END,1,VIDEO,200000\nAnn,,Short,,,,,,PLAY_END,1,AUDIO,2000\n",
        ACTIVITY,
        {NoPlay.SKIPPED: 1, NoPlay.NAMELESS: 1, NoPlay.VIDEO: 1, NoPlay.TOO_SHORT: 1},
        0,
    ),
    (
        "NO,1,AUDIO,20210304,12,400000,N,I,2,0,,1,Ann - Lantern\n"
        "NO,1,AUDIO,20210304,13,400000,N,I,0,1,,1,Ann - Lantern\n"
        "NO,1,VIDEO,20210304,12,400000,N,I,2,0,,1,Ann - Clip\n",
        DAYS,
        {NoPlay.SKIPPED: 1, NoPlay.VIDEO: 1},
        0,
    ),
]


@pytest.mark.parametrize(("lines", "header", "no_plays", "broken"), APPLE_NO_PLAYS)
def test_apple_s_tables_hold_more_than_plays(read, lines, header, no_plays, broken):
    histories = read("x.csv", (header + lines).encode())
    [file] = histories.files
    assert [row.title for row in histories.rows] == ["Lantern"]
    assert (file.no_plays, file.broken) == (no_plays, broken)


def test_youtube_s_videos_and_advertisements_are_no_songs(read):
    other = watched("Watched How to", "A channel", header="YouTube")
    entries = [
        watched(),
        other,
        watched(channel=None),
        watched(details=[{"name": "From Google Ads"}]),
        watched("Zuschauen: Lantern"),
    ]
    [file] = read("watch-history.json", as_json(entries)).files
    assert (file.plays, file.no_plays, file.broken) == (1, {NoPlay.VIDEO: 2, NoPlay.NAMELESS: 1}, 1)


def test_what_is_no_object_on_a_page_of_last_fm_is_broken_and_costs_no_other(read):
    [file] = read("x.json", as_json([{"track": [7, scrobble(), None, "x", {}]}])).files
    assert (file.plays, file.broken) == (1, 4)


def test_what_plays_just_now_is_no_play_yet(read):
    now = scrobble(**{"@attr": {"nowplaying": "true"}})
    del now["date"]
    [file] = read("x.json", as_json([{"track": [now, scrobble()]}])).files
    assert (file.plays, file.no_plays) == (1, {NoPlay.PLAYING: 1})


@pytest.mark.parametrize(("before", "is_known"), [(19, True), (20, False)])
def test_one_of_the_first_twenty_entries_tells_the_format(read, before, is_known):
    content = as_json([*({"no": "play"} for _ in range(before)), extended()])
    if is_known:
        assert [row.title for row in read("x.json", content).rows] == ["Lantern"]
    else:
        with pytest.raises(HistoryUnreadable, match="of a known kind"):
            read("x.json", content)


def test_an_entry_may_hold_what_is_deep(read):
    deep = []
    for _ in range(300):
        deep = [deep]
    assert [row.title for row in read("x.json", as_json([extended() | {"more": deep}])).rows] == ["Lantern"]


def test_a_list_in_an_archive_may_be_anything_and_is_passed_over(tmp_path, read):
    playlist = b"artist,title\nAnn,Never Played\n"
    histories = read(
        "my_spotify_data.zip", as_zip({"a/Playlist1.csv": playlist, "a/endsong_0.json": as_json([extended()])})
    )
    assert [row.title for row in histories.rows] == ["Lantern"]
    assert [name.rpartition("/")[2] for name in histories.passed_over] == [
        "Playlist1.csv is no listening history of a known kind"
    ]


@pytest.mark.parametrize("least", [0, 30, 200, 201])
def test_how_short_a_play_may_be_is_for_the_listener_to_say(read, least):
    histories = read("x.json", as_json([extended(), extended("Ebb", ms=300_000, track=OTHER_ID)]), least_seconds=least)
    assert {row.title for row in histories.rows} == ({"Lantern", "Ebb"} if least <= 200 else {"Ebb"})


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({}, NoPlay.NAMELESS),
        ({"episode_name": "An hour"}, NoPlay.PODCAST),
        ({"spotify_episode_uri": "spotify:episode:x"}, NoPlay.PODCAST),
        ({"audiobook_title": "A book"}, NoPlay.AUDIOBOOK),
        ({"audiobook_uri": "spotify:show:x"}, NoPlay.AUDIOBOOK),
    ],
)
def test_name_or_address_tells_what_is_no_song(told, kind):
    assert EXTENDED.read({"ts": iso(NOON), "ms_played": 60_000, **told}) is kind


@pytest.mark.parametrize(
    ("plays", "counted"),
    [("1", 1), ("2147483647", 2147483647), ("2147483648", None), ("0", None), ("-1", None), ("many", None), ("", 1)],
)
def test_a_count_of_plays_is_one_the_database_keeps(plays, counted):
    entry = {"Artist": "Ann", "Title": "Lantern", "Plays": plays}
    if counted is None:
        with pytest.raises(ValueError, match="no number of plays"):
            PLAIN.read(entry)
    else:
        told = PLAIN.read(entry)
        assert isinstance(told, Play)
        assert told.plays == counted


def test_a_number_with_a_fraction_is_a_number(read):
    [row] = read("x.json", as_json([extended() | {"ms_played": 200_000.5}])).rows
    assert row.playcount == 1


def test_a_formula_in_a_workbook_is_no_title(read):
    titles = ("Lantern", '=HYPERLINK("http://x")')
    rows = [[title, "Ann", ISRC, "Harbour", "::1", "200", "web", "", "2021-03-04 12:00:00"] for title in titles]
    histories = read("x.xlsx", as_workbook({"10_listeningHistory": [DEEZER, *rows]}))
    assert [row.title for row in histories.rows] == ["Lantern"]
