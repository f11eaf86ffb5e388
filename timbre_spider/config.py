"""The environment, typed. The only place that reads it; `.env` in the working folder counts too."""

import re
from base64 import b64encode
from functools import cached_property
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from timbre_spider import __version__
from timbre_spider.errors import ConfigError
from timbre_spider.redaction import learn
from timbre_spider.wrong_value import why_wrong

# Requests a minute to the services that have no setting of their own. Deezer allows 50 in 5 s; MusicBrainz 1 a second;
# ListenBrainz answers with its own headers; its labs are an experiment on a small machine.
OPEN_LIMITS = {"listenbrainz": 60, "deezer": 300, "musicbrainz": 50, "listenbrainz_labs": 12}
SERVICES = ("lastfm", "spotify", "aoty", *OPEN_LIMITS)
# Last.fm's terms: 5 a second. Starts are evenly spaced, so a minute's worth of it says the same.
LASTFM_MOST = 5 * 60
# Calls a rolling day and kind of endpoint an individual's key is sure to bear: 450 searches stayed clean, some hundred
# more were locked out for a day [observed, November 2026].
SPOTIFY_CALLS_A_DAY = 400

_CONTACT = re.compile(
    r"(?:(?:https?://)(?P<site>[a-z0-9.-]+)(?::\d+)?(?:/[^\s()]*)?|(?:mailto:)?[^\s@/()]+@(?P<host>[a-z0-9.-]+))",
    re.A | re.I,
)
# Kept for examples and for one machine alone (RFC 2606, RFC 6761), and what examples say where another word belongs.
_NOBODY_S = {"example", "invalid", "test", "localhost"}
_PLACEHOLDER = re.compile(
    r"\b(?:you|your|my)(?:[-_.]?(?:self|name|mail|email|site|domain|address|contact))?\b|changeme", re.I
)


_BETWEEN_ADDRESSES = re.compile(r"[\s,]+(?=\w+://)")


class Config(BaseSettings):
    """Every setting by its environment name, lower case. Build with `load_config`."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    lastfm_api_key: SecretStr | None = None
    lastfm_username: str | None = None
    lastfm_tags: Literal["artist", "track", "off"] = "artist"
    spotify_client_id: SecretStr | None = None
    spotify_client_secret: SecretStr | None = None
    spotify_mode: Literal["auto", "development", "extended"] = "auto"
    spotify_budget: int | None = Field(None, ge=0)
    spotify_market: str = Field("US", pattern="^[A-Z]{2}$")
    listenbrainz_token: SecretStr | None = None
    listenbrainz_labs: Literal["on", "off"] = "off"
    database_url: SecretStr | None = None
    supabase_url: str | None = None
    supabase_service_role_key: SecretStr | None = None
    redis_url: SecretStr | None = None
    redis_cache_mb: int = Field(64, ge=0)
    max_songs: int = Field(10_000, ge=1)
    scrape_concurrency: int = Field(4, ge=1, le=100)
    scrape_delay_sec: float = Field(2.0, ge=0)
    min_play_seconds: int = Field(30, ge=0, le=3600)
    batch_size: int = Field(50, ge=1, le=1000)
    db_batch_size: int = Field(2000, ge=1, le=100_000)
    db_retry_attempts: int = Field(5, ge=0)
    db_retry_delay: float = Field(1.0, ge=0)
    lastfm_rate_limit: int = Field(200, ge=1)
    spotify_rate_limit: int = Field(100, ge=1)
    aoty_rate_limit: int = Field(30, ge=1)
    aoty_proxy_url: SecretStr | None = None
    aoty_render: Literal["playwright"] | None = None
    aoty_browser_path: Path | None = None
    page_cache: Literal["disk", "redis"] | None = None
    data_dir: Path = Path("data")
    logs_dir: Path = Path("logs")
    exports_dir: Path = Path("exports")
    api_token: SecretStr | None = None
    scrapyd_url: str | None = None
    schedule: str | None = None
    notify_url: SecretStr | None = None
    user_agent_contact: str | None = None
    collapse_variants: str = "remaster,live,acoustic,edition,mono,radio_edit"

    lastfm_base_url: str = "https://ws.audioscrobbler.com/2.0/"
    spotify_base_url: str = "https://api.spotify.com/v1/"
    spotify_auth_url: str = "https://accounts.spotify.com/api/token"
    aoty_base_url: str = "https://www.albumoftheyear.org"
    listenbrainz_base_url: str = "https://api.listenbrainz.org"
    deezer_base_url: str = "https://api.deezer.com"
    musicbrainz_base_url: str = "https://musicbrainz.org/ws/2"
    listenbrainz_labs_base_url: str = "https://labs.api.listenbrainz.org"

    @field_validator("*", mode="before")
    @classmethod
    def _strip(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("redis_url")
    @classmethod
    def _has_its_extra(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and (find_spec("redis") is None or find_spec("scrapy_redis") is None):
            raise ValueError("needs the packages redis and scrapy-redis: pip install redis scrapy-redis")
        return url

    @field_validator("aoty_render")
    @classmethod
    def _has_a_browser(cls, render: str | None) -> str | None:
        if render is not None and find_spec("playwright") is None:
            raise ValueError("needs the package playwright: pip install 'timbre-spider[playwright]'")
        return render

    @field_validator("page_cache")
    @classmethod
    def _has_its_place(cls, place: str | None, told: ValidationInfo) -> str | None:
        if place == "redis" and told.data.get("redis_url") is None:
            raise ValueError("redis needs REDIS_URL")
        return place

    @field_validator("user_agent_contact")
    @classmethod
    def _reaches_somebody(cls, contact: str | None) -> str | None:
        if contact is not None and not names_somebody(contact):
            raise ValueError("is no address or mail of yours where the services could reach you")
        return contact

    @field_validator("aoty_proxy_url")
    @classmethod
    def _are_proxies(cls, urls: SecretStr | None) -> SecretStr | None:
        if urls is not None and not all(map(is_proxy, addresses_in(urls.get_secret_value()))):
            raise ValueError("is no http://[user:password@]host:port, or several of these with a space between them")
        return urls

    @property
    def aoty_proxies(self) -> list[str]:
        """The proxies for AOTY's pages."""
        return addresses_in(self.aoty_proxy_url.get_secret_value()) if self.aoty_proxy_url else []

    @property
    def user_agent(self) -> str:
        """Who asks, as every request says; MusicBrainz's form [docs]."""
        return f"timbre_spider/{__version__}" + (f" ( {self.user_agent_contact} )" if self.user_agent_contact else "")

    @cached_property
    def sandboxed(self) -> bool:
        """Whether songs are invented ones: those of a Last.fm on this machine."""
        return is_local(self.lastfm_base_url)

    @property
    def has_spotify(self) -> bool:
        """Whether there is a key for Spotify."""
        return self.spotify_client_id is not None and self.spotify_client_secret is not None

    def missing_keys(self) -> list[str]:
        """A line for each service that is not asked, or not in full, for want of a key, and what a key would add."""
        missing = []
        if not self.has_spotify:
            missing.append(
                "Spotify is not asked: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not both set. They add Spotify "
                "ids, popularity and songs that the open sources do not know (https://developer.spotify.com/dashboard)."
            )
        if self.listenbrainz_token is None:
            missing.append(
                "ListenBrainz is asked only about songs whose id Last.fm tells: LISTENBRAINZ_TOKEN is not set. It is "
                "free and adds ISRCs, albums and dates, 50 songs a question (https://listenbrainz.org/settings/)."
            )
        return missing

    def limit(self, service: str) -> int | None:
        """Requests a minute to `service`; None is no limit."""
        name = f"{service}_rate_limit"
        if self._is_free(service, name):
            return None
        limit: int = getattr(self, name, None) or OPEN_LIMITS[service]
        return min(limit, LASTFM_MOST) if service == "lastfm" else limit

    @property
    def spotify_calls_a_day(self) -> int | None:
        """Calls to Spotify of each kind of endpoint to begin with, in a rolling day; None is no budget."""
        if self.spotify_budget is not None:
            return self.spotify_budget or None
        free = self.spotify_mode == "extended" or self._is_free("spotify", "spotify_budget")
        return None if free else SPOTIFY_CALLS_A_DAY

    @property
    def page_delay(self) -> float:
        """The least seconds between two pages of AOTY."""
        return 0.0 if self._is_free("aoty", "scrape_delay_sec") else self.scrape_delay_sec

    def _is_free(self, service: str, setting: str) -> bool:
        """A stand-in on this machine has no patience to protect: its pace is free unless it is set."""
        return is_local(getattr(self, f"{service}_base_url")) and setting not in self.model_fields_set

    def secrets(self) -> list[str]:
        """Every secret value, and the passwords inside addresses as they are written and as they are meant."""
        values = (getattr(self, name) for name in type(self).model_fields)
        secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        addresses = [address for secret in secrets for address in addresses_in(secret)]
        written = [password for address in addresses for password in passwords_in(address)]
        if self.spotify_client_id and self.spotify_client_secret:
            written.append(
                as_sent(self.spotify_client_id.get_secret_value(), self.spotify_client_secret.get_secret_value())
            )
        return list(filter(None, dict.fromkeys([*secrets, *addresses, *written, *map(unquote, written)])))


def addresses_in(value: str) -> list[str]:
    """The addresses of a setting that may hold several, with spaces or commas between them."""
    return _BETWEEN_ADDRESSES.split(value)


def is_proxy(address: str) -> bool:
    """Whether a proxy's address is one that Scrapy can speak to: its own connection is plain HTTP."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "http" and bool(parts.hostname) and bool(parts.port) and parts.path in ("", "/")
    except ValueError:
        return False


def passwords_in(address: str) -> list[str]:
    """The passwords of an address such as `postgresql://user:password@host/?sslpassword=…`, as they stand there."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    asked = (field.partition("=") for field in parts.query.split("&"))
    named = [value for name, _, value in asked if name.endswith("password")]
    if not parts.password:
        return named
    return [parts.password, *named, as_sent(unquote(parts.username or ""), unquote(parts.password))]


def as_sent(user: str, password: str) -> str:
    """A login as it stands in the headers of a request (RFC 7617)."""
    return b64encode(f"{user}:{password}".encode()).decode()


def names_somebody(contact: str) -> bool:
    """Whether `contact` has the form of a web address or a mail, and stands for no other."""
    match = _CONTACT.fullmatch(contact)
    if match is None or not contact.isascii():
        return False
    labels = (match["site"] or match["host"]).lower().split(".")
    return len(labels) > 1 and not _NOBODY_S.intersection(labels[-2:]) and not _PLACEHOLDER.search(contact)


def is_local(url: str) -> bool:
    """Whether `url` points at this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def load_config(**overrides: object) -> Config:
    """The configuration of this process, whose secrets are left out of all it says from now on; `overrides` win.

    Raises ConfigError naming each wrong variable.
    """
    try:
        config = Config(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in detail['loc']).upper()}: {why_wrong(detail)}" for detail in error.errors()
        )
        raise ConfigError(f"The configuration is wrong: {wrong}. Mend it in the environment or in .env.") from None
    except (OSError, UnicodeError) as error:
        raise ConfigError(f".env cannot be read ({type(error).__name__}): make it a text file in UTF-8.") from None
    learn(config.secrets())
    return config
