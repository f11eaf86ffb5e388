"""What scrapyd starts for a job (`runner` in scrapyd.conf): a job cancelled while it loads still tells its end."""

import runpy

from timbre_spider.stop_signal import stop_signal

if __name__ == "__main__":
    # First of all: the rest takes a second to import.
    stop_signal.catch()
    runpy.run_module("scrapyd.runner", run_name="__main__")
