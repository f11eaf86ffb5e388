"""The dashboard in a real Chromium: what it looks like to axe, what its buttons do, what changes by itself."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.conftest import Workspace, free_port
from tests.databases import TestDatabase, copied, drop
from tests.service.conftest import served
from tests.service.pages.test_history import summary
from tests.service.pages.test_now import HOSTILE, PROGRESS
from tests.storage.making import album, name_key, song, spotify_id, store, told_openly, track
from tests.waiting import end
from timbre_spider.config import load_config
from timbre_spider.service.app import create_app
from timbre_spider.service.state import Service
from timbre_spider.storage.database import Database
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.runs import Runs

pytestmark = pytest.mark.integration

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def database(postgres_server: EmbeddedServer, migrated: str) -> Iterator[Database]:
    """A library with something on every page; the tests of this file share it."""
    database = TestDatabase(postgres_server, copied(postgres_server, migrated))
    store(
        database,
        song("Ann", "One", 50, number=1, aoty=album(1, 85.0), tags={"indie": 100}),
        song("Ann", "Uno", 30, aoty=album(2, None)),
        song("Ann", "Eins", 25, spotify=track(4, "Eins")),
        song(HOSTILE, HOSTILE, 20, number=7),
        song("Ben", "A title of many words " * 6, 10, listener="other", open=told_openly(3)),
        *(song("Cid", f"Number {number}", 1, listener="other", number=20 + number) for number in range(51)),
        zwei := song("Dan", "Zwei", 4, number=90),
        song("Dan", "Tre", 3),
    )
    assert zwei.identity is not None
    store(database, song("Dan", "Two", 9, number=90, absorbs=[zwei.identity.song_id]))
    with database.connect() as connection:
        connection.execute(
            "INSERT INTO answers (asked_at, next_check, source, key, outcome, tier, score, reason) VALUES"
            " (now(), now(), 'open', %(uno)s, 'found', 'medium', 0.7, %(bad)s),"
            " (now(), NULL, 'aoty', 'album:x', 'failed', NULL, NULL, 'https://x is no page: it may have changed')",
            {"uno": name_key("Ann", "Uno"), "bad": HOSTILE},
        )
        connection.execute(
            'INSERT INTO answers (asked_at, source, key, outcome, tier, "values")'
            " VALUES (now(), 'labs', %s, 'found', 'medium', json_build_object('spotify_id', %s::text))",
            [name_key("Dan", "Tre"), spotify_id(6)],
        )
        connection.execute(
            "INSERT INTO questions (song_key, source, key, page) VALUES (%(uno)s, 'open', %(uno)s, 0)"
            " ON CONFLICT DO NOTHING",
            {"uno": name_key("Ann", "Uno")},
        )
    runs = Runs(database)
    for isrc in (95.0, 71.5):
        runs.finish(runs.start("lastfm_top", sandbox=True, listener="ann"), "finished", summary(isrc))
    yield database
    database.close()
    drop(postgres_server, database.name)


@pytest.fixture(scope="module")
def address(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the dashboard is served."""
    folder = tmp_path_factory.mktemp("served")
    config = load_config(_env_file=None, data_dir=folder, logs_dir=folder)
    with served(create_app(Service(config, database))) as address:
        yield address


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:
    """A Chromium; from now on this thread has a loop that runs, so what needs one of its own is done before."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: on Debian, apt install chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a path in a window of its own; whatever goes wrong in the page, or is asked of others, fails the test."""
    contexts, wrong = [], []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and "status of 422" not in said.text:  # a form that was filled in wrong
            wrong.append(said.text)

    def open_page(path: str, **window: Any) -> Page:
        context = browser.new_context(base_url=address, **window)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", heard)
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(asked.url))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def paths_of(page: Page) -> list[str]:
    """Every kind of page there is."""
    page.goto("/library?listener=me")
    song = page.locator("a[href^='/song/']").first.get_attribute("href")
    page.goto("/history")
    run = page.locator("a[href^='/history/']").first.get_attribute("href")
    return ["/", "/history", str(run), "/library", "/find?q=ann", str(song), "/who", "/sources", "/login", "/song/x"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_serious_and_every_page_fits(open_page: Callable[..., Page], scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page("/sources", color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in paths_of(page):
        if path == "/song/x":
            continue
        page.goto(path)
        found = Axe().run(page).response["violations"]
        serious = [
            (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_page_of_a_run_follows_it_by_itself(open_page: Callable[..., Page], database: Database) -> None:
    runs = Runs(database)
    page = open_page("/")
    expect(page.get_by_text("Nothing runs")).to_be_visible()
    run = runs.start("lastfm_top", sandbox=True, listener=HOSTILE)
    runs.tell_alive(run, PROGRESS)
    expect(page.get_by_text("1,207 of 3,000")).to_be_visible()
    runs.tell_alive(run, PROGRESS | {"at": "2026-11-28T12:00:10Z", "songs": PROGRESS["songs"] | {"stored": 1257}})
    expect(page.get_by_text("1,257 of 3,000")).to_be_visible()
    expect(page.get_by_text("5.0", exact=True)).to_be_visible()
    runs.finish(run, "finished", summary(90.0))
    expect(page.get_by_text("Nothing runs")).to_be_visible()


def test_a_wrong_form_is_filled_in_again_from_what_was_typed(open_page: Callable[..., Page]) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("User of Last.fm").fill("ann")
    page.get_by_label("or user of ListenBrainz").fill("ben")
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("alert")).to_contain_text("give one of them")
    expect(page.get_by_label("User of Last.fm")).to_have_value("ann")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_word_is_given_and_taken_back_by_keys_alone(open_page: Callable[..., Page], scripts: bool) -> None:
    page = open_page("/find?q=uno", java_script_enabled=scripts)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.get_by_role("link", name="Uno").focus()
    page.keyboard.press("Enter")
    page.get_by_label("The same song as").fill("Ann - Eins")
    page.keyboard.press("Enter")
    spellings = page.get_by_role("region", name="Its spellings")
    expect(spellings.get_by_text("Ann – Uno 30 plays")).to_be_visible()
    expect(spellings.get_by_text("Ann – Eins 25 plays")).to_be_visible()
    page.goto("/who")
    page.get_by_role("button", name="Take back word").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing yet.")).to_be_visible()


# What is said on a song's page, and what the list of words then tells of it.
WORDS = [
    ("Not the same as its spelling", "Ben - A title of many words", "different"),
    ("This track on Spotify", spotify_id(9), "spotify"),
    ("This album's page", "https://www.albumoftheyear.org/album/3-ben-x.php", "aoty"),
]


def test_every_word_about_a_song_is_given_and_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/find?q=title+of+many")
    page.get_by_role("link", name="A title of many words").click()
    for label, typed, kind in WORDS[1:]:
        page.get_by_label(label).fill(typed)
        page.keyboard.press("Enter")
        page.get_by_role("button", name=f"Take back: {kind}").click()
        expect(page.get_by_role("button", name=f"Take back: {kind}")).to_have_count(0)
    label, typed, _ = WORDS[0]
    page.get_by_label(label).fill(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()  # a song has one spelling at least


def test_a_track_is_named_where_there_is_none_and_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page("/who")
    page.get_by_label("Track on Spotify of Uno").fill(f"https://open.spotify.com/track/{spotify_id(8)}")
    page.keyboard.press("Enter")
    said = page.get_by_role("status")
    expect(said).to_contain_text("It is said: spotify")
    said.get_by_role("button", name="Take back word").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()


@pytest.mark.parametrize(
    ("button", "kind", "stays"),
    [("Same: Dan - Zwei", "same", 1), ("Different: Dan - Zwei", "different", 0), ("This id: Tre", "spotify", 0)],
)
def test_a_button_beside_what_is_unsure_says_it_and_another_takes_it_back(
    open_page: Callable[..., Page], button: str, kind: str, stays: int
) -> None:
    page = open_page("/who")
    pressed = page.get_by_role("button", name=button, exact=True)
    pressed.click()
    said = page.get_by_role("status")
    expect(said).to_contain_text(f"It is said: {kind}")
    expect(pressed).to_have_count(stays)  # what was joined and is the same stays joined
    said.get_by_role("button", name="Take back word").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    expect(pressed).to_be_visible()


def test_songs_are_filtered_put_in_order_and_gone_through(open_page: Callable[..., Page]) -> None:
    page = open_page("/find?q=number")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="More").click()
    expect(rows).to_have_count(1)
    page.goto("/find")
    page.get_by_label("Genre").fill("indie")
    page.get_by_label("Order").select_option("score")
    page.get_by_role("button", name="Find").click()
    expect(rows).to_have_count(1)
    expect(page.get_by_role("link", name="One", exact=True)).to_be_visible()
    page.get_by_label("Lacking").select_option("score")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("No song is like that.")).to_be_visible()


def test_the_library_of_another_listener_is_chosen(open_page: Callable[..., Page]) -> None:
    page = open_page("/library")
    page.get_by_label("Listener").select_option("other")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The library of other")
    expect(page.get_by_role("region", name="Top artists").get_by_text("Ben")).to_be_visible()


def test_a_run_is_held_against_the_one_before(open_page: Callable[..., Page]) -> None:
    page = open_page("/history")
    page.get_by_role("region", name="Runs").get_by_role("row").filter(has_text="isrc").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What got worse")).to_be_visible()
    expect(page.get_by_text("isrc: 71.5 %, was 95.0 %")).to_be_visible()
    page.get_by_role("link", name="the run before").click()
    expect(page.get_by_role("heading", name="What got worse")).to_have_count(0)


def test_a_source_that_changed_its_pages_is_told_from_one_that_is_silent(open_page: Callable[..., Page]) -> None:
    page = open_page("/sources")
    expect(page.get_by_text("layout changed").first).to_be_visible()
    expect(page.get_by_text("no answer")).to_have_count(0)


def test_a_person_logs_in_with_the_token_and_out(browser: Browser, database: Database, tmp_path: Path) -> None:
    config = load_config(_env_file=None, data_dir=tmp_path, logs_dir=tmp_path, api_token="tok-en" * 4)
    with served(create_app(Service(config, database))) as guarded:
        page = browser.new_page(base_url=guarded)
        page.goto("/sources")
        page.get_by_label("API_TOKEN").fill("another")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("not the token")
        page.get_by_label("API_TOKEN").fill("tok-en" * 4)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Start a run")).to_be_visible()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("API_TOKEN")).to_be_visible()
        page.goto("/library")
        expect(page.get_by_label("API_TOKEN")).to_be_visible()
        page.close()


def test_a_search_and_the_links_lead_on(open_page: Callable[..., Page]) -> None:
    page = open_page("/library?listener=me")
    page.get_by_placeholder("Artist or title").fill("one")
    page.get_by_role("button", name="Find songs").click()
    page.get_by_role("link", name="One", exact=True).click()
    expect(page.get_by_role("heading", name="What is known, and who told it")).to_be_visible()
    for name in ("Now", "Runs", "Library", "Who is who", "Sources"):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("navigation").get_by_role("link", name=name)).to_have_attribute("aria-current", "page")


@pytest.mark.slow
def test_a_run_and_a_dry_one_are_started_by_the_form_watched_and_stopped(
    browser: Browser, workspace: Workspace
) -> None:
    port = free_port()
    service = workspace.start("timbre", "serve", f"--port={port}")
    page = browser.new_page()
    page.set_default_timeout(60_000)
    try:
        while True:
            try:
                page.goto(f"http://127.0.0.1:{port}")
                break
            except Error:  # it does not listen yet
                assert service.poll() is None, service.said
        page.get_by_label("Songs").fill("1000")
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_text("songs stored", exact=True)).to_be_visible(timeout=120_000)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Nothing runs")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("shutdown", exact=True)).to_be_visible()
        page.get_by_label("Songs").fill("20")
        page.get_by_role("button", name="Dry run").click()
        page.get_by_text("(a dry run)").click(timeout=120_000)
        expect(page.get_by_label("What it printed")).to_contain_text("songs that would be stored    20")
    finally:
        page.close()
        end(service)
