"""What each spider may be asked for: one definition for the command line, schedulers and the workers' queue."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails
from scrapy import Spider
from scrapy.http import Response

from timbre_spider.config import Config
from timbre_spider.errors import HistoryUnreadable, UsageError

Period = Literal["overall", "7day", "1month", "3month", "6month", "12month"]


def _digits(value: object) -> object:
    """Whole numbers are written in digits alone; pydantic would take "1_000" and "5.0" too."""
    if isinstance(value, str) and not (value.strip().isascii() and value.strip().isdecimal()):
        raise ValueError("no whole number")
    return value


Count = Annotated[int, BeforeValidator(_digits)]
# Bounds stand before what reads digits: after it they would not be in schemas.
MaxSongs = Annotated[
    Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(_digits)] | None,
    Field(description="a whole number from 1 to 1000000"),
]
_NAME = r"^[^\s\x00-\x1f\x7f-\x9f]{0,64}$"


def _named(value: object) -> object:
    """The pattern is for schemas; who typed a wrong name is told in words."""
    if isinstance(value, str) and not re.search(_NAME, value.strip()):
        raise ValueError("a name has no spaces in it, and at most 64 letters")
    return value


Listener = Annotated[
    Annotated[str, StringConstraints(pattern=_NAME), BeforeValidator(_named)] | None,
    Field(description="a listener's name"),
]


class Arguments(BaseModel):
    """`-a NAME=VALUE …`. Every field's description ends the sentence "use …"."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @classmethod
    def read(cls, given: Mapping[str, object], options: Mapping[str, str] | None = None) -> Self:
        """Checked arguments; what is None was not given. Raises UsageError naming each wrong one, in one line, by the
        option of `timbre` where that is what was typed (`options`: {argument: option})."""
        try:
            return cls.model_validate({name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise UsageError(" ".join(cls._said_of(detail, options or {}) for detail in error.errors())) from None

    @classmethod
    def _said_of(cls, detail: ErrorDetails, options: Mapping[str, str]) -> str:
        name = str(detail["loc"][0])
        field = cls.model_fields.get(name)
        if field is None:
            return f"There is no argument {_shown(name)}: use {_listed(list(cls.model_fields))}."
        typed = f"{options[name]} " if name in options else f"{name}="
        if detail["type"] == "missing":
            return f"{typed.strip()} is missing: use {field.description}."
        return f"{typed}{_shown(detail['input'])} is wrong: use {field.description}."


def _listed_names(value: object) -> object:
    """Names with commas between them, or a file that has one a line."""
    if not isinstance(value, str):
        return value
    if Path(value).is_file():
        try:
            lines = Path(value).read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            raise ValueError(error.strerror) from None
        return [name for line in lines if (name := line.partition("#")[0].strip())]
    return [name.strip() for name in value.split(",")]


class ListenersArguments(Arguments):
    """How many songs of whom: of one listener, or of each of several."""

    max: MaxSongs = None
    user: Listener = None
    users: Annotated[
        Annotated[list[Annotated[str, StringConstraints(pattern=_NAME, min_length=1)]], Field(min_length=1)] | None,
        BeforeValidator(_listed_names),
        Field(description="names with commas between them, or a file with a name a line"),
    ] = None

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if self.user and self.users:
            raise UsageError("user=NAME names one listener, users=NAME,NAME several: give one of them.")
        return self


class ChartArguments(ListenersArguments):
    """Of `lastfm_top`: whose charts, of which period, how many songs of each."""

    period: Annotated[Period, Field(description="overall, 7day, 1month, 3month, 6month or 12month")] = "overall"
    history: Annotated[Literal["0", "1"], Field(description="1 to read every scrobble beside the chart, else 0")] = "0"


class BackfillArguments(Arguments):
    """Of `backfill`: whose songs, how many of them."""

    max: MaxSongs = None
    user: Listener = None


def _paths(value: object) -> object:
    """Several stand together as in PATH, unless it is one that has the sign in its name. Raises HistoryUnreadable
    where there is none."""
    paths = value
    if isinstance(value, str):
        paths = [value] if Path(value).exists() else value.split(os.pathsep)
    for path in paths if isinstance(paths, list) else ():
        if not Path(path).exists():
            raise HistoryUnreadable(f"There is no file {path}.")
    return paths


class HistoryArguments(BackfillArguments):
    """Of `history`: which files, whose they are, how many songs of them."""

    path: Annotated[
        list[Path],
        BeforeValidator(_paths),
        Field(min_length=1, description=f"files or folders, several with {os.pathsep!r} between them"),
    ]


class ListenBrainzArguments(ListenersArguments):
    """Of `listenbrainz_top`: whose statistics, of which range, how many songs of each."""

    range: Annotated[
        Literal["week", "month", "quarter", "half_yearly", "year", "all_time", "this_week", "this_month", "this_year"],
        Field(description="week, month, quarter, half_yearly, year, all_time, this_week, this_month or this_year"),
    ] = "all_time"


class AlbumChartArguments(Arguments):
    """Of `aoty_charts`: which chart (of a year, of a genre in it) or which month's releases, how many pages of it."""

    year: Annotated[
        str,
        StringConstraints(pattern=r"^(all|(19|20)\d\d|(19|20)\d0s)$"),
        Field(description="all, a year (2024) or a decade (2020s)"),
    ] = "all"
    genre: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] | None,
        Field(description="a genre as in addresses: dream-pop"),
    ] = None
    month: Annotated[
        Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")] | None,
        Field(description="a month: 2024-05"),
    ] = None
    pages: Annotated[Count, Field(ge=1, le=1000, description="a whole number from 1 to 1000")] = 1

    @classmethod
    def read(cls, given: Mapping[str, object], options: Mapping[str, str] | None = None) -> Self:
        asked = super().read(given, options)
        if asked.month and asked.model_fields_set & {"year", "genre"}:
            raise UsageError("month= names releases, year= and genre= a chart: use either.")
        return asked


class AskedSpider(Spider):
    """A spider whose arguments are checked; `asked` holds them. Raises UsageError when it is made with wrong ones."""

    takes: ClassVar[type[Arguments]]

    def __init__(self, **given: Any) -> None:
        super().__init__()
        self.asked = self.takes.read(given)

    def parse(self, response: Response, **kwargs: Any) -> None:
        """`scrapy parse` without a callback: every page here has a callback of its own."""
        self.logger.warning("%s has no callback for %s: name one (--callback).", self.name, response.url)

    def parameters(self, config: Config) -> dict[str, Any]:
        """What the spider was asked, as the record of the run has it."""
        return self.asked.model_dump()


def _shown(value: object) -> str:
    """What was given, safe for a terminal and a log."""
    return repr(str(value)[:80])[1:-1]


def _listed(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
