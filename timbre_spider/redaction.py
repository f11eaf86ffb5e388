"""No secret in what a process says, whoever says it: log lines, tracebacks, warnings, and our errors' messages."""

import json
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable
from functools import lru_cache
from types import TracebackType
from typing import Any
from urllib.parse import quote, quote_plus

from timbre_spider.terminal import visible

# A shorter one would garble words.
_SHORTEST = 4

# Every form of every secret this process knows, the longest first.
_known: list[str] = []


def learn(secrets: Iterable[str]) -> None:
    """From now on `redacted` leaves these out, as they are and as addresses, JSON and Python write them."""
    forms = {
        form
        for secret in secrets
        for form in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1])
        if len(form) >= _SHORTEST
    }
    _known[:] = sorted(forms.union(_known), key=len, reverse=True)


def redacted(text: str) -> str:
    """`text` with `***` for every secret."""
    for secret in _known:
        text = text.replace(secret, "***")
    return text


@lru_cache(maxsize=1)
def guard() -> None:
    """Watch over the whole process: loggers and handlers of any time, uncaught exceptions, warnings."""
    make_record = logging.getLogRecordFactory()

    def make_clean_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return cleaned(make_record(*args, **kwargs))

    logging.setLogRecordFactory(make_clean_record)
    format_warning = warnings.formatwarning
    warnings.formatwarning = lambda *args, **kwargs: _fit_to_show(format_warning(*args, **kwargs))
    sys.excepthook = _show
    threading.excepthook = lambda told: _show(told.exc_type, told.exc_value, told.exc_traceback)


def cleaned(record: logging.LogRecord) -> logging.LogRecord:
    """The record without secrets and control characters, in its text and its traceback.

    Never raises: whoever logs with arguments that do not fit gets both in the log, not an error.
    """
    try:
        text = record.getMessage()
    except Exception:
        text = f"{record.msg} {_arguments(record)}"
        record.msg, record.args = text, None
    if (clean := _fit_to_show(text)) != text:
        record.msg, record.args = clean, None
    if record.exc_info and record.exc_info[0]:
        trace = logging.Formatter().formatException(record.exc_info)
        record.exc_text = _fit_to_show(trace)
        if record.exc_text != trace:
            # A handler that formats by itself would show the trace as it was.
            record.exc_info = None
    if record.stack_info:
        record.stack_info = _fit_to_show(record.stack_info)
    return record


def _arguments(record: logging.LogRecord) -> str:
    try:
        return repr(record.args)
    except Exception as error:
        return f"(arguments cannot be shown: {type(error).__name__})"


def _show(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, SystemExit):
        sys.stderr.write(_fit_to_show("".join(traceback.format_exception(kind, error, trace))))


def _fit_to_show(text: str) -> str:
    return visible(redacted(text))
