"""Why two spellings are held to be one song: the words a report tells a person."""

from enum import StrEnum


class Rule(StrEnum):
    """From the surest to the least sure. The values are what is stored and shown."""

    OVERRIDE = "override"
    NAME_KEY = "name key"
    VARIANT = "variant"
    ISRC = "isrc"
    ARTIST_LIST = "artist list"
    ARTIST_NAME = "artist name"
    TRACK_NUMBER = "track number"
    COMPANY = "company"
    TRANSLATION = "translation"
    SCRIPT = "script"
    CUT = "cut name"
    ARTICLE = "article"
    SLIP = "slip"
