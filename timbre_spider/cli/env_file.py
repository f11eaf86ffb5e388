"""What there is to say about `.env` itself: where a setting comes from, names that look misspelled, who can read it."""

import os
from pathlib import Path

from dotenv import dotenv_values
from rapidfuzz import process
from rapidfuzz.distance import Indel

from timbre_spider.config import Config

ENV_FILE = Path(".env")
# Of 1, the same letters. LASTFM_KEY is 0.86 like LASTFM_API_KEY; SUPABASE_ANON_KEY is nothing of ours, and 0.65.
_ALIKE = 0.85


def origin_of(name: str) -> str:
    """Where the setting `name` has its value from: environment, .env or default. An empty value is none."""
    if os.environ.get(name):
        return "environment"
    return ".env" if name in _names() else "default"


def complaints() -> list[str]:
    """What is wrong with `.env`, a line each with its cure; nothing where there is no such file."""
    if not ENV_FILE.is_file():
        return []
    known = [name.upper() for name in Config.model_fields]
    meant = [(name, _meant_by(name, known)) for name in _names() if name not in known]
    found = [f"{name} is no setting: did you mean {other}?" for name, other in meant if other]
    if ENV_FILE.stat().st_mode & 0o077:
        found.append("others on this machine can read it: chmod 600 .env")
    return found


def _names() -> list[str]:
    return [name.upper() for name, value in dotenv_values(ENV_FILE).items() if value]


def _meant_by(name: str, known: list[str]) -> str | None:
    """The setting that `name` is a misspelling of; None for one that other programs may know."""
    best = process.extractOne(
        name, known, scorer=Indel.normalized_similarity, processor=lambda each: each.replace("_", "")
    )
    return best[0] if best and best[1] >= _ALIKE else None
