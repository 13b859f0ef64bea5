"""reflint: find and repair the defects of bibliographic records, wherever they live.

    for finding in reflint.check("library.ris"):
        print(finding.rule, finding.span, finding.message)

The names below are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = [
    "ConfigError",
    "Edit",
    "Field",
    "Finding",
    "Fix",
    "PackError",
    "Record",
    "ReflintError",
    "SourceError",
    "Span",
    "__version__",
    "check",
    "fix",
    "read",
]

_HOMES = {
    "ConfigError": "reflint.errors",
    "Edit": "reflint.model.edit",
    "Field": "reflint.model.record",
    "Finding": "reflint.model.finding",
    "Fix": "reflint.model.edit",
    "PackError": "reflint.errors",
    "Record": "reflint.model.record",
    "ReflintError": "reflint.errors",
    "SourceError": "reflint.errors",
    "Span": "reflint.model.record",
    "check": "reflint.app.api",
    "fix": "reflint.app.api",
    "read": "reflint.app.api",
}

TYPE_CHECKING = False  # as typing has it; importing typing would double the time of `reflint --version`
if TYPE_CHECKING:
    from reflint.app.api import check, fix, read
    from reflint.errors import ConfigError, PackError, ReflintError, SourceError
    from reflint.model.edit import Edit, Fix
    from reflint.model.finding import Finding
    from reflint.model.record import Field, Record, Span


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'reflint' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
