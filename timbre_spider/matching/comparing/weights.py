"""How much each field says, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """Evidence (natural log of the odds) of a field: `agree` when it is alike, `disagree` when it is not.

    Similarity at `even` says nothing; between the marks evidence grows linearly.
    """

    agree: float
    disagree: float
    even: float = 0.75
    floor: float = 0.4

    def evidence(self, similarity: float) -> float:
        """The evidence of a similarity of 0 to 1."""
        if similarity >= self.even:
            return self.agree * (similarity - self.even) / (1 - self.even)
        return -self.disagree * min(1.0, (self.even - similarity) / (self.even - self.floor))


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of all fields; one set serves every source and every kind of record.

    A field unknown on either side says nothing, except that `names` counts against records of which neither titles nor
    artists can be compared. `start` is the evidence before any field is seen. `high`, `medium` and `low` are the scores
    the tiers begin at. `join` is the mean evidence that makes two clusters one, where no pair counts for more than
    `doubt` either way.
    """

    start: float = -4.0
    title: Weight = Weight(5.0, 6.0, even=0.8, floor=0.45)
    artist: Weight = Weight(3.0, 5.0, even=0.7, floor=0.4)
    album: Weight = Weight(4.0, 1.0, even=0.6, floor=0.3)
    duration: Weight = Weight(4.0, 3.5, even=0.5, floor=0.0)
    year: Weight = Weight(1.0, 0.7, even=0.6, floor=0.0)
    track_number: Weight = Weight(2.5, 0.8, even=0.5, floor=0.0)
    variants: Weight = Weight(0.3, 6.0, even=0.9, floor=0.0)
    numbers: Weight = Weight(0.3, 5.0, even=0.9, floor=0.0)
    names: Weight = Weight(0.0, 4.0, even=0.5, floor=0.0)
    isrc: Weight = Weight(5.0, 1.0, even=0.5, floor=0.0)
    spotify_id: Weight = Weight(6.0, 0.0, even=0.5, floor=0.0)
    high: float = 0.9
    medium: float = 0.6
    low: float = 0.2
    join: float = -0.5
    doubt: float = 6.0


WEIGHTS = Weights()
