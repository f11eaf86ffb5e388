"""Chance that is the same every time: which of many things a rare trait falls on."""

from zlib import crc32


def share(*names: object) -> float:
    """A number from 0 to 1, always the same for the same names."""
    return crc32(repr(names).encode()) / 2**32
