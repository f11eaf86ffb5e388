"""What reaches a terminal: names come from strangers, and none may move the cursor or colour the screen."""

import io
import json
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from typing import IO, Any, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import Progress, ProgressColumn
from rich.segment import Segment
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


def progress_bar(*columns: ProgressColumn) -> Progress:
    """A bar that leaves nothing behind, and is only where somebody sees it: elsewhere it would end in an empty line."""
    shown_on = Console(stderr=True)
    return Progress(*columns, console=shown_on, transient=True, disable=not shown_on.is_terminal)


class Terminal(Console):
    """A console that shows names as they are: no control characters, no markup, no emoji codes."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """A string as it is shown, so that tables reckon with its width."""
        return super().render_str(visible(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Everything printed goes through here, also what was no string."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


console = Terminal()


def print_json(value: Any, *, indent: int | None = None, default: Callable[[Any], Any] = str) -> None:
    """`value` as JSON, on a line unless there is an `indent`; `default` makes JSON of what is none."""
    print(visible(json.dumps(value, ensure_ascii=False, indent=indent, default=default)))


def data_output() -> IO[bytes]:
    """Where data for programs goes: as it is into a pipe or a file, made visible where a terminal shows it."""
    return cast("IO[bytes]", _Shown()) if sys.stdout.isatty() else sys.stdout.buffer


class _Shown(io.RawIOBase):
    """Bytes of UTF-8 on their way to a terminal."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        seen = bytes(data)
        sys.stdout.write(visible(self._decoder.decode(seen).replace("\r\n", "\n")))
        return len(seen)


def print_error(error: object) -> None:
    """The one line that says why a command failed."""
    print(visible(str(error)).replace("\n", "\\n"), file=sys.stderr)
