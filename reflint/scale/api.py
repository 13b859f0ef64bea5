"""What Python programs call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from reflint.app.settings import Settings
from reflint.scale.parts import RANGE
from reflint.scale.running import Outcome, carry_out

if TYPE_CHECKING:
    from distributed import Client


def check(
    sources: Iterable[str | Path],
    out: str | Path,
    *,
    format: str = "jsonl",
    profile: str = "recommended",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    client: Client | None = None,
    scheduler: str | None = None,
    jobs: int | None = None,
    range_size: int = RANGE,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Checks files and folders of RIS, JSON Lines and Parquet into the folder `out`; docs/scale.md says what it holds.

    Settings files are not read. `format`: of the findings, `jsonl` or `parquet`. `client` (distributed.Client), else
    `scheduler` (an address): whose workers do it; else `jobs` local processes (default: one for each processor).
    `range_size`: bytes of the ranges that RIS files of more than two are cut into. `progress` is told of bytes done.
    What cannot be read is told in the outcome's `errors`. Raises ConfigError for a wrong rule, a folder that holds
    something else, a scheduler that does not answer.
    """
    changes = {"profile": profile, "select": list(select), "ignore": list(ignore)}
    return carry_out(
        [str(source) for source in sources],
        Path(out),
        Settings().over(changes, "reflint.scale.check"),
        format=format,
        client=client,
        scheduler=scheduler,
        jobs=jobs,
        range_size=range_size,
        progress=progress,
    )
