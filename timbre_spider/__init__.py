"""A listener's whole music history as a clean, canonical, enriched table of songs in Postgres."""

__version__ = "0.1.0"

# Services want to know who asks.
USER_AGENT = f"timbre_spider/{__version__} (+https://github.com/timbre-music/timbre_spider)"
