"""Secrets, kept out of everything that is written: answers, errors, logs."""

from __future__ import annotations

import logging
import os
import re

_BEARER = re.compile(r"(?i)(bearer\s+|reflint_session=|code=|[?&]key=)[A-Za-z0-9._~+/=-]{6,}")
_secrets: set[str] = set()


def conceal(secret: str) -> None:
    """From now on this text is blotted out wherever it would be written."""
    _secrets.add(secret)


def redacted(text: str) -> str:
    """A text without tokens, codes and API keys."""
    for secret in (*_secrets, os.environ.get("ZOTERO_API_KEY", "")):
        if secret:
            text = text.replace(secret, "***")
    return _BEARER.sub(r"\1***", text)


class Filter(logging.Filter):
    """Takes secrets, and tracebacks, out of log records."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites a record; lets every record pass."""
        record.msg, record.args = redacted(record.getMessage()), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.msg += redacted(f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})")
        record.exc_info = record.exc_text = record.stack_info = None
        return True
