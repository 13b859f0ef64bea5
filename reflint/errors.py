"""The errors a caller may see. Each message says what, where, and what to do.

ReflintError
|- SourceError    a source cannot be read or written
|- PackError      a rule file is wrong
`- ConfigError    a setting, option or rule code is wrong
"""


class ReflintError(Exception):
    """Anything reflint says instead of doing the job."""


class SourceError(ReflintError):
    """A source cannot be read or written, or is not what its name says."""


class PackError(ReflintError):
    """A rule pack cannot be loaded."""


class ConfigError(ReflintError):
    """A setting, an option or a rule code is wrong."""


def in_words(source: str, error: Exception) -> str:
    """Why a source could not be done, with its name in front unless the error names it already."""
    message = getattr(error, "strerror", None) or str(error) or "not enough memory"
    return message if isinstance(error, SourceError) and message.startswith(source) else f"{source}: {message}"
