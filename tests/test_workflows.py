"""The workflows' steps are targets of the Makefile, and their actions are pinned; `make workflows` lints the rest."""

import re
import subprocess

import pytest

from tests.conftest import ROOT, clean_environment
from tests.test_makefile import TARGETS

pytestmark = pytest.mark.unit

WORKFLOWS = {path.name: path.read_text() for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))}
# What a step may do besides: say why there is nothing to do, hand a release on.
OTHER_STEPS = {"echo", "rm dist/sbom.json", "gh release create", "|"}


def made(text: str) -> set[str]:
    """The targets a workflow makes, those of its matrix included."""
    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(steps(text))))
    for each in re.findall(r"target: \[([^\]]+)\]|target: ([a-z-]+)$", text, re.M):
        named.update("".join(each).split(", "))
    return named


def steps(text: str) -> list[str]:
    return re.findall(r"^ +(?:- )?run: (.+)$", text, re.M)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_target_made_exists(name: str) -> None:
    assert made(WORKFLOWS[name]) - set(TARGETS) == set()
    assert made(WORKFLOWS[name])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_steps_are_targets(name: str) -> None:
    others = [step for step in steps(WORKFLOWS[name]) if not step.startswith("make ")]
    assert [step for step in others if not any(step.startswith(allowed) for allowed in OTHER_STEPS)] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_hash_and_say_which_version_that_is(name: str) -> None:
    used = re.findall(r"uses: (.+)$", WORKFLOWS[name], re.M)
    foreign = [each for each in used if not each.startswith("$/")]
    assert [each for each in foreign if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_one_action_has_one_version() -> None:
    pins = {pin for text in WORKFLOWS.values() for pin in re.findall(r"uses: ([\w/-]+)@([0-9a-f]{40})", text)}
    assert len(pins) == len({action for action, _ in pins})


ASKED = [
    ({"EVENT": "push"}, "--max-songs 100"),
    ({"EVENT": "schedule"}, ""),
    ({"EVENT": "workflow_dispatch", "ASKED_DRY_RUN": "true"}, "--dry-run"),
    ({"EVENT": "workflow_dispatch", "ASKED_DRY_RUN": "false", "ASKED_SKIP_AOTY": "true"}, "--skip-aoty"),
    (
        {"EVENT": "workflow_dispatch", "ASKED_MAX_SONGS": "7", "ASKED_USER": "some_one-2"},
        "--max-songs 7 --user some_one-2",
    ),
    ({"EVENT": "workflow_dispatch", "ASKED_MAX_SONGS": "7; id"}, None),
    ({"EVENT": "workflow_dispatch", "ASKED_USER": "--sandbox"}, None),
    ({"EVENT": "workflow_dispatch", "ASKED_USER": "a$(id)"}, None),
]


@pytest.mark.parametrize(("given", "arguments"), ASKED)
def test_what_a_run_is_asked_for(given: dict[str, str], arguments: str | None) -> None:
    script = ROOT / "deploy" / "asked_for.sh"
    done = subprocess.run([script], env=clean_environment() | given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == ((0, arguments) if arguments is not None else (2, ""))


@pytest.mark.parametrize(
    ("tag", "status"),
    [("v0.0.7", 2), ("v0.1.0", 2)],  # no such version; not released yet, says the changelog
)
def test_a_release_has_one_version(tag: str, status: int) -> None:
    done = subprocess.run(
        ["make", "release-version", f"TAG={tag}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout
    assert "has another version" in done.stdout or "The top of CHANGELOG.md" in done.stdout
