"""What an inquiry comes to: the answer that is kept of its song, and what the song has of it."""

from dataclasses import replace
from datetime import timedelta

from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.pipelines.open.facts import facts_of
from timbre_spider.pipelines.open.inquiry import Inquiry, recordings_of
from timbre_spider.pipelines.stage import Stage

# What was told without an ISRC, or while a service was away, may be told in full later.
_WITHOUT_ISRC = timedelta(days=30)
_SOMEBODY_AWAY = timedelta(days=1)


def concluded(stage: Stage, key: str, inquiry: Inquiry, known: Answer | None = None) -> Answer:
    """The answer of an inquiry in which all were asked who had to be; `known`: of an earlier one."""
    best = inquiry.best
    score, tier, reason = (known.score, known.tier, known.reason) if known else (None, None, "")
    if best:
        score, tier = round(best.comparison.score, 4), best.comparison.tier.value
        reason = f"{best.form}: {best.comparison.reason}"
    if inquiry.failures and not inquiry.complete:
        return replace(stage.ended_by(key, inquiry.failures[0]), values=inquiry.values, score=score, tier=tier)
    if not inquiry.found:
        return stage.ended(key, Outcome.ABSENT, reason="none of the open sources knows it")
    stale_after = _SOMEBODY_AWAY if inquiry.failures else None if inquiry.complete else _WITHOUT_ISRC
    values, found = inquiry.values, Outcome.FOUND
    return stage.ended(key, found, values=values, score=score, tier=tier, reason=reason, stale_after=stale_after)


def begun(stage: Stage, key: str, inquiry: Inquiry) -> Answer:
    """The answer so far: where it is not all, it is due at once, and the rest is still asked."""
    answer = concluded(stage, key, inquiry)
    if inquiry.complete:
        return answer
    reason = answer.reason if inquiry.found else "who was asked does not know it; others are not asked yet"
    return replace(answer, outcome=Outcome.DEFERRED, next_check=answer.asked_at, values=inquiry.told, reason=reason)


def is_begun(answer: Answer) -> bool:
    """Whether an answer is what one service told, and the others are still to be asked."""
    return answer.outcome is Outcome.DEFERRED and answer.next_check == answer.asked_at


def tell(song: Song, answer: Answer) -> None:
    """Puts into a song what the answer about it tells."""
    song.known[answer.source, song.name_id] = answer
    song.open = facts_of(recordings_of(answer.values))
    # The ISRC that the listener's own history tells is that of the recording heard.
    if song.open.isrcs and not song.isrc:
        song.isrc, song.isrc_source = song.open.isrcs[0], song.open.isrcs_source
