"""Packages: what is no manuscript is named, hostile ones end in a SourceError, one part is rewritten alone."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.word import package as limits
from reflint.word.package import Package
from reflint.word.parts import Parts
from reflint.word.reading import read
from reflint.word.xml import parse
from tests.word.builder import PACKAGE_RELATIONS, RELATIONS, docx, field, members_of, odt, p, root, zipped

PLAIN = docx(p("Salt"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE + "WordDocument".encode("utf-16-le"), r"Word 97-2003 \(.doc\)"),
        (OLE, "OLE compound file"),
        (b"{\\rtf1\\ansi}", "RTF"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><body/></html>", "HTML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><pkg:package/>', "single XML file"),
        (b"TY  - JOUR\n", "no Word manuscript"),
        (zipped({"notes.txt": "x"}), "zip archive of 1 files"),
        (zipped({"mimetype": "application/epub+zip"}), "EPUB"),
        (zipped({"META-INF/MANIFEST.MF": ""}), "Java archive"),
        (zipped({"[Content_Types].xml": "<Types/>"}), "package of Office without a document"),
        (PLAIN[:-40], "cut off|damaged"),
        (PLAIN[: len(PLAIN) // 2], "cut off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_manuscript_is_named(data: bytes, words: str):
    with pytest.raises(SourceError, match=words):
        read(data)


def test_a_workbook_is_named():
    types = (
        '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>'
    )
    relations = f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Type="{RELATIONS}/officeDocument" '
    members = {
        "[Content_Types].xml": types,
        "_rels/.rels": f'{relations}Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": "<workbook/>",
    }
    with pytest.raises(SourceError, match="Excel"):
        read(zipped(members))


def test_an_encrypted_odt_is_named():
    data = odt("<text:p>x</text:p>", manifest="<manifest><file-entry><encryption-data/></file-entry></manifest>")
    with pytest.raises(SourceError, match="password"):
        read(data)


@pytest.mark.parametrize("name", ["../x.xml", "/x.xml", "a\\b.xml", "C:/x.xml", "word/../../x", "a/.."])
def test_names_that_lead_out_are_refused(name: str):
    with pytest.raises(SourceError, match="leads out"):
        Package(zipped({name: "x"}))


def test_twice_the_same_name_is_refused():
    with pytest.raises(SourceError, match="two parts"):
        Package(zipped({"word/a.xml": "x", "word/A.xml": "y"}))


def test_a_symbolic_link_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("word/link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(SourceError, match="symbolic link"):
        Package(buffer.getvalue())


def test_too_many_parts_are_refused():
    with pytest.raises(SourceError, match="more than 5000 parts"):
        Package(zipped({f"{n}": "" for n in range(5001)}, zipfile.ZIP_STORED))


def test_other_ways_to_pack_are_refused():
    with pytest.raises(SourceError, match="packed by a method"):
        Package(zipped({"a": "x" * 100}, zipfile.ZIP_BZIP2))


def patched(data: bytes, sign: bytes, offset: int, layout: str, value: int) -> bytes:
    """A package with one number of its first local header (PK34) or directory entry (PK12) changed."""
    changed = bytearray(data)
    struct.pack_into(layout, changed, data.index(sign) + offset, value)
    return bytes(changed)


ENTRY, END = b"PK\x01\x02", b"PK\x05\x06"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (patched(PLAIN, ENTRY, 8, "<H", 1), "encrypted"),
        (patched(PLAIN, ENTRY, 16, "<L", 1), "is not what the zip directory says"),
        (patched(PLAIN, ENTRY, 24, "<L", 1), "is not what the zip directory says"),
        (patched(PLAIN, ENTRY, 24, "<L", 1 << 30), "is not what the zip directory says"),
        (patched(PLAIN, ENTRY, 20, "<L", 1 << 30), "overlap|reaches into"),
        (patched(PLAIN, ENTRY, 42, "<L", 5), "does not stand where"),
        (patched(PLAIN, END, 16, "<L", 1 << 30), "does not stand where"),
        (patched(PLAIN, END, 12, "<L", 1 << 29), "more than 5000 parts"),
        (patched(PLAIN, ENTRY, 28, "<H", 60000), "directory cannot be read|overlap|damaged"),
    ],
)
def test_a_directory_that_lies_is_refused(data: bytes, words: str):
    with pytest.raises(SourceError, match=words):
        Package(data)


def test_members_that_share_bytes_are_refused():
    first, second = zipped({"a": "x" * 50}), bytearray(zipped({"b": "x" * 50}))
    at, end = first.index(ENTRY), first.index(END)
    twice = first[at:end] + bytes(second[second.index(ENTRY) : second.index(END)])
    tail = struct.pack("<4s4H2LH", END, 0, 0, 2, 2, len(twice), at, 0)
    with pytest.raises(SourceError, match="overlap"):
        Package(first[:at] + twice + tail)


def test_a_zip_bomb_is_refused_without_inflating_it():
    bomb = zipped({"word/document.xml": b"\0" * (90 << 20)})
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="zip bomb"):
            Package(bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = patched(zipped({"word/document.xml": b"\0" * (20 << 20)}), ENTRY, 24, "<L", 100)
    with pytest.raises(SourceError, match="is not what the zip directory says"):
        Package(bomb)


def test_limits_of_member_and_package(monkeypatch: pytest.MonkeyPatch):
    noise = b"".join(zlib.crc32(bytes([n % 256, n // 256])).to_bytes(4, "big") for n in range(2000))
    data = zipped({"a": noise, "b": noise[::-1]})
    monkeypatch.setattr(limits, "MAX_MEMBER", 7000)
    with pytest.raises(SourceError, match="in a"):
        Package(data)
    monkeypatch.setattr(limits, "MAX_MEMBER", 9000)
    monkeypatch.setattr(limits, "MAX_INFLATED", 12000)
    with pytest.raises(SourceError, match="inflates to more"):
        Package(data)
    monkeypatch.setattr(limits, "MAX_PACKAGE", 100)
    with pytest.raises(SourceError, match="larger than"):
        Package(data)


DOCTYPE = '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["word/document.xml", "docProps/custom.xml", "_rels/.rels", "[Content_Types].xml"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_in_every_part(part: str, codec: str):
    members: dict[str, bytes | str] = dict(members_of(p("x"), properties={"a": "b"}))
    text = str(members[part])
    text = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
    members[part] = f'<?xml version="1.0" encoding="{codec}"?>{DOCTYPE}{text}'.encode(codec)
    with pytest.raises(SourceError, match="DOCTYPE"):
        read(zipped(members))


@pytest.mark.parametrize("content", ["<w:body>", root("body", "&b;"), "<a>" * 100_000, "", "\0", "<a \ud7ff='"])
def test_xml_that_is_not_well_formed_is_refused(content: str):
    members = {**members_of(p("x")), "word/document.xml": content}
    with pytest.raises(SourceError, match=r"word/document\.xml is not well-formed"):
        read(zipped(members))


def test_an_unknown_encoding_is_refused():
    with pytest.raises(SourceError, match="not well-formed"):
        parse(b'<?xml version="1.0" encoding="x-none"?><a/>', "a.xml")


def test_fields_nested_without_end_are_refused():
    with pytest.raises(SourceError, match="nests more than"):
        read(docx(p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 1000)))


def test_external_targets_are_never_asked_for():
    members = members_of(p("Salt"))
    members["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Type="{RELATIONS}/footnotes" TargetMode="External" '
        f'Target="http://127.0.0.1:9/x.xml"/><Relationship Type="{RELATIONS}/comments" Target="../../../etc/passwd"/>'
        "</Relationships>"
    )
    manuscript = read(zipped(members))
    assert [story.kind for story in manuscript.stories] == ["body"]


def test_parts_are_found_wherever_they_stand():
    data = docx(
        p("Salt"), folder="odd/place", stories={"footnotes": '<w:footnote w:id="2">' + p("x") + "</w:footnote>"}
    )
    package = Package(data)
    parts = Parts(package)
    assert (parts.document, parts.of("footnotes")) == ("odd/place/document.xml", ("odd/place/footnotes.xml",))
    assert [story.kind for story in read(data).stories] == ["body", "footnote"]


def test_a_strict_document_is_read():
    manuscript = read(docx(p("Salt ", field("CITATION Oka19 \\l 1033", "(Okafor 2019)")), strict=True))
    assert [citation.text for citation in manuscript.citations] == ["(Okafor 2019)"]


def raw_records(data: bytes) -> dict[str, bytes]:
    """The compressed bytes of each member, in order."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            start = (
                info.header_offset
                + 30
                + len(info.filename)
                + struct.unpack_from("<H", data, info.header_offset + 28)[0]
            )
            found[info.filename] = data[start : start + info.compress_size]
    return found


@given(st.binary(max_size=2000), st.sampled_from(sorted(members_of(p("Salt")))), st.booleans())
def test_one_part_is_rewritten_and_all_others_keep_their_bytes(content: bytes, name: str, stored: bool):
    data = zipped(members_of(p("Salt")), zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    new = Package(data).replaced({name: content})
    assert Package(new).read(name) == content
    before, after = raw_records(data), raw_records(new)
    assert list(before) == list(after)
    assert all(before[other] == after[other] for other in before if other != name)
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.testzip() is None


def test_a_package_of_a_stream_is_rewritten():
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # sizes behind the data, not before
        for name, content in members_of(p("Salt")).items():
            archive.writestr(name, content)
    new = Package(stream.getvalue()).replaced({"word/document.xml": b"<x/>"})
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        assert archive.testzip() is None
        assert archive.read("word/document.xml") == b"<x/>"


def test_nothing_replaced_is_nothing_changed():
    assert Package(PLAIN).replaced({}) == PLAIN


def test_a_part_that_is_not_there():
    with pytest.raises(SourceError, match="has no part x"):
        Package(PLAIN).replaced({"x": b""})
    with pytest.raises(SourceError, match="has no part x"):
        Package(PLAIN).read("x")


@given(st.binary(max_size=300), st.integers(0, len(PLAIN)))
def test_damaged_packages_never_raise_anything_else(noise: bytes, at: int):
    data = PLAIN[:at] + noise + PLAIN[at + len(noise) :]
    with suppress(SourceError):
        assert read(data).format == "docx"


def test_new_members_stand_behind_all_others():
    new = Package(PLAIN).replaced({}, {"word/ünew.xml": b"<x/>" * 99})
    package = Package(new)
    assert package.names == (*Package(PLAIN).names, "word/ünew.xml")
    assert package.read("word/ünew.xml") == b"<x/>" * 99
    assert zipfile.ZipFile(io.BytesIO(new)).testzip() is None
    with pytest.raises(SourceError, match="already"):
        package.replaced({}, {"word/ünew.xml": b""})
