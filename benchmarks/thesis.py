"""Measures a long manuscript: `python -m benchmarks.thesis [--pages 300]`, an invented thesis with Zotero citations.

Each step runs in a process of its own; seconds are wall-clock time, start of Python included, memory is its peak.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from benchmarks import words
from benchmarks.processes import run
from benchmarks.works import Work, World

SEED = 20_261_123
WORDS_A_PAGE = 350
CITATIONS_A_PAGE = 2
WORKS_A_PAGE = 1
UNLINKED = 0.1
"""Share of the works that no library holds, as where a co-author cited them."""
QUIETLY = ("--quiet", "--exit-zero", "--no-cache")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--write", type=Path, metavar="PATH", help="write the thesis there, and measure nothing")
    options = parser.parse_args()
    data = thesis(options.pages)
    if options.write:
        options.write.write_bytes(data)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "thesis.docx")
        path.write_bytes(data)
        print(f"{options.pages} pages, {len(data) / 1e6:.1f} MB")
        for name, arguments in {
            "citations": ["citations", str(path)],
            "check": ["check", *QUIETLY, str(path)],
            "check --annotate": ["check", *QUIETLY, str(path), "--annotate", f"{folder}/commented.docx"],
            "fix --annotate": ["fix", *QUIETLY, str(path), "--annotate", f"{folder}/repaired.docx"],
        }.items():
            cost = run([sys.executable, "-m", "reflint", *arguments], directory=Path(folder), environment={})
            print(f"{name:<18} {cost.seconds:6.2f} s {cost.peak_mb:6.0f} MB")
    return 0


def thesis(pages: int, seed: int = SEED) -> bytes:
    """A .docx of so many pages: paragraphs of a third of a page, citations in them, and a list."""
    random, world = Random(seed), World(seed)
    works = [world.work() for _ in range(max(1, pages * WORKS_A_PAGE))]
    body = "".join(_paragraph(random, works) for _ in range(3 * pages)) + "".join(_list(works))
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _paragraph(random: Random, works: list[Work]) -> str:
    """Words in runs of a dozen, as Word's spelling checker leaves them, and two citations in three paragraphs."""
    runs = []
    for _ in range(WORDS_A_PAGE // 3 // 12):
        text = " ".join(random.choice(words.SUBJECTS).split()[0] for _ in range(12))
        runs.append(_run(f"{text} "))
    if random.random() < CITATIONS_A_PAGE / 3:
        cited = random.sample(range(len(works)), min(len(works), random.randint(1, 3)))
        runs.insert(random.randrange(len(runs)) + 1, _field(_citation(works, cited), _shown(works, cited)))
    return f"<w:p>{''.join(runs)}{_run('.')}</w:p>"


def _run(text: str, element: str = "t") -> str:
    return f'<w:r><w:{element} xml:space="preserve">{escape(text)}</w:{element}></w:r>'


def _mark(type: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{type}"/></w:r>'


def _field(instruction: str, shown: str) -> str:
    return _mark("begin") + _run(instruction, "instrText") + _mark("separate") + _run(shown) + _mark("end")


def _citation(works: list[Work], cited: list[int]) -> str:
    items = [_cite(works[n], n) for n in cited]
    shown = _shown(works, cited)
    data = {"citationID": "x", "properties": {"plainCitation": shown, "noteIndex": 0}, "citationItems": items}
    return f" ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(data)} "


def _cite(work: Work, number: int) -> dict[str, Any]:
    names = [dict(zip(("family", "given"), name.split(", "), strict=True)) for name in work.authors]
    item = {
        "type": "article-journal", "title": work.title, "author": names, "container-title": work.journal.title,
        "volume": str(work.volume), "issue": str(work.issue), "page": f"{work.start}–{work.end}", "DOI": work.doi,
        "ISSN": work.journal.issn, "abstract": work.abstract, "issued": {"date-parts": [[work.year]]},
    }  # fmt: skip
    unlinked = number % int(1 / UNLINKED) == 0
    id = f"Xy12Ab34/{number}" if unlinked else number
    return {"id": id, "uris": [f"http://zotero.org/users/1/items/K{number:07}"], "itemData": {**item, "id": id}}


def _shown(works: list[Work], cited: list[int]) -> str:
    return f"({'; '.join(_short(works[n]) for n in cited)})"


def _short(work: Work) -> str:
    family = work.authors[0].split(",")[0]
    return f"{family}{' et al.' if len(work.authors) > 2 else ''}, {work.year}"


def _list(works: list[Work]) -> Iterator[str]:
    """The list that Zotero keeps, in the order of the alphabet."""
    entries = sorted(
        f"{', '.join(work.authors)} ({work.year}). {work.title}. {work.journal.title}, {work.volume}, {work.start}."
        for work in works
    )
    yield f"<w:p>{_run('References')}</w:p>"
    opening = _mark("begin") + _run(" ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY ", "instrText") + _mark("separate")
    for position, entry in enumerate(entries):
        yield f"<w:p>{opening if position == 0 else ''}{_run(entry)}</w:p>"
    yield f"<w:p>{_mark('end')}</w:p>"


if __name__ == "__main__":
    sys.exit(main())
