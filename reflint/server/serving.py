"""A backend from start to end: its socket, its token file, the line that says it is ready."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import signal
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import uvicorn

from reflint.errors import ConfigError
from reflint.server.app import create
from reflint.server.config import HOST, Config
from reflint.server.redaction import Filter

_BACKLOG = 128


class Certificate(NamedTuple):
    """The certificate for `localhost` and its key, as files."""

    certificate: Path
    key: Path


class Ready(NamedTuple):
    """Where a backend is: its address, the file with its token, and the address of the page with a one-time code.

    `stop` ends it, from whichever thread.
    """

    url: str
    token_file: Path
    page: str
    stop: Callable[[], None]


class _Server(uvicorn.Server):
    """Tells when it has begun to serve."""

    begun: Callable[[], None]

    def stop(self) -> None:
        """Ends the serving."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Interruption and termination end the serving, and nothing else: what follows it is still done."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.begun()


def serve(
    config: Config,
    ready: Callable[[Ready], None],
    token_file: Path | None = None,
    certificate: Certificate | None = None,
) -> None:
    """Serves until it is interrupted; `ready` is told where, once it answers.

    Raises ConfigError when the port is taken or the token cannot be written.
    """
    with listening(config.port) as listener:
        config = replace(config, port=listener.getsockname()[1], https=certificate is not None)
        app = create(config)
        sessions = app.state.backend.sessions
        path = token_file or token_path(config.port)
        with token_written(path, sessions.token):
            server = _Server(_uvicorn(app, certificate))
            page = f"{config.url}/#code={sessions.new_code()}"
            server.begun = lambda: ready(Ready(config.url, path, page, server.stop))
            server.run([listener])


def _uvicorn(app: object, certificate: Certificate | None) -> uvicorn.Config:
    logging.getLogger("reflint.server").addFilter(Filter())
    logging.getLogger("uvicorn.error").addFilter(Filter())
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
        ssl_certfile=certificate and certificate.certificate,
        ssl_keyfile=certificate and certificate.key,
    )


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on the loopback address and nowhere else. Raises ConfigError when the port is not to be had."""
    # The protocol is named because asyncio sends small answers at once (TCP_NODELAY) only where it is.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(_BACKLOG)
        except OSError as error:
            why = "is in use; --port 0 takes a free one" if error.errno == errno.EADDRINUSE else error.strerror
            raise ConfigError(f"port {port} {why}") from None
        yield listener


def token_path(port: int) -> Path:
    """Where the token of a backend on a port stands, for programs of the same user to find."""
    from platformdirs import user_runtime_path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a system without a runtime folder: platformdirs has another
        return user_runtime_path() / f"reflint-{port}.token"


@contextmanager
def token_written(path: Path, token: str) -> Iterator[None]:
    """The token in a file that only its user can read, as long as the backend runs. Raises ConfigError."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _demand_private(path.parent)
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token)
        scratch.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    try:
        yield
    finally:
        if path.exists() and path.read_text() == token:
            path.unlink()


def _demand_private(folder: Path) -> None:
    """Raises ConfigError for a folder in which somebody else could exchange the file."""
    found = folder.stat()
    if found.st_uid not in (os.getuid(), 0) or (found.st_mode & 0o022 and not found.st_mode & 0o1000):
        raise ConfigError(f"{folder}: others may write there; name another file for the token (--token-file)")
