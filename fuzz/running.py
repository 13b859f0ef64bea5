"""What every fuzz target needs: a corpus that grows under build/, and libFuzzer with limits of time and memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import atheris

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "build" / "fuzz" / "corpus"
FOUND = ROOT / "build" / "fuzz" / "found"
MEMORY_MB = 1024
SECONDS_AN_INPUT = 20


def seed(folder: Path, inputs: Mapping[str, bytes]) -> None:
    """Puts inputs into a corpus, beside what earlier runs found worth keeping."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in inputs.items():
        (folder / name).write_bytes(data)


def run(
    name: str, one: Callable[[bytes], None], *, dictionary: Iterable[str], longest: int, mutator: Any = None
) -> None:
    """Feeds `one` until an exception, the time limit or a signal ends it; arguments of libFuzzer may follow.

    An input that fails is written into build/fuzz/found, from where `python -m fuzz.NAME FILE` repeats it.
    """
    FOUND.mkdir(parents=True, exist_ok=True)
    words = CORPUS.parent / f"{name}.dict"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in dictionary), "utf-8")
    limits = (f"-rss_limit_mb={MEMORY_MB}", f"-timeout={SECONDS_AN_INPUT}", f"-max_len={longest}")
    arguments = sys.argv[1:]
    corpus = [] if any(Path(argument).is_file() for argument in arguments) else [str(CORPUS / name)]
    options = [sys.argv[0], *limits, f"-dict={words}", f"-artifact_prefix={FOUND}/{name}-", *arguments, *corpus]
    atheris.Setup(options, one, **({"custom_mutator": mutator} if mutator else {}))
    atheris.Fuzz()


def _escaped(word: str) -> str:
    """A word as libFuzzer's dictionaries spell it."""
    return "".join(f"\\x{byte:02X}" for byte in word.encode())
