"""What a file is that calls itself a manuscript and is no zip package."""

from __future__ import annotations

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNS = (
    (b"{\\rtf", "is an RTF file"),
    (b"%PDF-", "is a PDF file"),
    (b"Rar!", "is a RAR archive"),
    (b"7z\xbc\xaf", "is a 7-Zip archive"),
    (b"\x1f\x8b", "is a gzip file"),
)
_ADVICE = "save it as .docx"


def what_instead(data: bytes) -> str | None:
    """What `data` is in the words of an error, with advice; None when it begins like a zip package."""
    if data.startswith(b"PK\x03\x04"):
        return None
    if not data:
        return "is empty"
    if data.startswith(_OLE):
        return _compound_file(data)
    for sign, name in _SIGNS:
        if data.startswith(sign):
            return f"{name}, not a Word manuscript; {_ADVICE}"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<?xml", b"<w:", b"<pkg:", b"<office:")):
        return f"is a single XML file, not a Word package; {_ADVICE}"
    if head.startswith(b"<"):
        return f"is HTML, not a Word manuscript; {_ADVICE}"
    return "is no Word manuscript: it is not a zip package"


def _compound_file(data: bytes) -> str:
    """OLE compound files: the names of the streams stand in UTF-16 in their directory."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected by a password: open it in Word and save it without one"
    if "WordDocument".encode("utf-16-le") in data:
        return f"is a manuscript of Word 97-2003 (.doc); {_ADVICE}"
    return "is an OLE compound file, not a Word manuscript"
