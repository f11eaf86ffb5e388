"""What a form of these pages sends."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

_MOST_FIELDS = 50


async def _filled(request: Request) -> dict[str, list[str]]:
    """By name what was filled in; what was left empty is not there."""
    try:
        body = (await request.body()).decode()
        return parse_qs(body, max_num_fields=_MOST_FIELDS)
    except ValueError:  # no UTF-8, or too many fields: nothing a form of ours sends
        return {}


Filled = Annotated[dict[str, list[str]], Depends(_filled)]


def only(filled: dict[str, list[str]], name: str) -> str:
    """The one value of a field; empty where it was left empty."""
    return filled.get(name, [""])[0].strip()


def see(path: str) -> RedirectResponse:
    """After a form: look there, and reloading sends nothing again."""
    return RedirectResponse(path, 303)
