"""The page `/sources`: how well each source answers, now and over the runs."""

from fastapi import Request, Response

from timbre_spider.service.pages.dashboard import There
from timbre_spider.service.pages.render import page, page_router
from timbre_spider.service.pages.trouble import kinds
from timbre_spider.storage.past_runs import last_run, list_runs, run_of

router = page_router()

_RUNS = 30


@router.get("/sources")
def sources(request: Request, there: There) -> Response:
    """Each source's standing answers, its trouble by kind, and the last runs one by one."""
    database = there.service.database
    standing, trouble = there.health.get()
    by_source: dict[str, dict[str, object]] = {}
    for each in standing:
        by_source.setdefault(each.source, {})[each.outcome] = each
    last = last_run(database)
    whole = run_of(database, last.id) if last else None
    return page(
        request,
        "sources.html",
        standing=by_source,
        trouble=kinds(trouble),
        runs=[run for run in list_runs(database, limit=_RUNS) if run.summary and "outcomes" in run.summary][::-1],
        last=whole,
    )
