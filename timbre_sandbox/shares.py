"""Chance that is the same every time: which of many things a rare trait falls on."""

from hashlib import blake2b

_MOST = 2**64


def share(*names: object) -> float:
    """A number from 0 to 1, always the same for the same names."""
    return int.from_bytes(blake2b(repr(names).encode("utf-8", "replace"), digest_size=8).digest(), "big") / _MOST
