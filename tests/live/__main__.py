"""Asks the live services about ten songs, and says where they answer otherwise than readers and sandbox believe.

python -m tests.live

ListenBrainz, Deezer and MusicBrainz need no key; Last.fm and Spotify are asked where theirs is set (.env). Some 45
questions, of Spotify 13. Exit status 1 where something differs or did not answer.
"""

import json
import sys
from collections.abc import Sequence
from urllib.request import urlopen

from tests.live.questions import Song, Told, ask_all
from tests.live.shapes import differences, shape_of
from timbre_sandbox.options import SandboxOptions
from timbre_sandbox.serve import Sandbox
from timbre_spider.config import Config, load_config
from timbre_spider.errors import TimbreError

# Well known in every source.
SONGS: tuple[Song, ...] = (
    ("Radiohead", "Karma Police", "OK Computer"),
    ("Björk", "Jóga", "Homogenic"),
    ("Daft Punk", "Around the World", "Homework"),
    ("Portishead", "Glory Box", "Dummy"),
    ("Massive Attack", "Teardrop", "Mezzanine"),
    ("Nirvana", "Come as You Are", "Nevermind"),
    ("Sigur Rós", "Svefn-g-englar", "Ágætis byrjun"),
    ("Kendrick Lamar", "Alright", "To Pimp a Butterfly"),
    ("The Beatles", "Something", "Abbey Road"),
    ("宇多田ヒカル", "First Love", "First Love"),
)


def believed() -> Told:
    """What the sandbox answers to the same questions, about songs of its own."""
    with Sandbox(SandboxOptions(port=0, weather="fair", rows=600)) as sandbox:
        return ask_all(config_of(sandbox.environment), songs_of(sandbox.url("control")), pause=0)


def config_of(environment: dict[str, str]) -> Config:
    """The configuration that points to a sandbox."""
    return Config(_env_file=None, **{name.lower(): value for name, value in environment.items()})


def songs_of(control: str) -> list[Song]:
    """Ten songs of a sandbox that all its services have."""
    with urlopen(f"{control}/truth") as answer:
        songs = json.load(answer)["songs"].values()
    known = [each for each in songs if each["spotify_id"] and all(each["isrc_on"].values()) and each["kind"] == "song"]
    return [(each["artist"], each["title"], each["album"]) for each in known[:10]]


def compared(there: Told, here: Told) -> list[str]:
    """A line for each difference between the services there and what is believed here."""
    lines = [f"{service}: no answer to go by: {why}" for service, why in there.failed.items()]
    for what, answers in there.answers.items():
        if not there.read[what]:
            lines.append(f"{what}: our reader finds nothing in {len(answers)} answers")
        lines += [f"{what}: {line}" for line in differences(shape_of(here.answers[what]), shape_of(answers))]
    return lines


def main(config: Config, songs: Sequence[Song], pause: float) -> int:
    """Prints what differs; the exit status."""
    there = ask_all(config, songs, pause)
    lines = compared(there, believed())
    for line in lines:
        print(line)
    unasked = {"lastfm": "LASTFM_API_KEY and LASTFM_USERNAME", "spotify": "SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET"}
    asked = {what.split()[0] for what in there.answers} | there.failed.keys()
    for service, names in unasked.items():
        if service not in asked:
            print(f"{service} was not asked: {names} are not set.")
    count = sum(map(len, there.answers.values()))
    print(
        f"{count} answers of {', '.join(sorted(asked))}: " + (f"{len(lines)} differences." if lines else "as believed.")
    )
    return 1 if lines else 0


if __name__ == "__main__":
    try:
        sys.exit(main(load_config(), SONGS, pause=1.2))
    except TimbreError as error:
        sys.exit(str(error))
