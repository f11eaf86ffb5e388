"""`python -m timbre_spider` is `timbre`."""

from timbre_spider.cli import main

main()
