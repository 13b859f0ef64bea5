"""Builds the Zotero plugin: an XPI that is the same for the same files, and the manifest that announces it.

python plugins/build.py --output dist [--base-url https://example.org/zotero]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ZOTERO = ROOT / "plugins/zotero"
FILES = ("bootstrap.js", "prefs.js", "modules/*.js", "content/*", "icons/*.png", "locale/*/*.ftl")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the earliest that a zip can say."""


def members(base_url: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the XPI, the manifest first; `base_url`: where updates are looked for, if elsewhere."""
    yield "manifest.json", (json.dumps(manifest(base_url), indent=2) + "\n").encode()
    for pattern in FILES:
        for path in sorted(ZOTERO.glob(pattern)):
            yield path.relative_to(ZOTERO).as_posix(), path.read_bytes()
    yield "LICENSE", (ROOT / "LICENSE").read_bytes()


def manifest(base_url: str | None = None) -> dict[str, Any]:
    """The plugin's manifest."""
    found: dict[str, Any] = json.loads((ZOTERO / "manifest.json").read_text("utf-8"))
    if base_url is not None:
        found["applications"]["zotero"]["update_url"] = f"{base_url}/update.json"
    return found


def build(folder: Path, base_url: str | None = None) -> tuple[Path, Path]:
    """Writes the XPI and update.json into a folder; their paths."""
    about = manifest(base_url)
    zotero = about["applications"]["zotero"]
    xpi = folder / f"reflint-zotero-{about['version']}.xpi"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(xpi, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members(base_url):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, data)
    versions = {name: zotero[name] for name in ("strict_min_version", "strict_max_version")}
    update = {
        "version": about["version"],
        "update_link": f"{zotero['update_url'].rpartition('/')[0]}/{xpi.name}",
        "update_hash": f"sha256:{hashlib.sha256(xpi.read_bytes()).hexdigest()}",
        "applications": {"zotero": versions},
    }
    announced = folder / "update.json"
    announced.write_text(json.dumps({"addons": {zotero["id"]: {"updates": [update]}}}, indent=2) + "\n", "utf-8")
    return xpi, announced


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--base-url", metavar="URL", help="where XPI and update.json will be found (https)")
    given = parser.parse_args()
    for path in build(given.output, given.base_url):
        print(path)


if __name__ == "__main__":
    main()
