"""Every command of the README works as it is written there."""

import json
import re
import shlex
import shutil
import subprocess
import time

import pytest

from tests.conftest import BIN, ROOT, Workspace, clean_environment, free_port
from tests.histories.making import as_json, as_zip, extended
from tests.waiting import end, wait_until

README = (ROOT / "README.md").read_text()
BLOCKS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.S)
    for line in block.splitlines()
]
COMMANDS = [line for line in BLOCKS if line]
TABLE = re.findall(r"^\| (`(?:timbre|scrapy) .+?) \|", README, re.M)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout whose environment is already set up: this one, with stamps that are newer than all files."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("Makefile", "pyproject.toml", "scrapy.cfg", "scrapyd.conf", *ROOT.glob("requirements*.txt")):
        shutil.copy(ROOT / name, folder)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_nothing.py").write_text("import pytest\n@pytest.mark.unit\ndef test_it():\n    pass\n")
    environment = folder / ".venv"
    environment.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (environment / name).symlink_to(BIN.parent / name)
    for stamp in ("installed", "tools"):
        (environment / stamp).touch()
    return folder


def shell(folder, command):
    # What `make test ARGS=…` was told is not for the make within.
    env = {name: value for name, value in clean_environment().items() if name != "ARGS" and "MAKE" not in name}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_the_readme_has_the_commands_this_file_tests():
    assert COMMANDS == [
        "make run",
        "make test",
        ".venv/bin/timbre validate",
        ".venv/bin/timbre run --dry-run",
        ".venv/bin/timbre run --max-songs 500",
        ".venv/bin/timbre import history my_spotify_data.zip",
        ".venv/bin/timbre db shell",
        ".venv/bin/pip install '.[service]'",
        ".venv/bin/timbre serve",
        "curl -X POST localhost:8470/pipeline/start -H 'content-type: application/json' "
        """-d '{"max_tracks": 10000, "skip_aoty": false, "dry_run": false}'""",
        "curl localhost:8470/pipeline/status",
        "curl 'localhost:8470/songs?q=joy+division&lacking=isrc'",
        ".venv/bin/timbre sandbox --write-env .env",
        """curl -d '{"any.502": 0.2, "spotify.search": 50}' http://127.0.0.1:8460/weather""",
        """curl -d '{"advance_s": 86400}' http://127.0.0.1:8460/clock""",
        "curl http://127.0.0.1:6800/schedule.json -d project=default -d spider=lastfm_top -d max=500",
    ]


@pytest.mark.unit
def test_the_first_picture_comes_soon_and_is_there():
    before, _, rest = README.partition("![")
    assert len(re.findall(r"[\w.'-]+", before)) <= 60
    assert "songs stored" in (ROOT / rest.partition("](")[2].partition(")")[0]).read_text().replace("&#160;", " ")


@pytest.mark.slow
def test_make_run_stores_songs_and_says_where(checkout):
    said = shell(checkout, 'make run ARGS="--max-songs 40"')
    assert re.search(r"songs stored +40 ", said)
    assert "sandbox" in said
    feed = re.search(r"^Feed +(\S+): 40 songs", said, re.M)[1]
    assert json.loads(shell(checkout, f"head -1 {feed}"))["id"]
    opened = re.search(r"^Open it +(.+)", said, re.M)[1]
    assert "40" in shell(checkout, opened + " -- -Atc 'TABLE songs' | wc -l")


# CONTRIBUTING.md shows the second.
TESTS_MADE = ["make test", 'make test ARGS="-m unit"']


@pytest.mark.slow
@pytest.mark.parametrize("command", TESTS_MADE)
def test_make_test_runs_the_tests(checkout, command):
    assert "1 passed" in shell(checkout, command)


@pytest.mark.integration
@pytest.mark.parametrize("command", [line for line in COMMANDS if re.search("validate|timbre run|import", line)])
def test_the_first_steps_with_keys(checkout, sandbox, command):
    (checkout / "my_spotify_data.zip").write_bytes(as_zip({"endsong_0.json": as_json([extended()])}))
    (checkout / ".env").write_text("".join(f"{name}={value}\n" for name, value in sandbox.env.items()))
    # The same with fewer songs.
    assert shell(checkout, command.replace("500", "25"))
    (checkout / ".env").unlink()


@pytest.mark.integration
def test_the_sandbox_writes_the_lines_that_point_at_it_and_its_weather_and_clock_are_turned(checkout):
    workspace, lines = Workspace(checkout, clean_environment()), checkout / ".env"
    process = workspace.start_anew("timbre", "sandbox", "--write-env", ".env", "--rows", "100", "--port", "0")
    try:
        wait_until(lines.exists, process)
        control = int(re.search("LASTFM_BASE_URL=http://127.0.0.1:([0-9]+)", lines.read_text())[1]) - 1
        weather, clock = (
            json.loads(shell(checkout, command.replace(":8460/", f":{control}/")))
            for command in COMMANDS
            if ":8460/" in command
        )
    finally:
        end(process)
        lines.unlink(missing_ok=True)
    assert weather["faults"]["any.502"]["rate"] == 0.2
    assert weather["limits"]["spotify.search"]["requests"] == 50
    assert clock["now"] > time.time() + 80_000


@pytest.mark.integration
@pytest.mark.parametrize("row", TABLE)
def test_every_command_and_option_of_the_table_exists(checkout, row):
    workspace = Workspace(checkout, clean_environment())
    before: list[str] = []
    for command in re.findall(r"`([^`]+)`", row):
        words = shlex.split(re.sub(r"[\[\]…]", " ", command))
        name = [word for word in words if word[0] not in "-" and word.islower() and "=" not in word]
        if name[0] not in ("timbre", "scrapy"):
            name = [*before, *name]  # "db migrate" after "timbre db counts"
        before = name[:1]
        if name[0] == "scrapy":
            continue  # `scrapy crawl` has tests of its own
        groups = {"db", "override", "import"}
        depth = 3 if name[1] in groups or name[1:3] == ["report", "albums"] else 2
        said = workspace.run(*name[:depth], "--help", COLUMNS="200")
        for option in (word for word in words if word.startswith("--")):
            assert option in said, f"{option} is not in `{' '.join(name[:depth])} --help`"


@pytest.mark.slow
def test_the_service_answers_what_is_asked_of_it(workspace):
    port = free_port()
    process = workspace.start("timbre", "serve", "--port", str(port))
    start, status, songs = (
        command.replace(":8470/", f":{port}/") for command in COMMANDS if "localhost:8470/" in command
    )
    try:
        asked = ["bash", "-c", f"{status} -sf"]
        wait_until(lambda: subprocess.run(asked, capture_output=True, check=False).returncode == 0, process)
        job = json.loads(shell(workspace.folder, start))["job_id"]
        assert [run["job_id"] for run in json.loads(shell(workspace.folder, status))["runs"]] == [job]
        assert json.loads(shell(workspace.folder, songs)) == {"songs": [], "next": None}
        shell(
            workspace.folder,
            f"curl -X POST localhost:{port}/pipeline/stop -H 'content-type: application/json' -d '{{}}'",
        )
    finally:
        end(process)
