"""Runs through scrapyd, where SCRAPYD_URL says so: it queues them, starts them, and keeps their logs.

Source: scrapyd's documentation of its API (schedule.json, listjobs.json, cancel.json).
"""

from typing import Any

import requests

from timbre_spider.errors import RunError, UsageError
from timbre_spider.service.asked import SOURCES, StartRun

# It loads the spiders in a process of their own before it says yes.
_SECONDS = 60
# What scrapyd.conf of this project calls it.
_PROJECT = "default"


class Scrapyd:
    """The scrapyd at `url`. Each method raises RunError where it does not answer or does not do it."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def schedule(self, asked: StartRun, job_id: str) -> None:
        """Queue it. Raises UsageError for what scrapyd cannot run."""
        if asked.dry_run or asked.sandbox:
            raise UsageError("Scrapyd starts neither dry runs nor the sandbox: use `timbre run` for these.")
        spider = "listenbrainz_top" if asked.listenbrainz else "lastfm_top"
        given = {"max": asked.max_tracks, "user": asked.listenbrainz or asked.user, "period": asked.period}
        skipped = [each for each in SOURCES if asked.sources is not None and each not in asked.sources]
        if asked.skip_aoty and "aoty" not in skipped:
            skipped.append("aoty")
        setting = {"setting": f"SKIP_SOURCES={','.join(skipped)}"} if skipped else {}
        arguments = {name: str(value) for name, value in given.items() if value}
        self._ask("schedule.json", {"spider": spider, "jobid": job_id, **arguments, **setting})

    def unfinished(self) -> set[str]:
        """The jobs that wait or run."""
        told = self._ask("listjobs.json", None)
        return {str(job["id"]) for state in ("pending", "running") for job in told[state]}

    def cancel(self, job_id: str) -> None:
        """End it in good order, or take it out of the queue."""
        self._ask("cancel.json", {"job": job_id})

    def _ask(self, page: str, fields: dict[str, str] | None) -> dict[str, Any]:
        address = f"{self._url}/{page}"
        try:
            if fields is None:
                answer = requests.get(address, {"project": _PROJECT}, timeout=_SECONDS)
            else:
                answer = requests.post(address, {"project": _PROJECT, **fields}, timeout=_SECONDS)
            told: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise RunError(f"Scrapyd at SCRAPYD_URL does not answer ({type(error).__name__}): is it up?") from None
        if told.get("status") != "ok":
            raise RunError(f"Scrapyd does not do it: {told.get('message', 'it does not say why')}")
        return told
