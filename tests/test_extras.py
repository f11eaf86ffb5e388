"""No extra is needed to start."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.integration

WITHOUT_EXTRAS = """
import pkgutil, sys
from importlib import import_module
import spotipy  # asks for redis itself
sys.modules |= dict.fromkeys(("redis", "scrapy_redis", "pyarrow", "playwright", "fastapi", "starlette", "jinja2",
    "prometheus_client", "apscheduler", "apprise"))
import timbre_spider
for module in pkgutil.walk_packages(timbre_spider.__path__, "timbre_spider."):
    optional = any(room in module.name for room in (".service", ".workers."))
    if not optional and not module.name.rpartition(".")[2].startswith(("redis_", "__main__")):
        import_module(module.name)
"""


def test_no_extra_is_needed_to_start() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_EXTRAS], check=True, cwd=ROOT)
