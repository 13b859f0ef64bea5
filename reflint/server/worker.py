"""A worker process: `python -m reflint.server.worker MEMORY` carries out orders from standard input, one by one."""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from reflint.errors import ReflintError
from reflint.server.tasks import TASKS
from reflint.server.work import Work

_HEAVY = 512 * 1024
"""Kilobytes of memory after which a worker leaves, so that another begins anew."""


def main() -> None:
    """Takes orders until standard input ends: then whoever gave them is gone, and this process goes at once."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    orders: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    while True:
        order = orders.get()
        message = _carried_out(order, lambda message: _say(answers, message))
        leaving = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _HEAVY
        _say(answers, message | ({"leaving": True} if leaving else {}))


def _listen(orders: SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin.buffer:
        orders.put(json.loads(line))
    os._exit(0)


def _carried_out(order: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The last message: `done` with what the task says, or `failed` with a status and one line."""
    work = Work(Path(order["folder"]), order["arguments"], say, time.monotonic)
    try:
        with work:
            return {"done": TASKS[order["task"]](work) or {}}
    except ReflintError as error:
        return {"failed": {"status": work.status_of(error), "detail": str(error)}}
    except MemoryError:
        return {
            "failed": {"status": 422, "detail": "this needs more memory than a worker process has"},
            "leaving": True,
        }
    except Exception as error:
        sys.stderr.write(f"reflint: internal: task {order['task']} failed ({type(error).__name__}: {error})\n")
        return {"failed": {"status": 500, "detail": "internal: this made reflint fail; please report it"}}


def _say(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
