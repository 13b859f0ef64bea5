"""What a backend is started with: where it listens, by which settings it checks, and what it refuses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PORT = 27467
"""Where the backend listens unless it is told otherwise."""
HOST = "127.0.0.1"
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request or a job may cost. Bytes and seconds; beyond it is refused or stopped with one clear line."""

    document: int = 64 * MIB
    json: int = 20 * MIB
    records: int = 50_000
    at_once: int = 500
    """Records up to which the answer is given at once; for more there is a job."""
    depth: int = 64
    """How deep JSON may be nested."""
    body_seconds: float = 60.0
    quick_seconds: float = 60.0
    job_seconds: float = 900.0
    memory: int = 4096 * MIB
    """Address space of a worker process."""
    waiting: int = 8
    """Jobs that wait while every core has one."""
    waiting_quick: int = 100
    """Requests that wait while every core has one."""
    keep_seconds: float = 3600.0
    """How long a finished job is kept that nobody asks for."""
    kept: int = 50
    """How many finished jobs are kept."""
    still_here_seconds: float = 15.0
    """After how long a silent stream of events says that it is still there."""


@dataclass(frozen=True, slots=True)
class Config:
    """A backend: its port, its settings by name (as `Settings` holds them), https for Word, limits, cores to use."""

    port: int = PORT
    settings: Mapping[str, Any] = field(default_factory=dict)
    word: bool = False
    https: bool = False
    limits: Limits = field(default_factory=Limits)
    cores: int = field(default_factory=lambda: os.cpu_count() or 1)

    @property
    def scheme(self) -> str:
        """`http`, or `https` where the certificate for Word is used."""
        return "https" if self.https else "http"

    @property
    def url(self) -> str:
        """The address as a browser is given it: the certificate is for `localhost`."""
        return f"{self.scheme}://{'localhost' if self.https else HOST}:{self.port}"
