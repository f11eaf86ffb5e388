"""Numbers of things in sentences."""


def how_many(number: int, one: str, more: str | None = None) -> str:
    """ "1 song", "2,000 songs"; `more`: what several are called, where that is not `one` with an s."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"
