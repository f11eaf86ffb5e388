"""What reaches a terminal: names come from strangers, and none may move the cursor or colour the screen."""

import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

# Control characters but tab and line feed, line separators, marks that turn the direction of writing, and halves of
# surrogate pairs. As JSON writes them, so that what is JSON stays it.
_HIDDEN = {
    code: f"\\u{code:04x}"
    for codes in ((0, 9), (11, 32), (127, 160), (0x2028, 0x202F), (0x2066, 0x206A), (0xD800, 0xE000))
    for code in range(*codes)
}


def visible(text: str) -> str:
    """`text` with what a terminal would obey, or show as something else, written out: ESC as ``\\u001b``."""
    return text.translate(_HIDDEN)


class Terminal(Console):
    """A console that shows names as they are: no control characters, no markup, no emoji codes."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Every string goes through here, those in the cells of tables too."""
        return super().render_str(visible(text), **options)


console = Terminal()


def print_json(value: Any) -> None:
    """`value` as a line of JSON; what is no JSON value as text."""
    print(visible(json.dumps(value, ensure_ascii=False, default=str)))


def print_error(error: object) -> None:
    """The one line that says why a command failed."""
    print(visible(str(error)).replace("\n", "\\n"), file=sys.stderr)
