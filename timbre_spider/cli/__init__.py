"""`timbre …`: one module a group of commands; `main` turns our errors into one line and an exit status."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError

import timbre_spider
from timbre_spider.cli import albums, checks, database, identity, imports, run, sandbox, schedule, serve, show, workers
from timbre_spider.errors import TimbreError
from timbre_spider.redaction import guard
from timbre_spider.terminal import print_error
from timbre_spider.wrong_value import why_wrong

app = typer.Typer(
    name="timbre",
    help="A listener's whole music history as a clean, canonical, enriched table of songs in Postgres.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"timbre {timbre_spider.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Which version this is.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Options before the command."""


app.command("run")(run.run)
app.command("backfill")(run.backfill)
app.command("test")(run.test)
app.command("config")(checks.config)
app.command("validate")(checks.validate)
app.command("enqueue")(workers.enqueue)
app.command("worker")(workers.worker)
app.add_typer(workers.jobs, name="jobs")
app.command("sandbox")(sandbox.sandbox)
app.command("serve")(serve.serve)
app.command("schedule")(schedule.schedule)
app.command("eval")(identity.eval_)
app.command("show")(show.show)
app.command("export")(database.export)
app.command("replay")(database.replay)
app.add_typer(database.app, name="db")
reports = typer.Typer(invoke_without_command=True)
reports.callback()(identity.report)
reports.command("albums")(albums.report_albums)
app.add_typer(reports, name="report")
imports.app.command("aoty")(albums.import_aoty)
app.add_typer(imports.app, name="import")
rereads = typer.Typer(help="What was paid for, read once more.", no_args_is_help=True)
rereads.command("aoty")(albums.reread_aoty)
app.add_typer(rereads, name="reread")


@rereads.callback()
def _of_several() -> None:
    """Keeps the command's name, which Typer leaves out where there is but one."""


app.add_typer(identity.override, name="override")


def main() -> None:
    """Entry point of the `timbre` command."""
    guard()
    try:
        status = app(standalone_mode=False)
    except typer.TyperException as error:
        if isinstance(error.__cause__, ValidationError):
            error.message = "; ".join(map(why_wrong, error.__cause__.errors()))
        # Where nothing was asked for, typer has shown its help and has no message.
        if said := error.format_message():
            asked = getattr(error, "ctx", None)
            print_error(f"{said.removesuffix('.')}. `{asked.command_path if asked else 'timbre'} --help` tells more.")
        sys.exit(error.exit_code)
    except TimbreError as error:
        print_error(error)
        sys.exit(error.exit_status)
    sys.exit(status)
