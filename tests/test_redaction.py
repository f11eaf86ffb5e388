import logging
import subprocess
import sys

import pytest

from timbre_spider.redaction import cleaned, learn, redacted

pytestmark = pytest.mark.unit

SECRET = "s3cr3t/key+0123456789"


@pytest.fixture(autouse=True)
def known():
    learn([SECRET, "abc"])


def record(message, *args, error=None):
    exc_info = (type(error), error, error.__traceback__) if error else None
    return cleaned(logging.LogRecord("test", logging.INFO, __file__, 1, message, args, exc_info))


@pytest.mark.parametrize(
    "form", [SECRET, "s3cr3t%2Fkey%2B0123456789", f"http://h/?api_key={SECRET}&x=1", f"{SECRET}{SECRET}"]
)
def test_a_secret_is_left_out_however_it_is_written(form):
    assert "0123456789" not in redacted(f"at {form}!")
    assert "***" in redacted(form)


def test_a_secret_too_short_to_be_one_garbles_no_words():
    assert redacted("abc is the alphabet") == "abc is the alphabet"


class Hostile:
    def __repr__(self):
        raise ValueError("no")


@pytest.mark.parametrize(
    ("message", "args", "shown"),
    [
        (f"at {SECRET}", (), "at ***"),
        ("at %s", (SECRET,), "at ***"),
        ("at %(url)r", ({"url": f"?api_key={SECRET}"},), "at '?api_key=***'"),
        ("two %s %s", (SECRET,), "two %s %s ('***',)"),
        ("none", (SECRET,), "none ('***',)"),
        ("number %d", (SECRET,), "number %d ('***',)"),
        ("100 % of %s", (SECRET,), "100 % of %s ('***',)"),
        ("%(missing)s", ({"url": SECRET},), "%(missing)s {'url': '***'}"),
        ("%s", (Hostile(),), "%s (arguments cannot be shown: ValueError)"),
        (Exception(SECRET), (), "***"),
        ("\x1b[31m%s", ("\x9b2J\u202e",), "\\u001b[31m\\u009b2J\\u202e"),
        ("two\nlines\tof %s", ("text",), "two\nlines\tof text"),
    ],
)
def test_no_form_of_logging_shows_a_secret_or_raises(message, args, shown):
    assert record(message, *args).getMessage() == shown


def test_what_has_nothing_to_hide_stays_as_it_was():
    kept = record("at %s", "home")
    assert (kept.msg, kept.args) == ("at %s", ("home",))


def test_tracebacks_show_none_either():
    try:
        raise ValueError(f"refused: {SECRET}")
    except ValueError as error:
        shown = logging.Formatter().format(record("failed", error=error))
    assert SECRET not in shown
    assert "ValueError: refused: ***" in shown


# In a process of its own, because it changes the whole process.
GUARDED = """
import io, logging, sys, threading, warnings
from timbre_spider.redaction import guard, learn

early = logging.getLogger("early")
learn(["marked-4711"])
guard()
guard()
logging.warning("last resort marked-4711")
logging.warning("malformed %s %s", "marked-4711")
handler = logging.StreamHandler()
logging.getLogger("late").addHandler(handler)
logging.getLogger("late").error("later handler marked-4711")
early.error("earlier logger %s", "marked-4711")
warnings.warn("a warning marked-4711")
logging.captureWarnings(True)
warnings.warn("captured marked-4711")
thread = threading.Thread(target=lambda: 1 / len("marked-4711"[:0]))
thread.start()
thread.join()
raise ValueError("uncaught marked-4711\\x1b[31m")
"""


def test_the_whole_process_is_watched_over():
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, timeout=60)
    assert "marked-4711" not in done.stderr.replace('"marked-4711"', "")  # lines of the source stay what they are
    assert "\x1b" not in done.stderr
    for said in ("last resort ***", "malformed %s %s ('***',)", "later handler ***", "earlier logger ***",
                 "a warning ***", "captured ***", "ZeroDivisionError", "ValueError: uncaught ***"):  # fmt: skip
        assert said in done.stderr, said
    assert "Logging error" not in done.stderr
    assert done.returncode == 1
