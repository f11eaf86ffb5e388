"""`timbre config` and `timbre validate`."""

import os

import typer
from dotenv import dotenv_values
from pydantic import SecretStr
from rich import box
from rich.console import Console
from rich.table import Table

from timbre_spider.cli.findings import CHECKS
from timbre_spider.config import Config, load_config

console = Console(soft_wrap=True, highlight=False)


def config() -> None:
    """Every setting, where it comes from, secrets masked."""
    settings = load_config()
    from_file = {name.upper() for name, value in dotenv_values(".env").items() if value}
    table = Table("setting", "value", "origin", box=box.SIMPLE_HEAD, pad_edge=False)
    for field in Config.model_fields:
        name = field.upper()
        value = getattr(settings, field)
        shown = "***" if isinstance(value, SecretStr) else "" if value is None else str(value)
        table.add_row(
            name, shown, "environment" if os.environ.get(name) else ".env" if name in from_file else "default"
        )
    console.print(table)


def validate() -> None:
    """Check keys, user, database, Redis and AOTY's robots.txt; a line each, with the cure for what is wrong."""
    settings = load_config()
    findings = [check(settings) for check in CHECKS]
    for finding in findings:
        console.print(f"{finding.mark:4}  {finding.what}: {finding.said}")
    if any(finding.mark == "FAIL" for finding in findings):
        raise typer.Exit(2)
