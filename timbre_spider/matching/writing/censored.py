"""Words that services write with some letters hidden: "F**k" is "fuck"."""

import re
from functools import lru_cache

# The likelier reading first: it is taken where several words fit.
_HIDDEN = """
    fuck fucking fucker fuckers fucked fucks fuckin fuckboy motherfucker motherfuckers motherfucking motherfuckin
    shit shits shitty shitting bullshit bitch bitches bitching bitchin ass asses asshole assholes badass dumbass
    nigga niggas niggaz nigger niggers pussy pussies dick dicks cock cocks cunt cunts whore whores hoe hoes slut
    sluts bastard bastards damn goddamn goddam hell sex sexy piss pissed crap fag fags faggot faggots tits titties
    porn puta putas puto mierda cabron pendejo joder merde putain pute salope scheisse arsch fick caralho porra foda
    merda drug drugs cocaine heroin weed kill killer suicide murder dead death rape blood gun guns
"""
_MASKED = re.compile(r"(?<![^\W_])[a-z][a-z]*[*#@!]+[a-z*#@!]*")
_RUN = re.compile(r"[*#@!]+")
_SHORTEST = 3


def uncensored(text: str) -> str:
    """`text` (of one case) with the hidden letters of known words filled in."""
    return _MASKED.sub(lambda found: _word(found[0]), text)


@lru_cache(maxsize=1024)
def _word(masked: str) -> str:
    """The known word a masked one is; itself where none fits. A sign for each letter, else any number of letters.

    "!" and the like at the end are only signs: "damn!" hides nothing.
    """
    body, end = masked, ""
    if "*" not in masked:
        body = masked.rstrip("#@!")
        end = masked[len(body) :]
    if len(body) < _SHORTEST or not _RUN.search(body):
        return masked
    for letters in (_one_for_each, _any_number):
        pattern = re.compile(_RUN.sub(letters, body))
        fitting = next((word for word in _known() if pattern.fullmatch(word)), None)
        if fitting:
            return fitting + end
    return masked


@lru_cache(maxsize=1)
def _known() -> list[str]:
    return _HIDDEN.split()


def _one_for_each(signs: re.Match[str]) -> str:
    return "[a-z]" * len(signs[0])


def _any_number(signs: re.Match[str]) -> str:
    return "[a-z]+"
