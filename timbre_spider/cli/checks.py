"""`timbre config` and `timbre validate`."""

import typer

from timbre_spider.cli.env_file import complaints
from timbre_spider.cli.settings_table import settings_table
from timbre_spider.config import load_config
from timbre_spider.terminal import console


def config() -> None:
    """Every setting as it holds, where it comes from, secrets masked; and what is wrong with `.env`."""
    settings = load_config()
    console.print(settings_table(settings, console.width), soft_wrap=False)
    for complaint in complaints():
        console.print(f".env: {complaint}")
    for line in settings.missing_keys():
        console.print(line)
    if settings.schedule is not None:
        _check_schedule(settings.schedule)


def _check_schedule(schedule: str) -> None:
    """Raises ConfigError for a time the service would not take; without the extra there is no service."""
    try:
        from timbre_spider.service.schedule import cron_trigger
    except ModuleNotFoundError:
        return
    cron_trigger(schedule)


def validate() -> None:
    """Check `.env`, keys, user, database, Redis and AOTY's robots.txt; a line each, with the cure for what is wrong."""
    # Brings pylast, which no run needs.
    from timbre_spider.cli.findings import CHECKS

    settings = load_config()
    findings = [check(settings) for check in CHECKS]
    for finding in findings:
        console.print(f"{finding.mark:4}  {finding.what}: {finding.said}")
    if any(finding.mark == "FAIL" for finding in findings):
        raise typer.Exit(2)
