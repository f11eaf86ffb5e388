"""Sphinx: `make docs`. The reference is written anew before each build (`generate.py`)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import timbre_spider
from docs import generate

project = "timbre_spider"
author = "timbre_spider's authors"
version = release = timbre_spider.__version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["schema"]

html_theme = "furo"
html_title = "timbre_spider"

generate.write(Path(__file__).parent / "reference")
