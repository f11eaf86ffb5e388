"""The weather of the services: which faults strike, and which limits hold.

Whether a fault strikes is drawn from the seed, the fault, the request and how often that was asked before: the same
in every run, and asked again it may go well.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Literal

from timbre_spider.errors import UsageError

from .clock import Clock
from .exchange import Request
from .faults import FAULTS, LIMITS

Kind = Literal["fair", "real", "storm"]
KINDS: tuple[Kind, ...] = ("fair", "real", "storm")
_MOST = 2**64


class Weather:
    """The faults and limits of `kind`, but for those named.

    Raises UsageError for a name or a number there is not.
    """

    def __init__(
        self,
        kind: Kind = "real",
        seed: int = 1,
        faults: Mapping[str, Any] | None = None,
        limits: Mapping[str, int | None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self._seed = f"{seed} ".encode()
        self._asked: dict[bytes, int] = {}
        self._turn(kind)
        self.change({**(faults or {}), **(limits or {})})

    def _turn(self, kind: Kind) -> None:
        self.kind = kind
        self._rates: dict[str, float] = {name: getattr(fault, kind) for name, fault in FAULTS.items()}
        self._limits: dict[str, int | None] = {name: getattr(limit, kind) for name, limit in LIMITS.items()}

    def change(self, wanted: Mapping[str, Any]) -> None:
        """Faults' rates and limits' numbers by their names; "weather" turns all of them to those of that kind first.

        All of it or, with a UsageError, nothing.
        """
        for name, value in wanted.items():
            _check(name, value)
        if "weather" in wanted:
            self._turn(wanted["weather"])
        for name, value in wanted.items():
            if name in FAULTS:
                self._rates[name] = float(value)
            elif name in LIMITS:
                self._limits[name] = value

    def strikes(self, fault: str, request: Request) -> bool:
        """Whether the fault strikes this request, this time."""
        rate = self._rates[fault]
        if not rate:
            return False
        key = b"%s %s?%s %d %s" % (
            request.method.encode(), request.path.encode("utf-8", "replace"), request.query_string,
            request.asked_before, request.body,
        )  # fmt: skip
        return self._draw(fault, key) < rate

    def lasts(self, fault: str, thing: str) -> bool:
        """Whether the fault is one of `thing`, whoever asks and whenever."""
        rate = self._rates[fault]
        return bool(rate) and self._draw(fault, thing.encode("utf-8", "replace")) < rate

    def limit(self, name: str) -> int | None:
        """How many requests are answered in the limit's window; None is no limit."""
        return self._limits[name]

    def asked_before(self, service: str, request: Request) -> int:
        """How often the same was asked before; counts it once more."""
        key = b"%s %s %s %s %s" % (
            service.encode(), request.method.encode(), request.path.encode("utf-8", "replace"), request.query_string,
            request.body,
        )  # fmt: skip
        place = blake2b(key, digest_size=8).digest()
        before = self._asked.get(place, 0)
        self._asked[place] = before + 1
        return before

    def as_dict(self) -> dict[str, Any]:
        """What holds now: {"weather", "faults": {name: {rate, what}}, "limits": {name: {requests, what}}}."""
        return {
            "weather": self.kind,
            "faults": {name: {"rate": rate, "what": FAULTS[name].what} for name, rate in self._rates.items()},
            "limits": {name: {"requests": most, "what": LIMITS[name].what} for name, most in self._limits.items()},
        }

    def _draw(self, fault: str, key: bytes) -> float:
        """A number from 0 to 1 for this fault and key."""
        drawn = blake2b(self._seed + fault.encode() + b" " + key, digest_size=8).digest()
        return int.from_bytes(drawn, "big") / _MOST


def _check(name: str, value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if name == "weather":
        if value not in KINDS:
            raise UsageError(f"There is no weather {value!r}; it is one of {', '.join(KINDS)}.")
    elif name in FAULTS:
        if not number or not 0 <= value <= 1:
            raise UsageError(f"The rate of {name} is {value!r}; it must be a number from 0 to 1.")
    elif name in LIMITS:
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise UsageError(f"The limit {name} is {value!r}; it must be a whole number, or null for none.")
    else:
        raise UsageError(f"There is no fault {name!r}; there are {', '.join([*FAULTS, *LIMITS])}.")
