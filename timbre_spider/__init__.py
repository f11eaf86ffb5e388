"""A listener's whole music history as a clean, canonical, enriched table of songs in Postgres."""

__version__ = "0.1.0"
