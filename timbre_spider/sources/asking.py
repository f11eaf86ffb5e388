"""One question to a service, at the wire: every answer is judged here, and what it means for asking holds for all."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

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
# How long a service is parked that goes on refusing and does not say until when.
UNNAMED_LOCK = timedelta(hours=1)

Send = Callable[[], Awaitable[Response]]
"""Puts the question on the wire; raises NoAnswer."""


async def ask(gate: Gate, send: Send, *, against_robots: bool = False) -> Response:
    """An answer that is worth reading, "no such thing" included. Waits for its turn, and for as long as the service
    asks to be left alone, before each try.

    Raises what the gate raises (Parked, Refused, KeyRejected, NoAnswer, Stopped), and Unusable after the last try.
    """
    judged = Judgement(Meaning.UNUSABLE)
    for attempt in range(1, MOST_TRIES + 1):
        since = await gate.turn()
        gate.traffic.sent(while_shut=not gate.is_open, is_retry=attempt > 1, against_robots=against_robots)
        try:
            answer = await send()
        except NoAnswer as error:
            judged = Judgement(Meaning.AGAIN, reason=str(error))
        else:
            gate.traffic.answered(answer.status)
            judged = judge(gate.service, answer.status, _plain(answer), answer.body)
        if gate.patience.is_none and judged.meaning in (Meaning.WAIT, Meaning.AGAIN):
            judged = replace(judged, meaning=Meaning.REFUSED)
        match judged.meaning:
            case Meaning.FINE:
                gate.patience.answered()
                if judged.seconds:
                    gate.pause(judged.seconds)
                return answer
            case Meaning.WAIT:
                _leave_alone(gate, judged, since)
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


def _leave_alone(gate: Gate, judged: Judgement, since: int) -> None:
    """All of the service waits. What was on its way when it was first refused makes no wait longer but by its word."""
    if since != gate.pauses:
        gate.pause(min(judged.seconds or 0, LONGEST_PAUSE))
        return
    wait = gate.patience.refused(judged.seconds)
    if judged.seconds and wait > LONGEST_PAUSE:
        _park(gate, timedelta(seconds=wait), judged.reason)
    if gate.patience.refuses_on:
        _park(gate, UNNAMED_LOCK, f"{judged.reason}, again and again")
    logger.info("%s; it is left alone for %.0f s.", judged.reason, wait)
    gate.pause(wait)


def _park(gate: Gate, length: timedelta, reason: str) -> None:
    until = gate.now() + length
    said = f"{reason}: it is asked nothing until {until:%Y-%m-%d %H:%M} UTC"
    if gate.park(until, said):
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
