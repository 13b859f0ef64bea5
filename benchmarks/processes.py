"""Runs a command and says what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

# resource counts in KiB, but in bytes on macOS.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """Wall and processor seconds of a command and its children, and the peak memory of the largest of them in MB."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


def run(command: list[str], *, directory: Path, environment: dict[str, str], keep_output: bool = False) -> Run:
    """Run a command to its end; its output goes nowhere unless kept. A failing command ends the measurement."""
    start = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=directory,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE if keep_output else subprocess.DEVNULL,
    )
    output = process.stdout.read().decode() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    if process.stdout:
        process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _PEAK_UNIT / 1e6, output)
