"""One question to a service, at the wire: every answer is judged here, and what it means for asking holds for all."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from scrapy.http import Response

from timbre_spider.errors import KeyRejected, NoAnswer, Parked, Refused, Unusable
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.judge import Judgement, Meaning, judge

logger = logging.getLogger(__name__)

# Of one question.
MOST_TRIES = 4
# Seconds. A longer named wait is a lock: the service is parked, not waited for.
LONGEST_PAUSE = 60.0
# Seconds before a question is asked again whose answer was broken or did not come; doubles with each.
_FIRST_REST = 1.0

Send = Callable[[], Awaitable[Response]]
"""Puts the question on the wire; raises NoAnswer."""
Answer = TypeVar("Answer")
Park = Callable[[datetime, str], bool]
"""Lets nothing more through until then, for this reason; whether that is to be said."""


async def ask(gate: Gate, send: Send, *, against_robots: bool = False) -> Response:
    """An answer that is worth reading, "no such thing" included; raises what `patiently` raises."""

    async def once(is_retry: bool) -> tuple[Response, Judgement]:
        gate.traffic.sent(while_shut=not gate.is_open, is_retry=is_retry, against_robots=against_robots)
        answer = await send()
        gate.traffic.answered(answer.status)
        return answer, judge(gate.service, answer.status, _plain(answer), answer.body)

    return await patiently(gate, once)


async def patiently(
    gate: Gate, once: Callable[[bool], Awaitable[tuple[Answer, Judgement]]], park: Park | None = None
) -> Answer:
    """What `once` brings of a question; it is told whether it was asked before. Waits for its turn, and for as long as
    the service asks to be left alone, before each try. `park`: in place of the gate's, where not all of the service is
    to be parked.

    Raises what the gate raises (Parked, Refused, KeyRejected, NoAnswer, Stopped), and Unusable after the last try.
    """
    park = park or gate.park
    judged = Judgement(Meaning.UNUSABLE)
    for attempt in range(1, MOST_TRIES + 1):
        since = await gate.turn()
        try:
            answer, judged = await once(attempt > 1)
        except NoAnswer as error:
            judged = Judgement(Meaning.AGAIN, reason=str(error))
        if gate.patience.is_none and judged.meaning in (Meaning.WAIT, Meaning.AGAIN):
            judged = replace(judged, meaning=Meaning.REFUSED)
        match judged.meaning:
            case Meaning.FINE:
                gate.patience.answered()
                if judged.seconds:
                    gate.pause(judged.seconds)
                return answer
            case Meaning.WAIT:
                _leave_alone(gate, judged, since, park)
            case Meaning.USED_UP:
                lock = gate.patience.unnamed_lock if judged.seconds is None else timedelta(seconds=judged.seconds)
                _park(gate, park, lock, judged.reason)
            case Meaning.AGAIN if attempt < MOST_TRIES:
                logger.info("%s; again in a while.", judged.reason)
                await gate.rest(min((judged.seconds or _FIRST_REST) * 2 ** (attempt - 1), LONGEST_PAUSE))
            case Meaning.AGAIN:
                _count_unanswered(gate, judged)
            case Meaning.KEY_REJECTED:
                _shut(gate, KeyRejected(judged.reason))
            case Meaning.REFUSED:
                _shut(gate, Refused(judged.reason))
            case Meaning.UNUSABLE:
                break
    raise Unusable(f"{judged.reason}: it is asked again in the next run.", judged.seconds)


def _plain(answer: Response) -> dict[str, str]:
    return {name.decode().lower(): values[-1].decode("latin-1") for name, values in answer.headers.items()}


def _leave_alone(gate: Gate, judged: Judgement, since: int, park: Park) -> None:
    """All of the service waits. What was on its way when it was first refused makes no wait longer but by its word."""
    if since != gate.pauses:
        gate.pause(min(judged.seconds or 0, LONGEST_PAUSE))
        return
    wait = gate.patience.refused(judged.seconds)
    if judged.seconds and wait > LONGEST_PAUSE:
        _park(gate, park, timedelta(seconds=wait), judged.reason)
    if gate.patience.refuses_on:
        _park(gate, park, gate.patience.unnamed_lock, f"{judged.reason}, again and again")
    logger.info("%s; it is left alone for %.0f s.", judged.reason, wait)
    gate.pause(wait)


def _park(gate: Gate, park: Park, length: timedelta, reason: str) -> None:
    until = gate.now() + length
    said = f"{reason}: it is asked nothing until {until:%Y-%m-%d %H:%M} UTC"
    if park(until, said):
        logger.warning("%s; the run goes on without.", said)
    raise Parked(until, said)


def _shut(gate: Gate, error: Refused | KeyRejected | NoAnswer) -> None:
    if gate.shut(error):
        logger.warning("%s. It is asked nothing more in this run; what is known stays usable.", error)
    raise error


def _count_unanswered(gate: Gate, judged: Judgement) -> None:
    gate.patience.unanswered()
    if gate.patience.is_silent:
        _shut(gate, NoAnswer(f"{judged.reason}, several questions in a row"))
