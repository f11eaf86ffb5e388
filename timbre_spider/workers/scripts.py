"""What Redis does in one step, in its own language: `lua/` (Redis 6.2 and newer, one server, no cluster).

    timbre:jobs               list    jobs whose chart is to be read, or that may be complete; taken from the right
    timbre:batches            zset    batches that wait, by their turn; the lowest is next
    timbre:turn               string  the turn of the batch taken last: where a job that comes in begins
    timbre:leases             zset    what is in hand, by the moment (ms) at which it is taken back
    timbre:strikes            hash    how often each was lost or failed
    timbre:dead               hash    what failed too often, and why
    timbre:open               set     jobs whose chart is read or being read, and that are not complete
    timbre:job:ID             hash    job (JSON); state (waiting, open, done, dead, cancelled), batches in all,
                                      and those left, done, dead; songs stored, once it ended
    timbre:job:ID:batches     hash    its batches that are not done, by number (JSON)
    timbre:job:ID:beyond      list    the chart's songs that were not handed out (JSON)
    timbre:job:ID:songs       set     ids of the songs stored
    timbre:all                zset    every job, by the time (s) it was put

A job's id names it in the lists; a batch's is the job's, a colon and its number.
"""

from pathlib import Path

STRIKES = 3
# Jobs open at one time: so many listeners share the workers; the others wait with nothing but their names in Redis.
MOST_OPEN = 16
# How long what became of a job is told after its end.
KEPT_SECONDS = 7 * 24 * 3600

_LUA = Path(__file__).parent / "lua"


def _read(name: str) -> str:
    return (_LUA / f"{name}.lua").read_text(encoding="utf-8")


_COMMON = f"local STRIKES, MOST_OPEN, KEPT = {STRIKES}, {MOST_OPEN}, {KEPT_SECONDS}\n{_read('common')}\n"

PUT = _COMMON + _read("put")
TAKE = _COMMON + _read("take")
RENEW = _COMMON + _read("renew")
DONE = _COMMON + _read("done")
GIVE_BACK = _COMMON + _read("give_back")
BURY = _COMMON + _read("bury")
PUBLISH = _COMMON + _read("publish")
MORE = _COMMON + _read("more")
END = _COMMON + _read("end")
RETRY = _COMMON + _read("retry")
CANCEL = _COMMON + _read("cancel")
