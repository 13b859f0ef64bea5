"""LibreOffice, which reads and writes documents again; tests that need it say so by `needs_libreoffice`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (libreoffice-writer-nogui) is not installed"
)


def converted(documents: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """Documents (name with its suffix -> bytes) as LibreOffice writes them as .docx, in a folder of its own."""
    for name, data in documents.items():
        (folder / name).write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", "out", *documents]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return {name: (folder / "out" / name).read_bytes() for name in documents}
