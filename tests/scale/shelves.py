"""Shards of references to check at scale, what a plain check says of them, and what stands in the folder of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

from reflint.app import checking
from reflint.app.rules import build_engine
from reflint.app.schemas import schemas
from reflint.app.settings import Settings
from reflint.model.finding import Finding
from reflint.reports.jsonout import JsonLines

RENDER = JsonLines(lambda text: None)
PLAIN = (
    "TY  - JOUR\nTI  - Salt marshes & tides, part {n}\nAU  - Okafor, Ngozi\nPY  - 2019\n"
    "SP  - 420\nEP  - 34\nSN  - 00189340\nVL  -\nAB  - {abstract}\n{more}ER  - \n\n"
)
ONE_SPACE = "TY - JOUR\nT1 - Dunes {n}\nAU - Okafor, Ngozi\nPY - 2019/1/1\nN2 - {abstract}\nAB - {abstract}\nER - \n\n"
ODD = ["", "", "", "DO  - https://doi.org/10.5555/x.{n}\n", "KW  - reflint:ignore[ISS001]\n", "L4  - \n"]
ABSTRACT = "Where the tide turns, the marsh begins. " * 5
CSL = [
    {"id": "a", "type": "article-journal", "title": "Silt and sand.", "DOI": "https://doi.org/10.5555/x.3"},
    {"id": "b", "type": "book", "title": "Dunes", "ISBN": "978-0-306-40615-8", "author": [{"family": "Okafor"}]},
]
ZOTERO = [
    {"itemType": "journalArticle", "title": "Silt.", "ISSN": "00189340", "key": "ABCD2345", "version": 1},
    {"itemType": "note", "note": "Silt.", "key": "ABCD2346", "version": 1},
]


def ris(count: int, record: str = PLAIN, abstract: str = ABSTRACT) -> bytes:
    """Records, with stray lines, a comment and a record without an end among them."""
    text = []
    for n in range(count):
        text.append(record.format(n=n, abstract=abstract, more=ODD[n % len(ODD)].format(n=n)))
        if n % 100 == 50:
            text += ["a stray line\n", "# reflint: ignore[PAG003]\n"]
        if n % 170 == 160:
            text.append("TY  - BOOK\nTI  - Without an end\n")
    return "".join(text).encode()


def plain(*names: str, **chosen: Any) -> list[str]:
    """The findings of files as `reflint check -f jsonl` writes them, a line each."""
    engine = build_engine(Settings().over(chosen, "test"))
    return [RENDER.text(one) for one in checking.check(names, engine) if isinstance(one, Finding)]


def manifest(out: Path) -> Any:
    """The manifest of a run, which is as its schema has it."""
    found = json.loads((out / "manifest.json").read_bytes())
    jsonschema.validate(found, schemas()["manifest"])
    return found


def shards(out: Path, source: str) -> list[str]:
    """The shards of a source, in order."""
    return next(one["shards"] for one in manifest(out)["sources"] if one["source"] == source)


def findings(out: Path, *sources: str) -> list[str]:
    """The findings of sources, line by line, in the order of the manifest."""
    return [line for source in sources for shard in shards(out, source) for line in lines(out, shard)]


def lines(out: Path, shard: str) -> list[str]:
    """The findings of a shard."""
    return (out / "findings" / f"{shard}.jsonl").read_text("utf-8").removesuffix("\n").split("\n")


def groups(out: Path) -> Iterator[Any]:
    """The groups of candidate duplicates."""
    for path in sorted((out / "duplicates").glob("*.jsonl")):
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def written(out: Path) -> dict[str, tuple[int, int]]:
    """All files of a folder: inode and time of each, which change when it is written anew."""
    return {
        str(path.relative_to(out)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in out.rglob("*")
        if path.is_file()
    }
