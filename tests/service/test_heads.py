"""HEAD, as monitors and link checkers send it."""

from collections.abc import Callable

import httpx2
import pytest

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("path", ["/", "/health", "/songs", "/library", "/docs", "/nowhere", "/song/x"])
def test_head_is_get_without_its_body(client: httpx2.Client, path: str) -> None:
    asked, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (asked.status_code, b"")
    assert head.headers["content-type"] == asked.headers["content-type"]


def test_head_needs_the_token_as_well_and_the_stream_has_none(client_of: Callable[..., httpx2.Client]) -> None:
    client = client_of(api_token="t" * 20)
    assert client.head("/songs").status_code == 401
    assert client.head("/events", headers={"Authorization": "Bearer " + "t" * 20}).status_code == 405
