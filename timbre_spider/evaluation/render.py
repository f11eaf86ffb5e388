"""An evaluation as text for people and as one object for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from timbre_spider.evaluation.calibrate import Calibration
from timbre_spider.evaluation.evaluate import EvalReport, Mistake, PairCounts
from timbre_spider.matching.calibration import KNOTS
from timbre_spider.matching.comparing.record import Record


def as_object(report: EvalReport) -> dict[str, Any]:
    """What `timbre eval --json` prints."""
    return {
        **_shares(report),
        "records": report.records,
        "seconds": round(report.seconds, 3),
        "folded": _shares(report.folded) if _is_told(report.folded) else None,
    }


def _is_told(counts: PairCounts) -> bool:
    """Whether anything was counted; pairs alone are no chart to fold."""
    return bool(counts.right + counts.wrong + counts.missed)


def _shares(counts: PairCounts) -> dict[str, float]:
    return {name: round(getattr(counts, name), 6) for name in ("precision", "recall", "f1")}


def as_text(report: EvalReport) -> str:
    """What `timbre eval` prints: the figures, then the worst mistakes."""
    return "\n".join(_lines(report))


def _lines(report: EvalReport) -> Iterator[str]:
    yield f"precision  {report.precision:.4f}   ({report.wrong} of {report.right + report.wrong} pairs found are wrong)"
    yield f"recall     {report.recall:.4f}   ({report.missed} of {report.right + report.missed} true pairs are missed)"
    yield f"F1         {report.f1:.4f}"
    rate = report.records / report.seconds if report.seconds else 0.0
    yield f"{report.records:,} records in {report.seconds:.1f} s: {rate:,.0f} a second"
    if _is_told(report.folded):
        told = "   ".join(f"{name} {share:.4f}" for name, share in _shares(report.folded).items())
        yield f"As a crawl folds a chart, by names and durations alone: {told}"
    if report.mistakes:
        yield "\nThe worst mistakes:"
    for mistake in report.mistakes:
        yield from _mistake(mistake)


def _mistake(mistake: Mistake) -> Iterator[str]:
    verdict = "missed, they are one" if mistake.same else "wrong, they are two"
    yield f"  {verdict} ({mistake.comparison.reason})"
    yield f"      {_record(mistake.left)}"
    yield f"      {_record(mistake.right)}"


def _record(record: Record) -> str:
    known = [record.artist or "?", record.title or "?"]
    seconds = f"{record.duration_ms / 1000:.0f} s" if record.duration_ms else None
    number = f"no. {record.track_number}" if record.track_number else None
    rest = [record.album, seconds, number, str(record.year) if record.year else None]
    return " – ".join(known) + "".join(f" · {part}" for part in rest if part)


def calibration_as_object(calibration: Calibration) -> dict[str, Any]:
    """What `timbre eval --calibrate --json` prints."""
    return {
        "accepted": calibration.count,
        "knots": calibration.knots,
        "held_out": asdict(calibration.held_out),
        "raw": {"brier": calibration.raw.brier, "ece": calibration.raw.ece},
    }


def calibration_as_text(calibration: Calibration) -> str:
    """What `timbre eval --calibrate` prints: the figures, the matches by their score, the table."""
    held_out, raw = calibration.held_out, calibration.raw
    lines = [
        f"{calibration.count:,} accepted matches, each foretold by a table fit on the other half of the tracks",
        f"Brier score  {held_out.brier:.5f}   (the scores as they are: {raw.brier:.5f})",
        f"ECE          {held_out.ece:.5f}   (the scores as they are: {raw.ece:.5f})",
        "",
        "matches   mean score   foretold   right",
        *(f"{each.count:7,}   {each.score:10.4f}   {each.foretold:8.4f}   {each.right:.4f}" for each in held_out.bins),
        "",
        f"Fit on all of them: {', '.join(f'{score} {chance}' for score, chance in calibration.knots)}",
        "That is the table of the program." if calibration.knots == KNOTS else "The table of the program is another.",
    ]
    return "\n".join(lines)
