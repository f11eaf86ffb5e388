"""`timbre config` as a table: every setting as it holds, and where that comes from."""

from pydantic import SecretStr
from rich import box
from rich.table import Table

from timbre_spider.cli.env_file import origin_of
from timbre_spider.config import Config

# Narrower terminals have no room for three columns.
_THREE_COLUMNS = 72


def settings_table(config: Config, width: int) -> Table:
    """The table, for a terminal `width` columns wide."""
    wide = width >= _THREE_COLUMNS
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold")
    if wide:
        table.add_column("origin", no_wrap=True)
    for field in Config.model_fields:
        name, value = field.upper(), in_words(config, field)
        origin = origin_of(name)
        table.add_row(*((name, value, origin) if wide else (name, f"{value} ({origin})")))
    return table


def in_words(config: Config, field: str) -> str:
    """The value of a setting as it holds for the run."""
    value = getattr(config, field)
    if field.endswith("_rate_limit"):
        limit = config.limit(field.removesuffix("_rate_limit"))
        if limit is None:
            return "no limit (sandbox on this machine)"
        return f"{limit} a minute" if limit == value else f"{limit} a minute, the most Last.fm allows ({value} is set)"
    if field == "scrape_delay_sec":
        return f"{value} s" if config.page_delay == value else "no delay (sandbox on this machine)"
    if field == "spotify_budget":
        calls = config.spotify_calls_a_day
        return f"{calls} calls a day of each kind to begin with" if calls else "no bound but Spotify's own locks"
    if value is None:
        return "not set"
    return "***" if isinstance(value, SecretStr) else str(value)
