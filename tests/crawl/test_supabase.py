"""A whole crawl with nothing but Supabase's REST side for a database."""

import threading
from http.server import ThreadingHTTPServer

import pytest

from tests.storage.test_supabase import KEY, Rest

pytestmark = pytest.mark.integration


def test_songs_are_stored_over_rest_and_a_second_run_asks_nothing(database, workspace, sandbox):
    handler = type("Handler", (Rest,), {"database": database, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    env = {
        "SUPABASE_URL": f"http://127.0.0.1:{server.server_port}",
        "SUPABASE_SERVICE_ROLE_KEY": KEY,
        "DATABASE_URL": "",
    }
    crawl = ("scrapy", "crawl", "lastfm_top", "-a", "max=60", "-s", "LOG_LEVEL=DEBUG")
    try:
        said = workspace.run(*crawl, **env)
        asked = sandbox.requests("spotify")
        said += workspace.run(*crawl, **env)
    finally:
        server.shutdown()
        server.server_close()
    assert KEY not in said
    with database.connect() as connection:
        assert connection.execute("SELECT count(*), count(spotify_id) > 40 FROM songs").fetchone() == (60, True)
    assert sandbox.requests("spotify") == asked
