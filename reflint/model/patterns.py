"""Regular expressions that are compiled when they are first used: a short run never needs most of them."""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")


class _Lazy:
    """Stands for a pattern; its first use compiles it and puts the pattern's own methods in place."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._source, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(source: str, flags: int = 0) -> re.Pattern[str]:
    """Like `re.compile`, but it compiles at the first use. A malformed pattern fails there, with re.error."""
    return cast(re.Pattern[str], _Lazy(source, flags))
