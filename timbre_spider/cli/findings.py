"""The checks of `timbre validate`: each asks one thing and says, in a line, what to do when it is wrong."""

from dataclasses import dataclass
from typing import Literal

import requests
from protego import Protego
from spotipy.exceptions import SpotifyException
from spotipy.oauth2 import SpotifyOauthError

from timbre_spider.cli.env_file import ENV_FILE, complaints
from timbre_spider.config import Config
from timbre_spider.errors import RunError, SourceError, TimbreError
from timbre_spider.extensions.spotify_calls import SpotifyCalls
from timbre_spider.how_many import how_many
from timbre_spider.planning.budget import in_words
from timbre_spider.sharing import open_redis
from timbre_spider.sources.aoty import chart_url, search_url
from timbre_spider.sources.gate import utc_now
from timbre_spider.sources.lastfm.check import check_user
from timbre_spider.sources.spotify.calls import Calls
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.migrate import migrate

_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `ok`, `off` (not configured, not needed), `warn` or `FAIL`."""

    mark: Literal["ok", "off", "warn", "FAIL"]
    what: str
    said: str


def env_file(config: Config) -> Finding:
    """Misspelled names and loose permissions of `.env`."""
    if not ENV_FILE.is_file():
        return Finding("off", ".env", "there is none: the environment counts alone")
    found = complaints()
    return Finding("warn" if found else "ok", ".env", "; ".join(found) or "no setting is misspelled, and it is private")


def contact(config: Config) -> Finding:
    """Whether the User-Agent names somebody to be reached."""
    if config.user_agent_contact is None:
        said = (
            "USER_AGENT_CONTACT is not set: ListenBrainz and MusicBrainz block who names no address or mail of theirs"
        )
        return Finding("warn", "User-Agent", said)
    return Finding("ok", "User-Agent", config.user_agent)


def lastfm(config: Config) -> Finding:
    """The key and the listener, through pylast."""
    what = "Last.fm"
    if config.lastfm_api_key is None:
        return Finding(
            "FAIL",
            what,
            "LASTFM_API_KEY is missing: get one at https://www.last.fm/api/account/create, put it in .env",
        )
    if not config.lastfm_username:
        return Finding("FAIL", what, "LASTFM_USERNAME is missing: put the listener's name in .env")
    try:
        key = config.lastfm_api_key.get_secret_value()
        user = check_user(config.lastfm_base_url, key, config.lastfm_username, config.user_agent)
    except SourceError as error:
        return Finding("FAIL", what, str(error))
    return Finding("ok", what, f"{user.name} has {how_many(user.playcount, 'scrobble')}")


def spotify(config: Config) -> Finding:
    """Whether the key gets a token, which costs no quota."""
    what = "Spotify"
    if config.spotify_client_id is None or config.spotify_client_secret is None:
        return Finding("off", what, config.missing_keys()[0])
    calls = Calls.from_config(config)
    try:
        calls.fetch_token(None)
    except (SpotifyOauthError, SpotifyException):
        said = "the key is not accepted: copy SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET anew from the dashboard"
        return Finding("FAIL", what, said)
    except (requests.RequestException, TimbreError) as error:
        return Finding("FAIL", what, f"no token ({type(error).__name__}): check the connection and SPOTIFY_AUTH_URL")
    finally:
        calls.close()
    return Finding("ok", what, f"the key is accepted (mode {config.spotify_mode}, market {config.spotify_market})")


def listenbrainz(config: Config) -> Finding:
    """Whether there is a token; whether it is right, the first lookup tells."""
    if config.listenbrainz_token is None:
        return Finding("off", "ListenBrainz", config.missing_keys()[-1])
    return Finding("ok", "ListenBrainz", "there is a token")


def database(config: Config) -> Finding:
    """Whether the database opens and has the schema."""
    try:
        with open_database(config) as opened:
            migrate(opened)
            return Finding("ok", "Database", opened.description)
    except TimbreError as error:
        return Finding("FAIL", "Database", str(error))


def spotify_calls(config: Config) -> Finding:
    """What may still be asked of Spotify today."""
    what = "Spotify's calls left"
    if not config.has_spotify:
        return Finding("off", what, "there is no key")
    try:
        with open_database(config) as opened:
            return Finding("ok", what, in_words(SpotifyCalls(opened, config, utc_now).told()))
    except TimbreError as error:
        return Finding("warn", what, str(error))


def redis(config: Config) -> Finding:
    """Whether Redis answers, where one is named."""
    if config.redis_url is None:
        return Finding("off", "Redis", "REDIS_URL is not set: one process, no workers")
    try:
        open_redis(config.redis_url.get_secret_value()).close()
    except RunError as error:
        return Finding("FAIL", "Redis", str(error))
    return Finding("ok", "Redis", "answers")


def aoty_robots(config: Config) -> Finding:
    """Whether AOTY's robots.txt can be read, and lets us ask for what we need."""
    what = "AOTY robots.txt"
    base_url = config.aoty_base_url.rstrip("/")
    proxies = dict.fromkeys(("http", "https"), config.aoty_proxies[0]) if config.aoty_proxies else None
    headers = {"User-Agent": config.user_agent}
    try:
        answer = requests.get(f"{base_url}/robots.txt", headers=headers, timeout=_SECONDS, proxies=proxies)
    except requests.RequestException as error:
        return Finding("warn", what, f"no answer ({type(error).__name__}): runs go on without AOTY, or use --skip-aoty")
    if answer.status_code not in (200, 404):
        said = f"HTTP {answer.status_code}: AOTY refuses us, so nothing there is asked; runs go on without it"
        return Finding("warn", what, said)
    rules = Protego.parse(answer.text if answer.status_code == 200 else "")
    pages = {
        "search": search_url(base_url, "a", "b"),
        "album": f"{base_url}/album/1-a-b.php",
        "chart": chart_url(base_url, "all", 1),
    }
    closed = [name for name, url in pages.items() if not rules.can_fetch(url, config.user_agent)]
    if closed:
        return Finding("warn", what, f"{', '.join(closed)} pages are closed to us: fewer albums will be found")
    return Finding("ok", what, "search, album and chart pages are open")


CHECKS = (env_file, contact, lastfm, spotify, listenbrainz, database, spotify_calls, redis, aoty_robots)
