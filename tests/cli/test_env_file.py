import pytest

from timbre_spider.cli.env_file import complaints

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SPOTIFY_CLIENTID", "SPOTIFY_CLIENT_ID"),
        ("spotify_client_secrets", "SPOTIFY_CLIENT_SECRET"),
        ("LAST_FM_API_KEY", "LASTFM_API_KEY"),
        ("LASTFM_KEY", "LASTFM_API_KEY"),
        ("LASTFM_USER_NAME", "LASTFM_USERNAME"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("REDISURL", "REDIS_URL"),
        ("SUPABASE_SERVICE_KEY", "SUPABASE_SERVICE_ROLE_KEY"),
        ("SCRAPE_DELAY", "SCRAPE_DELAY_SEC"),
        ("LOG_DIR", "LOGS_DIR"),
        ("MAX_SONG", "MAX_SONGS"),
        # Other programs' own.
        ("PGHOST", None),
        ("TEST_DATABASE_URL", None),
        ("SUPABASE_ANON_KEY", None),
        ("SPOTIFY_REDIRECT_URI", None),
        ("LASTFM_API_SECRET", None),
        ("OPENAI_API_KEY", None),
        ("REDIS_HOST", None),
        ("PORT", None),
        # Ours.
        ("lastfm_api_key", None),
        ("MAX_SONGS", None),
    ],
)
def test_names_like_ours_are_told_and_others_left_alone(tmp_path, monkeypatch, name, meant):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / ".env"
    path.write_text(f"{name}=1\n")
    path.chmod(0o600)
    assert complaints() == ([f"{name.upper()} is no setting: did you mean {meant}?"] if meant else [])


def test_an_empty_name_says_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert complaints() == []
    (tmp_path / ".env").write_text("LASTFM_KEY=\n")
    (tmp_path / ".env").chmod(0o600)
    assert complaints() == []
