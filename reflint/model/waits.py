"""How long a server asks to be left in peace: the headers Retry-After (RFC 9110) and Zotero's Backoff."""

from __future__ import annotations

import email.utils


def seconds_asked_for(header: str | None, now: float) -> float:
    """The seconds that a header asks for, as a number or a date; 0 when it says nothing. `now`: seconds since 1970."""
    if not header:
        return 0.0
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(header).timestamp() - now
        except (ValueError, TypeError):
            return 0.0
    return max(seconds, 0.0)
