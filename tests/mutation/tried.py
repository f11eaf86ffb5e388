"""Makes the mutants of this folder with mutmut and tries them; tells each in a line of JSON.

Each mutant is tried in a fork of one pytest session, where every test is collected and has passed: what a mutant costs
is the run of the tests that reach its function, the quickest first, until one fails.
"""

import functools
import gc
import json
import os
import random
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants, setup_source_paths
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import mangled_name_from_mutant_name

AT_ONCE = os.cpu_count() or 1
# Seconds beyond four times what the tests took: of work, and of waiting. To be kept from work by others is neither.
MOST_WORK, MOST_WAIT = 10, 30
# A cache of so few holds what is dear to make, word lists say, and stays from test to test.
DEAR = 8


def main(most: int, seed: int, tests: list[str]) -> int:
    set_mutant_under_test("mutant_generation")
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(AT_ONCE)
    files = {
        name: str(meta.relative_to("mutants")).removesuffix(".meta")
        for meta in sorted(Path("mutants/timbre_spider").rglob("*.py.meta"))
        for name in json.loads(meta.read_text())["exit_code_by_key"]
    }
    names = list(files)
    if most and most < len(names):
        names = random.Random(seed).sample(names, most)

    def told(name: str, status: str) -> None:
        lines = get_diff_for_mutant(name).splitlines() if status in ("survived", "no tests") else []
        was = _joined(line for line in lines if line[:1] == "-" and line[:3] != "---")
        becomes = _joined(line for line in lines if line[:1] == "+" and line[:3] != "+++")
        verdict = {"name": name, "file": files[name], "status": status, "was": was, "becomes": becomes}
        print(json.dumps(verdict), file=TOLD, flush=True)

    trials = Trials(names, told)
    os.chdir("mutants")
    # How a test fails is read by nobody.
    options = ["-q", "-p", "no:cacheprovider", "--rootdir=.", "--tb=native", "--assert=plain", "-m", "not slow"]
    code = int(pytest.main([*options, *tests], plugins=[trials]))
    os.chdir("..")
    return code


class Trials:
    """Replaces pytest's loop: once through all tests as they are, then each mutant in a fork."""

    def __init__(self, names: list[str], told: Callable[[str, str], None]) -> None:
        self.names = names
        self.told = told
        self.seconds: dict[pytest.Item, float] = {}
        self.reach: dict[str, list[pytest.Item]] = defaultdict(list)
        self.running: dict[int, tuple[str, float, float]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("tests that cannot be collected")
        self._run_once(session)
        if session.testsfailed:
            return True
        # What is remembered from the run as it is would hide the mutants.
        for each in _caches():
            each.cache_clear()
        gc.freeze()
        for name in sorted(self.names, key=self._longest):
            if not self._tests_of(name):
                self._tell(name, "no tests")
                continue
            while len(self.running) >= AT_ONCE:
                self._wait_for_one()
            self._start(session, name)
        while self.running:
            self._wait_for_one()
        return True

    def _run_once(self, session: pytest.Session) -> None:
        set_mutant_under_test("stats")
        caches = [each for each in _caches() if (each.cache_parameters()["maxsize"] or 0) > DEAR]
        for place, item in enumerate(session.items):
            # What one test left behind would hide that the next one reaches the function, too.
            for each in caches:
                each.cache_clear()
            started = time.monotonic()
            # Never None: what the whole session uses, a database server say, stays for the forks.
            following = session.items[place + 1] if place + 1 < len(session.items) else item
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.seconds[item] = time.monotonic() - started
            for function in state()._stats:
                self.reach[function].append(item)
            state()._stats.clear()
        session._setupstate.teardown_exact(session)
        set_mutant_under_test("")

    def _tests_of(self, name: str) -> list[pytest.Item]:
        # Those of a module stand together, so that its fixtures are made once.
        reached = self.reach.get(mangled_name_from_mutant_name(name), [])
        modules: dict[str, float] = defaultdict(float)
        for item in reached:
            modules[item.nodeid.split("::")[0]] += self.seconds[item]
        return sorted(reached, key=lambda item: (modules[item.nodeid.split("::")[0]], item.nodeid.split("::")[0]))

    def _longest(self, name: str) -> float:
        return sum(self.seconds[item] for item in self._tests_of(name))

    def _start(self, session: pytest.Session, name: str) -> None:
        tests, longest = self._tests_of(name), self._longest(name)
        pid = os.fork()
        if pid == 0:
            code = 3
            try:
                os.setpgid(0, 0)
                work = int(MOST_WORK + 4 * longest)
                resource.setrlimit(resource.RLIMIT_CPU, (work, work + 1))
                code = self._fails(session, name, tests)
            finally:
                os._exit(code)
        self.running[pid] = name, time.monotonic(), MOST_WAIT + 4 * longest

    @staticmethod
    def _fails(session: pytest.Session, name: str, tests: list[pytest.Item]) -> int:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        set_mutant_under_test(name)
        for item, following in zip(tests, [*tests[1:], tests[-1]], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return 1
        return 0

    def _tell(self, name: str, status: str) -> None:
        # The mutants' files are named from the folder above the one where tests run.
        os.chdir("..")
        self.told(name, status)
        os.chdir("mutants")

    def _wait_for_one(self) -> None:
        while True:
            pid, ended = os.waitpid(-1, os.WNOHANG)
            if pid in self.running:
                name, _, _ = self.running.pop(pid)
                self._tell(name, _status(ended))
                return
            for pid, (name, started, longest) in list(self.running.items()):
                if time.monotonic() - started - _queued(pid) > longest:
                    os.killpg(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                    del self.running[pid]
                    self._tell(name, "waits for ever")
                    return
            time.sleep(0.005)


def _caches() -> list[Any]:
    gc.unfreeze()  # what was frozen is not listed
    return [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]


def _queued(pid: int) -> float:
    """Seconds that a process could have worked and was not let (Linux; 0 elsewhere)."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def _status(ended: int) -> str:
    if os.WIFSIGNALED(ended):
        return "never ends" if os.WTERMSIG(ended) in (signal.SIGXCPU, signal.SIGKILL) else "crashed"
    return {0: "survived", 1: "killed"}.get(os.WEXITSTATUS(ended), "crashed")


def _joined(lines) -> str:
    return " ".join(line[1:].strip() for line in lines)


if __name__ == "__main__":
    # What is told goes out apart from what pytest and the tests say.
    TOLD = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with TOLD:
        ended = main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    sys.exit(ended)
