"""Who may ask: the bearer token of a start, one-time codes, and the sessions that pages get for them."""

from __future__ import annotations

import hmac
import secrets
from typing import NamedTuple

from reflint.server.redaction import conceal

_MOST_CODES = 8
_MOST_SESSIONS = 32


class Session(NamedTuple):
    """A page that is logged in: its cookie, and the value it must send with every change."""

    cookie: str
    csrf: str


class Sessions:
    """Everything that grants access to one start of the backend; nothing of it outlives the process."""

    def __init__(self) -> None:
        self.token = _secret()
        self._codes: list[str] = []
        self._sessions: list[Session] = []

    def new_code(self) -> str:
        """A code that logs one page in, once. The oldest of many unused ones is void."""
        self._codes = [*self._codes[1 - _MOST_CODES :], _secret(16)]
        return self._codes[-1]

    def log_in(self, code: str) -> Session | None:
        """A session for a code, which is used up by it; None for one that is not valid."""
        known = next((one for one in self._codes if _equal(one, code)), None)
        if known is None:
            return None
        self._codes.remove(known)
        session = Session(_secret(), _secret())
        self._sessions = [*self._sessions[1 - _MOST_SESSIONS :], session]
        return session

    def log_out(self, session: Session) -> None:
        """Ends a session."""
        self._sessions.remove(session)

    def is_token(self, given: str) -> bool:
        """Whether this is the token, compared in constant time."""
        return _equal(self.token, given)

    def of_cookie(self, cookie: str) -> Session | None:
        """The session of a cookie."""
        return next((one for one in self._sessions if _equal(one.cookie, cookie)), None)

    @staticmethod
    def may_change(session: Session, csrf: str) -> bool:
        """Whether a page has shown the value that only it was told."""
        return _equal(session.csrf, csrf)


def _secret(size: int = 32) -> str:
    """Random text of so many bytes, which no log will show."""
    text = secrets.token_urlsafe(size)
    conceal(text)
    return text


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "replace"))
