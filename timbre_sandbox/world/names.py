"""Names of artists, songs and albums: plausible, varied, and no two artists so alike that they could be one."""

from random import Random

from ..coarse import coarse
from .words import (
    ACCENTED_ARTISTS,
    ACCENTED_FORMS,
    ACCENTED_WORDS,
    ADJECTIVES,
    COMMON_TITLES,
    FIRST,
    GERUNDS,
    LAST,
    NOUNS,
    SCRIPTS,
    SWEARING,
    TRICKY,
    VERBS,
)

TONGUES = ("en", *ACCENTED_ARTISTS, *SCRIPTS)
_TONGUE_WEIGHTS = (74, *(2 for _ in ACCENTED_ARTISTS), 4, 2, 2, 1, 2, 1)
_ARTIST_FORMS = (
    "The {adj} {noun}s",
    "{adj} {noun}",
    "{first} {last}",
    "{first} {last}",
    "{first} {last}",
    "The {noun}s",
    "{noun}{low}",
    "{first} & the {noun}s",
    "{noun} {noun2}",
    "DJ {last}",
    "MC {noun}",
    "{last} & {last2}",
    "{first} {last} Trio",
    "{adj} {adj2} {noun}",
    "{first} {noun}",
    "{noun} of {noun2}",
    "{last}",
    "{adj}{low}",
    "Sons of {noun}s",
    "{noun} Club",
    "The {last} Brothers",
    "{first} '{noun}' {last}",
    "{noun} No. {digit}",
    "A {noun} for {first}",
    "{adj} {noun}!",
    "{first}-{first2} {last}",
    "{letter}.{letter2}. {last}",
    "{noun}/{noun2}",
    "{gerund} {noun}s",
    "{noun} + {noun2}",
    "{noun} x {noun2}",
)
_TITLE_FORMS = (
    "{adj} {noun}",
    "{adj} {noun}",
    "{noun} of {noun2}",
    "The {noun}",
    "{gerund} the {noun}",
    "{verb} Me",
    "{verb} the {noun}",
    "{gerund} in the {noun}",
    "Don't {verb} the {noun}",
    "{noun} and {noun2}",
    "I Can't {verb}",
    "{adj} {noun} {noun2}",
    "{noun} in the {noun2}",
    "When You {verb}",
    "{verb} It",
    "{first}'s {noun}",
    "{adj} {noun2}s",
    "Where the {noun}s {verb}",
    "You're My {noun}",
    "{noun} ({gerund} Again)",
    "{verb}, {verb2}",
    "No More {noun}s",
    "My {adj} {noun}",
    "Oh, {first}",
    "{noun} #{digit}",
    "{gerund}",
    "Before the {noun}",
    "Under {adj} {noun2}s",
    "{adj} as a {noun}",
    "Rock 'n' {noun}",
    "{noun} for {first}",
    "If I {verb}",
    "We {verb} at {noun}",
    "{first}",
    "{adj}",
    "{verb} & {verb2}",
    "{gerund} to {noun}",
    "{noun}-{noun2}",
    "How to {verb} a {noun}",
    "O {noun}",
    "{noun}... {noun2}",
    "Is It {adj}?",
    "{adj} {adj2} {noun}",
)
_ALBUM_FORMS = (
    "{adj} {noun}s",
    "The {adj} {noun}",
    "{noun} & {noun2}",
    "{gerund} the {noun}",
    "Songs for a {adj} {noun}",
    "{noun}land",
    "{noun} Under {noun2}",
    "{first} and the {noun}",
    "{adj} Hours",
    "A {noun} in {noun2}",
    "{noun}, {noun2}",
    "{verb}",
    "The {noun} Tapes",
    "{adj} {noun} Music",
    "Letters to {first}",
    "{noun} Season",
    "Beyond the {noun}",
    "{adj} Rooms",
    "{gerund} Home",
    "{noun} III",
    "Everything {adj}",
    "{noun} Theory",
    "How We {verb}",
    "{adj} Water",
    "{noun}works",
)


def _fill(form: str, rng: Random) -> str:
    noun = rng.choice(NOUNS)
    return form.format(
        adj=rng.choice(ADJECTIVES),
        adj2=rng.choice(ADJECTIVES),
        noun=noun,
        noun2=rng.choice(NOUNS),
        low=rng.choice(NOUNS).lower(),
        first=rng.choice(FIRST),
        first2=rng.choice(FIRST),
        last=rng.choice(LAST),
        last2=rng.choice(LAST),
        gerund=rng.choice(GERUNDS),
        verb=rng.choice(VERBS),
        verb2=rng.choice(VERBS),
        digit=rng.randrange(2, 90),
        letter=rng.choice("ABCDEFGHJKLMNPRSTW"),
        letter2=rng.choice("ABCDEFGHJKLMNPRSTW"),
    )


def _scripted_artist(tongue: str, rng: Random) -> str:
    given, family, words = SCRIPTS[tongue]
    first, last = rng.choice(given), rng.choice(family)
    if tongue == "ja":
        return rng.choice(
            (last + first, f"{rng.choice(words)}の{rng.choice(words)}", f"{last}{first}バンド", rng.choice(words) * 2)
        )
    if tongue == "zh":
        return rng.choice((last + first, last + first, f"{rng.choice(words)}乐队"))
    if tongue == "ko":
        return rng.choice((last + first, f"{rng.choice(words)}의 {rng.choice(words)}", f"{first} {rng.choice(words)}"))
    if tongue == "ru":
        return rng.choice((f"{first} {last}", f"{first} {last}", f"{rng.choice(words).title()} и {rng.choice(words)}"))
    return f"{first} {last}"


def _scripted_title(tongue: str, rng: Random) -> str:
    words = SCRIPTS[tongue][2]
    one, two = rng.sample(words, 2)
    forms = {
        "ja": (f"{one}の{two}", f"{one}と{two}", f"{one}を越えて", f"{one}まで{two}", f"さよなら、{one}", f"{one}"),
        "zh": (f"{one}的{two}", f"{one}与{two}", f"没有{one}", f"{one}里的{two}", f"再见，{one}", f"{one}"),
        "ko": (f"{one}의 {two}", f"{one}과 {two}", f"그 {one}", f"{one} 그리고 {two}", f"{one}에게", f"{one}"),
        "ru": (f"{one.title()} и {two}", f"Моя {one}", f"{one.title()}", f"Где {one}", f"{one.title()} без {two}"),
        "el": (f"{one.title()} και {two}", f"Η {one}", f"{one.title()}", f"Χωρίς {one}", f"{one.title()} {two}"),
        "ar": (f"{one} و{two}", f"يا {one}", f"{one}", f"{one} بلا {two}", f"أين {one}"),
    }
    return rng.choice(forms[tongue])


def run_together(name: str) -> str:
    """What two names that could be one have in common."""
    return coarse(name).removeprefix("the ").replace(" ", "")


class Names:
    """Gives out names; an artist's name is given once, a song's title once per artist."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._artists: set[str] = set()
        self._titles: dict[int, set[str]] = {}

    def artist(self) -> tuple[str, str]:
        """(name, tongue) of a new artist."""
        while True:
            tongue = self._rng.choices(TONGUES, _TONGUE_WEIGHTS)[0]
            if tongue == "en":
                name = _fill(self._rng.choice(_ARTIST_FORMS), self._rng)
            elif tongue in SCRIPTS:
                name = _scripted_artist(tongue, self._rng)
            else:
                first, last = ACCENTED_ARTISTS[tongue]
                name = f"{self._rng.choice(first)} {self._rng.choice(last)}"
                if name in self._artists:
                    name = f"{self._rng.choice(first)} {name}"
            if self.claim_artist(name):
                return name, tongue

    def claim_artist(self, name: str) -> bool:
        """Whether `name` was still free; it is taken afterwards. "The", spaces and accents make no difference."""
        key = run_together(name)
        if not key or key in self._artists:
            return False
        self._artists.add(key)
        return True

    def title(self, artist: int, tongue: str) -> str:
        """A title `artist` has not used yet."""
        rng = self._rng
        for _ in range(200):
            dice = rng.random()
            if tongue in SCRIPTS and dice < 0.9:
                title = _scripted_title(tongue, rng)
            elif tongue in ACCENTED_FORMS and dice < 0.8:
                one, two = rng.sample(ACCENTED_WORDS[tongue], 2)
                title = rng.choice(ACCENTED_FORMS[tongue]).format(a=one, b=two)
                title = title[0].upper() + title[1:]
            elif dice < 0.93:
                title = _fill(rng.choice(_TITLE_FORMS), rng)
            elif dice < 0.985:
                title = rng.choice(COMMON_TITLES)
            elif dice < 0.992:
                title = rng.choice(SWEARING)
            else:
                title = rng.choice(TRICKY)
            if self.claim_title(artist, title):
                return title
        title = f"{_fill('{adj} {noun} {gerund} {noun2}', rng)}"
        self.claim_title(artist, title)
        return title

    def claim_title(self, artist: int, title: str) -> bool:
        """Whether `artist` had no song of that title yet; it is taken afterwards."""
        taken = self._titles.setdefault(artist, set())
        key = run_together(title)
        if not key or key in taken:
            return False
        taken.add(key)
        return True

    def album(self, tongue: str) -> str:
        """A title for an album."""
        rng = self._rng
        if tongue in SCRIPTS and rng.random() < 0.8:
            return _scripted_title(tongue, rng)
        if tongue in ACCENTED_FORMS and rng.random() < 0.7:
            one, two = rng.sample(ACCENTED_WORDS[tongue], 2)
            title = rng.choice(ACCENTED_FORMS[tongue]).format(a=one, b=two)
            return title[0].upper() + title[1:]
        return _fill(rng.choice(_ALBUM_FORMS), rng)
