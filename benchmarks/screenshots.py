"""The pictures of the dashboard in docs/images: a run of the sandbox, watched and looked at in a real Chromium.

python benchmarks/screenshots.py [--songs 400] [--to docs/images]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_service import PORT
from bench_world import TIMBRE
from dotenv import dotenv_values
from playwright.sync_api import Browser, Page, sync_playwright

ADDRESS = f"http://127.0.0.1:{PORT}"
WIDE, NARROW = {"width": 1000, "height": 680}, {"width": 360, "height": 640}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--songs", type=int, default=400)
    options.add_argument("--to", type=Path, default=Path(__file__).parents[1] / "docs/images")
    asked = options.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("There is no Chromium: on Debian, apt install chromium.")
    asked.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="timbre-pictures-") as folder:
        lines = Path(folder) / "env"
        world = [f"--rows={4 * asked.songs}", "--weather=fair", f"--write-env={lines}", "--port=0"]
        sandbox = subprocess.Popen([*TIMBRE, "sandbox", *world], stdout=subprocess.DEVNULL)
        try:
            while not lines.exists():
                time.sleep(0.1)
            places = {name: str(Path(folder) / name.lower()) for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR")}
            env = os.environ | {name: value or "" for name, value in dotenv_values(lines).items()} | places
            first = [*TIMBRE, "run", f"--max-songs={asked.songs // 4}"]
            subprocess.run(first, env=env, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            service = subprocess.Popen(
                [*TIMBRE, "serve", f"--port={PORT}"], env=env, cwd=folder, stdout=subprocess.DEVNULL
            )
            try:
                arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=program, args=arguments)
                    take(browser, asked)
                    browser.close()
            finally:
                service.terminate()
                service.wait(20)
        finally:
            sandbox.terminate()
            sandbox.wait(20)


def take(browser: Browser, asked: argparse.Namespace) -> None:
    """Start a run by the form, picture it as it goes, and every page after it."""
    page = browser.new_page(viewport=WIDE)
    while True:
        try:
            page.goto(ADDRESS)
            break
        except Exception:
            time.sleep(0.2)
    page.get_by_label("Songs").fill(str(asked.songs))
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("dl.figures").wait_for(timeout=120_000)
    while "–" in page.locator("dl.figures").inner_text():
        time.sleep(0.5)
    picture(page, asked.to / "now.png")
    page.get_by_text("Nothing runs").wait_for(timeout=300_000)
    page.goto(f"{ADDRESS}/history")
    page.locator("a[href^='/history/']").first.click()
    picture(page, asked.to / "run.png")
    for name in ("library", "who", "sources"):
        page.goto(f"{ADDRESS}/{name}")
        picture(page, asked.to / f"{name}.png")
    page.goto(f"{ADDRESS}/find")
    page.locator("a[href^='/song/']").first.click()
    picture(page, asked.to / "song.png")
    narrow = browser.new_page(viewport=NARROW, color_scheme="dark")
    narrow.goto(f"{ADDRESS}/library")
    picture(narrow, asked.to / "library-phone.png")


def picture(page: Page, path: Path) -> None:
    """What a window shows, small."""
    page.screenshot(path=path)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
