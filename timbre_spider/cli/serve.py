"""`timbre serve`."""

from typing import Annotated

import typer

from timbre_spider.config import is_local, load_config
from timbre_spider.errors import ConfigError, UsageError

SERVICE_PORT = 8470
_SHORTEST_TOKEN = 16


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; other machines reach 0.0.0.0.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65_535)] = SERVICE_PORT,
) -> None:
    """The service: start and watch runs, look at what is stored. Needs the extra `service`."""
    config = load_config()
    if not is_local(f"//{host}"):
        if config.api_token is None:
            raise UsageError(
                f"Other machines would reach {host}: set API_TOKEN in .env (`openssl rand -hex 32` makes one), "
                "or leave out --host."
            )
        if len(config.api_token.get_secret_value()) < _SHORTEST_TOKEN:
            raise ConfigError(f"API_TOKEN is too short to keep other machines out: {_SHORTEST_TOKEN} letters at least.")
    try:
        from timbre_spider.service.listen import listen
    except ModuleNotFoundError as error:
        raise ConfigError(f"The package {error.name} is missing: pip install 'timbre-spider[service]'") from None
    listen(config, host, port)
