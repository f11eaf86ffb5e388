"""No secret in a log line, whoever writes it."""

import logging


class Redaction(logging.Filter):
    """Replaces every known secret in a record's text; tracebacks included."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) > 3), key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        text = record.getMessage()
        if any(secret in text or secret in (record.exc_text or "") for secret in self._secrets):
            record.msg, record.args = self.redacted(text), None
            record.exc_text = self.redacted(record.exc_text) if record.exc_text else None
        return True

    def redacted(self, text: str) -> str:
        """`text` with `***` for every secret."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def redact_logs(secrets: list[str]) -> None:
    """Puts the filter on every handler of the root logger, once."""
    redaction = Redaction(secrets)
    for handler in logging.getLogger().handlers:
        for old in [each for each in handler.filters if isinstance(each, Redaction)]:
            handler.removeFilter(old)
        handler.addFilter(redaction)
