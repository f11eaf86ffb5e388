"""Names of strangers, made fit to be shown: nothing in them steers a terminal or turns a line round."""

import unicodedata

# Control characters, what reverses the direction of text, and what no text may hold.
_STEERING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Joiners that scripts and emoji need.
_NEEDED = {"\u200c", "\u200d"}


def printable(name: str) -> str:
    """`name` with a space for every character that is no part of a text."""
    return "".join(
        " " if unicodedata.category(each) in _STEERING and each not in _NEEDED else each for each in name
    ).rstrip()
