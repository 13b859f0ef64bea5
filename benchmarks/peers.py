"""Peers under node, from their registry, on the same records: citation-js reads RIS, bibtex-tidy tidies BibTeX."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

PACKAGES = {"bibtex-tidy": "1.14", "@citation-js/core": "0.8", "@citation-js/plugin-ris": "0.8"}
TASKS = ("citation-js", "bibtex-tidy")
MOST = 10_000
"""Records beyond which they are not asked: their time grows, and so does their memory."""
SCRIPT = Path(__file__).with_name("peers.js")
_BARE_DOI = re.compile(r"10\.\d+/\S+\n")
_FIELDS = {
    "TI": "title", "T1": "title", "T2": "journal", "JO": "journal", "PY": "year", "VL": "volume", "IS": "number",
    "DO": "doi", "SN": "issn", "AB": "abstract", "N2": "abstract", "UR": "url", "PB": "publisher", "N1": "note",
}  # fmt: skip


def install(folder: Path) -> bool:
    """Installs the peers into a folder; False where there is no node or npm, or nothing can be fetched."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return False
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *wanted]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def prepared(task: str, ris: Path) -> Path:
    """The file that a peer reads: for citation-js without the DOIs that would make it refuse the file; as BibTeX."""
    target = ris.with_suffix(".bib" if task == "bibtex-tidy" else ".plain.ris")
    if not target.exists():
        lines = _bibtex(ris) if task == "bibtex-tidy" else _plain(ris)
        with target.open("w", encoding="utf-8") as file:
            file.writelines(lines)
    return target


def _plain(ris: Path) -> Iterator[str]:
    """The lines of a file less DO lines that are no DOI or a record's second, and separators made canonical."""
    with ris.open(encoding="utf-8") as file:
        has_doi = False
        for line in file:
            tag = re.match(r"([A-Z][A-Z0-9]) {1,2}- ?", line)
            if tag is None:
                yield line
                continue
            if tag[1] == "DO":
                if has_doi or not _BARE_DOI.fullmatch(line[tag.end() :]):
                    continue
                has_doi = True
            elif tag[1] == "TY":
                has_doi = False
            yield f"{tag[1]}  - {line[tag.end() :]}"


def _bibtex(ris: Path) -> Iterator[str]:
    """An entry a record: what BibTeX has a field for."""
    fields: dict[str, str] = {}
    authors: list[str] = []
    number = 0
    for line in _plain(ris):
        tag, value = line[:2], re.sub(r"[{}\\%#]", " ", line[6:].strip())
        if tag == "AU":
            authors.append(value)
        elif tag in _FIELDS and value:
            fields.setdefault(_FIELDS[tag], value)
        elif tag == "ER":
            number += 1
            body = {"author": " and ".join(authors), **fields}
            yield f"@article{{key{number},\n" + "".join(f"  {k} = {{{v}}},\n" for k, v in body.items()) + "}\n\n"
            fields, authors = {}, []
