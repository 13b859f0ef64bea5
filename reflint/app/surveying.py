"""What the sources of a run say together, told to the engine before they are checked one by one."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from reflint.app.reading import records_of
from reflint.app.sources import Source
from reflint.engine.run import Engine
from reflint.errors import SourceError

if TYPE_CHECKING:
    from reflint.app.libraries import Connection


def informed(
    engine: Engine, sources: Iterable[Source | SourceError], connection: Connection | None = None
) -> Iterable[Source | SourceError]:
    """The sources, once the engine knows what their records say together.

    They are read for it only where a rule over a library is selected. What cannot be read is told when it is checked.
    """
    if not any(rule.check.get("use") == "library" for rule in engine.every_rule):
        return sources
    from reflint.engine.survey import Survey

    survey = Survey(engine.every_rule)
    given = list(sources)
    for source in given:
        if isinstance(source, Source):
            with suppress(SourceError, OSError):
                for record in records_of(source, None, connection):
                    survey.add(record)
    engine.learn(survey.census())
    return given
