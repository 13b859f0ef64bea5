"""Bodies of requests: counted while they come, against the clock, and JSON that is not too deep."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json
from starlette.requests import ClientDisconnect, Request

from reflint.server.problems import Problem, listed

_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.S)
"""Possessive, and without need of the closing quote: linear for every input."""
T = TypeVar("T")


async def spool(request: Request, path: Path, most: int, seconds: float) -> int:
    """Writes the body of a request into a file; how many bytes it had.

    Raises Problem: 413 for more than `most` bytes (said beforehand, or counted), 408 when it takes too long.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    size = 0
    try:
        async with asyncio.timeout(seconds):
            with path.open("xb") as file:
                async for chunk in request.stream():
                    size += len(chunk)
                    if size > most:
                        raise _too_large(most)
                    file.write(chunk)
    except TimeoutError:
        raise Problem(408, f"the body did not come within {seconds:.0f} seconds") from None
    except ClientDisconnect:
        raise Problem(400, "the connection ended before the body did") from None
    return size


def demand_type(request: Request, *types: str) -> str:
    """The media type of the body. Raises Problem (415) when it is none of `types`, or compressed."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in types:
        says = f"is {given}" if given else "is missing"
        raise Problem(415, f"the header Content-Type {says}; it must be {' or '.join(types)}")
    if "content-encoding" in request.headers:
        raise Problem(415, "the body must not be compressed (Content-Encoding)")
    return given


def parsed(data: bytes, kind: TypeAdapter[T], depth: int) -> T:
    """JSON as what a route takes. Raises Problem: 400 for what is no JSON or too deep, 422 for another shape."""
    if nesting(data) > depth:
        raise Problem(400, f"the body is nested more than {depth} deep")
    try:
        found = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(400, f"the body is not JSON: {error}") from None
    try:
        return kind.validate_python(found)
    except ValidationError as error:
        errors = listed(error.errors(include_url=False, include_input=False), found)
        raise Problem(422, "the body is not as the API has it", errors) from None


def nesting(data: bytes) -> int:
    """How deep the brackets of a JSON text are nested."""
    deepest = depth = 0
    for bracket in re.findall(rb"[\[{\]}]", _STRINGS.sub(b"", data)):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _too_large(most: int) -> Problem:
    return Problem(413, f"the body is larger than {most:,} bytes")
