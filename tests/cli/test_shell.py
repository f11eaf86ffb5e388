"""`timbre db shell`: psql as the terminal has it, and one line where there is no Postgres to open."""

import pytest

from tests.databases import url_of
from tests.screen import shown_by

pytestmark = pytest.mark.integration

CLEARED = "\x1b[H\x1b[2J"


def test_the_shell_knows_the_terminal(workspace_for):
    # ctrl-L: on a terminal it knows nothing of, psql's line editing cannot clear it.
    typed = "\f\\q\n"
    said = shown_by(workspace_for(), "timbre", "db", "shell", prompt="=# ", typed=typed, TERM="xterm-256color")
    assert CLEARED in said


def test_no_secret_stands_on_psql_s_command_line(workspace_for, postgres_server):
    address = url_of(postgres_server, "postgres")
    secret = "&password=marked-1&sslpassword=marked-2&sslmode=disable"
    typed = "\\! tr '\\0' ' ' < /proc/$PPID/cmdline; cat $PGSERVICEFILE; stat -c %a $PGSERVICEFILE\n\\q\n"
    said = shown_by(workspace_for(DATABASE_URL=address + secret), "timbre", "db", "shell", prompt="=# ", typed=typed)
    command, _, file = said.partition("[timbre]")
    assert "service=timbre" in command
    assert "marked" not in command
    assert file.split()[:2] == ["sslpassword=marked-2", "600"]


def test_over_rest_it_says_what_is_missing(workspace_for):
    env = {"SUPABASE_URL": "http://127.0.0.1:1", "SUPABASE_SERVICE_ROLE_KEY": "key"}
    said = workspace_for().run("timbre", "db", "shell", status=1, **env)
    assert "Set DATABASE_URL" in said
    assert len(said.strip().splitlines()) == 1
