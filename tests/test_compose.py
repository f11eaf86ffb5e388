"""What each use of docker-compose.yml starts, and as what; `make container` holds the file against compose's schema."""

import re
import shlex
from itertools import pairwise

import pytest
import yaml

from tests.conftest import ROOT
from timbre_spider.config import Config

pytestmark = pytest.mark.unit

TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OF_OURS = {name for name, service in SERVICES.items() if service["image"] == COMPOSE["x-timbre"]["image"]}
LOCAL = {"postgres", "redis"}
STARTED = [
    ("docker compose up", {"service"} | LOCAL),
    ("docker compose --profile pipeline up pipeline", {"pipeline"}),
    ("docker compose --profile pipeline run --rm pipeline", {"pipeline"}),
    ("docker compose --profile workers up --scale worker=3", {"service", "worker"} | LOCAL),
    ("docker compose --profile pipeline --profile workers up", {"service", "pipeline", "worker"} | LOCAL),
    ("docker compose run --rm worker enqueue --max-songs 10000", {"worker"} | LOCAL),
]


def started(command: str) -> set[str]:
    """The services a command of compose starts: the one named, else those of no profile and of its profiles; and what
    they depend on, which must not lie in a profile that is not asked for."""
    words = shlex.split(command)
    profiles = {word for before, word in pairwise(words) if before == "--profile"}
    named = [word for word in words[words.index("up" if "up" in words else "run") :] if word in SERVICES][:1]
    if named:
        profiles.update(SERVICES[named[0]].get("profiles", []))
    enabled = {
        name for name, each in SERVICES.items() if not each.get("profiles") or profiles.intersection(each["profiles"])
    }
    found = set(named) or enabled
    for name in list(found):
        found.update(SERVICES[name].get("depends_on", {}))
    assert found <= enabled, f"{command}: {found - enabled} lie in a profile that it does not name"
    return found


@pytest.mark.parametrize(("command", "services"), STARTED)
def test_what_a_command_starts(command: str, services: set[str]) -> None:
    assert started(command) == services


def test_every_command_of_compose_that_is_shown_is_tried() -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")) + TEXT
    shown = re.findall(r"^(?:\$|#) (docker compose .+?)(?: {2,}|$)", pages, re.M)
    assert shown
    assert [each for each in shown if not any(command.startswith(each) for command, _ in STARTED)] == []


@pytest.mark.parametrize("name", sorted(OF_OURS))
def test_a_service_of_ours_may_write_to_its_volumes_alone(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["volumes"] == ["data:/app/data", "logs:/app/logs", "exports:/app/exports"]


def test_a_production_run_has_only_what_env_names() -> None:
    assert {"service", "pipeline", "worker"} == OF_OURS
    assert "environment" not in SERVICES["pipeline"]
    assert SERVICES["pipeline"]["env_file"] == [{"path": ".env", "required": True}]
    for name in ("service", "worker"):
        assert {"DATABASE_URL", "REDIS_URL"} <= set(SERVICES[name]["environment"])


def test_ports_are_open_to_this_machine_alone_and_variables_are_settings() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]
    given = set(re.findall(r"\$\{(\w+)", TEXT))
    assert given - {"POSTGRES_PASSWORD"} - {name.upper() for name in Config.model_fields} == set()
