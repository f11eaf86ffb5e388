import pytest

from timbre_spider.errors import UsageError
from timbre_spider.spiders.aoty_charts import AotyCharts
from timbre_spider.spiders.arguments import (
    AlbumChartArguments,
    Arguments,
    BackfillArguments,
    ChartArguments,
    HistoryArguments,
)
from timbre_spider.spiders.backfill import Backfill
from timbre_spider.spiders.history import History
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listenbrainz_top import ListenbrainzTop

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("takes", "given", "read"),
    [
        (ChartArguments, {}, {"max": None, "user": None, "users": None, "period": "overall", "history": "0"}),
        (BackfillArguments, {"user": "bob"}, {"max": None, "user": "bob"}),
        (
            ChartArguments,
            {"max": " 7 ", "user": " ann ", "period": "7day"},
            {"max": 7, "user": "ann", "users": None, "period": "7day", "history": "0"},
        ),
        (
            ChartArguments,
            {"max": 7, "users": "ann, bob"},
            {"max": 7, "user": None, "users": ["ann", "bob"], "period": "overall", "history": "0"},
        ),
        (
            ChartArguments,
            {"max": "1000000", "user": ""},
            {"max": 1_000_000, "user": "", "users": None, "period": "overall", "history": "0"},
        ),
        (BackfillArguments, {"max": "1"}, {"max": 1, "user": None}),
        (AlbumChartArguments, {}, {"year": "all", "genre": None, "month": None, "pages": 1}),
        (
            AlbumChartArguments,
            {"year": "2020s", "pages": "4"},
            {"year": "2020s", "genre": None, "month": None, "pages": 4},
        ),
        (
            AlbumChartArguments,
            {"genre": "dream-pop", "year": "1999"},
            {"year": "1999", "genre": "dream-pop", "month": None, "pages": 1},
        ),
        (AlbumChartArguments, {"month": "2024-05"}, {"year": "all", "genre": None, "month": "2024-05", "pages": 1}),
    ],
)
def test_what_is_right_is_read(takes, given, read):
    assert takes.read(given).model_dump() == read


@pytest.mark.parametrize(
    ("takes", "given", "said"),
    [
        *((ChartArguments, {"max": wrong}, f"max={wrong}") for wrong in ("0", "abc", "-1", "1.5", "5.0", "1_0", "")),
        (ChartArguments, {"max": "1000001"}, "from 1 to 1000000"),
        (ChartArguments, {"max": "\u0663"}, "whole number"),
        (ChartArguments, {"period": "year"}, "period=year is wrong: use overall, 7day"),
        (ChartArguments, {"history": "yes"}, "history=yes is wrong: use 1 to read every scrobble"),
        (ChartArguments, {"user": "a b"}, "user=a b"),
        (ChartArguments, {"user": "a\x1b[2J"}, r"user=a\x1b[2J"),
        (ChartArguments, {"user": "a" * 65}, "a listener's name"),
        (ChartArguments, {"users": "ann,,bob"}, "users= is wrong: use names with commas"),
        (ChartArguments, {"users": "ann,b b"}, "users=b b is wrong"),
        (ChartArguments, {"users": "ann", "user": "bob"}, "names one listener"),
        (ChartArguments, {"colour": "red"}, "There is no argument colour: use max, user, users, period or history."),
        (ChartArguments, {"shared": "1"}, "There is no argument shared"),
        (ChartArguments, {"name": "other"}, "There is no argument name"),
        (BackfillArguments, {"period": "7day"}, "There is no argument period: use max or user."),
        (HistoryArguments, {}, "path= is missing: use files or folders, several"),
        (HistoryArguments, {"path": 5}, "path=5 is wrong: use files or folders, several"),
        (AlbumChartArguments, {"pages": "x"}, "pages=x is wrong"),
        (AlbumChartArguments, {"pages": "0"}, "pages=0 is wrong"),
        (AlbumChartArguments, {"year": "nonsense"}, "year=nonsense is wrong: use all, a year (2024) or a decade"),
        (AlbumChartArguments, {"year": "2024s"}, "year=2024s"),
        (AlbumChartArguments, {"year": "24\n"}, "year=24"),
        (AlbumChartArguments, {"month": "2024-99"}, "month=2024-99 is wrong: use a month: 2024-05."),
        (AlbumChartArguments, {"genre": "Dream Pop"}, "genre=Dream Pop is wrong: use a genre as in addresses"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(takes, given, said):
    with pytest.raises(UsageError) as raised:
        takes.read(given)
    assert said in str(raised.value)
    assert str(raised.value).isprintable()


def test_what_was_typed_as_an_option_is_named_as_one():
    options = {"max": "--max-songs", "path": "PATH"}
    with pytest.raises(UsageError, match=r"^--max-songs 0 is wrong: use .* user=a b is wrong"):
        ChartArguments.read({"max": "0", "user": "a b"}, options)
    with pytest.raises(UsageError, match=r"^PATH is missing: use files"):
        HistoryArguments.read({}, options)


def test_every_argument_says_what_to_use():
    kinds = [Arguments]
    for kind in kinds:
        kinds += kind.__subclasses__()
    unsaid = {
        (kind.__name__, name) for kind in kinds for name, field in kind.model_fields.items() if not field.description
    }
    assert len(kinds) > 5
    assert unsaid == set()


def test_listeners_stand_in_a_file_one_a_line(tmp_path):
    file = tmp_path / "listeners"
    file.write_text("\ufeff# mine\nann\n\n bob  # the other one\n", encoding="utf-8")
    assert ChartArguments.read({"users": str(file)}).users == ["ann", "bob"]
    for content in (b"# nobody\n", b"\xff\xfe\x00", b"a name of several words\n"):
        file.write_bytes(content)
        with pytest.raises(UsageError, match="is wrong: use names with commas between them, or a file"):
            ChartArguments.read({"users": str(file)})


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(UsageError, match=r"max=0 .* There is no argument colour"):
        ChartArguments.read({"max": "0", "colour": "red"})


@pytest.mark.parametrize("spider", [LastfmTop, Backfill, AotyCharts])
def test_a_spider_takes_no_wrong_argument_from_anybody(spider):
    with pytest.raises(UsageError, match="no argument colour"):
        spider(colour="red")


def test_each_spider_has_the_name_that_schedules_and_commands_know() -> None:
    spiders = (AotyCharts, Backfill, History, LastfmTop, ListenbrainzTop)
    assert [spider.name for spider in spiders] == [
        "aoty_charts", "backfill", "history", "lastfm_top", "listenbrainz_top",
    ]  # fmt: skip
