"""What a run may be asked for over HTTP: the fields of `timbre run`, under the same bounds."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from timbre_spider.spiders.arguments import Listener, MaxSongs, Period

Source = Literal["open", "spotify", "lastfm", "aoty"]
SOURCES: tuple[Source, ...] = get_args(Source)


class StartRun(BaseModel):
    """The body of `POST /pipeline/start`; whatever is left out is as `timbre run` has it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    max_tracks: Annotated[MaxSongs, Field(description="songs to store; default MAX_SONGS")] = None
    user: Annotated[Listener, Field(description="user of Last.fm; default LASTFM_USERNAME")] = None
    listenbrainz: Annotated[Listener, Field(description="a user of ListenBrainz, instead of Last.fm's chart")] = None
    period: Annotated[Period | None, Field(description="of Last.fm's chart; default overall")] = None
    sources: Annotated[
        tuple[Source, ...] | None, Field(min_length=1, max_length=4, description="whom to ask; default all")
    ] = None
    skip_aoty: Annotated[bool, Field(description="do not ask Album of the Year")] = False
    dry_run: Annotated[bool, Field(description="read the chart, say what would be asked, store nothing")] = False
    sandbox: Annotated[bool, Field(description="against invented services on this machine")] = False

    @model_validator(mode="after")
    def _names_one_listener(self) -> Self:
        if self.user and self.listenbrainz:
            raise ValueError("user is one of Last.fm and listenbrainz one of ListenBrainz: give one of them")
        return self

    def command(self) -> Iterator[str]:
        """The arguments of `timbre` that ask for it."""
        yield "run"
        given = {
            "max-songs": self.max_tracks, "user": self.user, "listenbrainz": self.listenbrainz, "period": self.period,
            "sources": self.sources and ",".join(self.sources),
        }  # fmt: skip
        yield from (f"--{name}={value}" for name, value in given.items() if value)
        for name in ("skip_aoty", "dry_run", "sandbox"):
            if getattr(self, name):
                yield f"--{name.replace('_', '-')}"
