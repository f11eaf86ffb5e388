import io
import json

import pytest
from rich.table import Table
from rich.text import Text

from timbre_spider import terminal
from timbre_spider.terminal import Terminal, data_output, print_error, print_json, visible

pytestmark = pytest.mark.unit

HOSTILE = "\x1b]0;title\x07\x1b[31mred\x9b2J\r\x08\x7f \u202eback\u2066 \u2028 \ud83d [red]markup[/red] :smile: \x00"
OBEYED = {
    chr(code) for code in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\u001b[2J"),
        ("\x9b2J", "\\u009b2J"),
        ("a\rb\x08c\x7f", "a\\u000db\\u0008c\\u007f"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("half \ud83d", "half \\ud83d"),
        ("Sigur Rós\t– 東京 עברית 🎸 🏳️‍🌈\n", "Sigur Rós\t– 東京 עברית 🎸 🏳️‍🌈\n"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out_and_names_stay_names(text, shown):
    assert visible(text) == shown


def test_names_are_shown_as_they_are_in_lines_and_in_tables(monkeypatch):
    screen = io.StringIO()
    console = Terminal()
    console.file = screen
    monkeypatch.setattr(console, "_color_system", None)
    table = Table(HOSTILE, title=HOSTILE)
    table.add_row(HOSTILE)
    console.print(HOSTILE)
    console.print(table)
    console.print(Text(HOSTILE))
    said = screen.getvalue()
    assert not OBEYED & set(said)
    assert said.count("[red]markup[/red] :smile:") == 5


def test_errors_are_one_line(capsys):
    print_error(f"no user {HOSTILE}\nfake line")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert not OBEYED & set(said)


def test_json_says_the_same_with_escapes(capsys):
    print_json({"name": HOSTILE})
    said = capsys.readouterr().out
    assert not OBEYED & set(said)
    assert json.loads(said) == {"name": HOSTILE}


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_data_is_made_visible_on_a_terminal_alone(monkeypatch, capfdbinary):
    data = "a,\x1b[31mé\r\n".encode()
    output = data_output()
    output.write(data)
    output.flush()
    assert capfdbinary.readouterr().out == data
    screen = Screen()
    monkeypatch.setattr(terminal.sys, "stdout", screen)
    output = data_output()
    middle = data.index("é".encode()) + 1
    for part in (data[:middle], data[middle:]):
        output.write(part)
    assert screen.getvalue() == "a,\\u001b[31mé\n"
