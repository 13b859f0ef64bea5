"""Fuzzes manuscripts: any bytes, and packages one part of which is changed, end in a result or in a SourceError."""

from __future__ import annotations

import io
import random
import zipfile

import atheris
from lxml import etree

with atheris.instrument_imports(include=["reflint"]):
    from reflint.engine.pack import load
    from reflint.engine.run import Engine
    from reflint.errors import SourceError
    from reflint.word.checking import check
    from reflint.word.checks.base import Reading
    from reflint.word.comments.writing import annotated
    from reflint.word.manuscript import Manuscript
    from reflint.word.reading import read

from fuzz.running import CORPUS, ROOT, run, seed
from tests.word import builder as b

ENGINE = Engine(load(ROOT / "rules").rules)
DICTIONARY = (
    '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="separate"/>', '<w:fldChar w:fldCharType="end"/>',
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:instrText>", "</w:instrText>", "<w:sdt>", "</w:sdt>",
    '<w:ins w:id="1">', "</w:ins>", '<w:del w:id="2">', "</w:del>", "<w:tbl>", "<w:txbxContent>", "w:bookmarkStart",
    "ADDIN ZOTERO_ITEM CSL_CITATION ", "ADDIN EN.CITE ", "ADDIN CSL_CITATION ", "CITATION ", "citationItems",
    "itemData", '"author"', '"issued"', "date-parts", "null", "[]", "{}", "(Okafor 2019)", "[1-3]", "References",
)  # fmt: skip


def packages() -> dict[str, bytes]:
    """One small manuscript of each shape, stored so that their parts can be seen in the bytes."""
    salt, marsh = b.item(), b.item("Lindqvist", 2020, "Eelgrass beds")
    cited = b.field(b.zotero(b.cite(salt), plain="(Okafor 2019)"), "(Okafor 2019)", pieces=3)
    listed = b.field(" ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY ", "Okafor, N. (2019). Salt marshes in winter.")
    word = (
        '<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"><b:Source>'
        "<b:Tag>Oka19</b:Tag><b:Title>Salt</b:Title><b:Year>2019</b:Year></b:Source></b:Sources>"
    )
    note = f'<w:footnote w:id="2">{b.p("See ", cited)}</w:footnote>'
    typed = b.p("As shown (Okafor 2019; Lindqvist and Berg, 2020).") + b.p("References", style="Heading1")
    works = b.p("Okafor, N. (2019). Salt.") + b.p("Lindqvist, E., & Berg, A. (2020). Eelgrass.")
    endnote = "<EndNote><Cite><Author>Okafor</Author><Year>2019</Year><RecNum>7</RecNum></Cite></EndNote>"
    built = {
        "zotero": b.members_of(b.p("Seen ", cited) + b.p(listed)),
        "mendeley": b.members_of(b.p(b.field(b.mendeley(b.cite(salt), b.cite(marsh)), "(x)"))),
        "endnote": b.members_of(b.p(b.field(f" ADDIN EN.CITE {endnote}", "(Okafor 2019)", data=b.encoded("x")))),
        "word": b.members_of(b.p(b.control(b.field(" CITATION Oka19 \\l 1033 ", "(O)"))), custom_xml=word),
        "notes": b.members_of(b.p('<w:r><w:footnoteReference w:id="2"/></w:r>'), stories={"footnotes": note}),
        "changes": b.members_of(b.p(b.inserted(cited), b.deleted(cited)) + b.p(b.text_box(b.p("(1)")))),
        "typed": b.members_of(typed + works),
        "numbered": b.members_of(b.p("Shown [1, 3-5]", b.raised("2")) + b.p("References") + b.p("1. Okafor. Salt.")),
        "properties": b.members_of(
            b.p(b.bookmark("ZOTERO_BREF_abcdefghijkl", b.r("(1)"))),
            properties={"ZOTERO_BREF_abcdefghijkl_1": b.zotero(b.cite(salt)), "ZOTERO_PREF_1": "<data><style/></data>"},
        ),
    }
    packed = {name: b.zipped(members, zipfile.ZIP_STORED) for name, members in built.items()}
    return packed | {"odt": b.odt("<text:p>Salt (Okafor 2019)</text:p>"), "deflated": b.docx(b.p("Salt"))}


def rearranged(part: bytes, chance: random.Random) -> bytes:
    """XML that stays well-formed: an element is dropped, moved or doubled, or a text or an attribute is changed."""
    root = etree.fromstring(part)
    for _ in range(chance.randint(1, 3)):
        elements = [element for element in root.iter(etree.Element) if element is not root]
        if not elements:
            break
        element, target = chance.choice(elements), chance.choice(elements)
        what = chance.randrange(5)
        parent = element.getparent()
        if what == 0 and parent is not None:
            parent.remove(element)
        elif what == 1 and element not in [target, *target.iterancestors()]:
            target.insert(chance.randint(0, len(target)), element)
        elif what == 2:
            target.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
        elif what == 3 and element.attrib:
            name = chance.choice(list(element.attrib))
            element.set(name, mutated(element.get(name, "")))
        else:
            speaking = chance.choice([one for one in elements if one.text] or elements)
            speaking.text = mutated(speaking.text or "")
    return etree.tostring(root)


def mutated(text: str) -> str:
    """A text changed, less what XML cannot hold."""
    data = atheris.Mutate(text.encode(), 2 * len(text) + 64)
    return "".join(char for char in bytes(data).decode("utf-8", "ignore") if char >= " " and char not in "\ufffe\uffff")


def changed(data: bytes, longest: int, number: int) -> bytes:
    """One part of a package changed and packed anew, so that its checksums hold; else the bytes themselves."""
    chance = random.Random(number)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # what is no package is changed as it is
        members = {}
    if not members or chance.random() < 0.05:
        return bytes(atheris.Mutate(data, longest))
    name = chance.choice(sorted(members, key=lambda name: -len(members[name]))[:4])
    try:
        if chance.random() < 0.8:
            members[name] = rearranged(members[name], chance)
        else:
            members[name] = bytes(atheris.Mutate(members[name], min(longest, 2 * len(members[name]) + 64)))
        return b.zipped(members, zipfile.ZIP_STORED)[:longest]
    except (ValueError, zipfile.error, etree.XMLSyntaxError):  # what cannot be written again is changed as bytes
        return bytes(atheris.Mutate(data, longest))


def cited(manuscript: Manuscript) -> list[tuple[object, ...]]:
    """What is cited where."""
    return [(one.manager, one.text, one.instruction, one.span) for one in manuscript.citations]


def one(data: bytes) -> None:
    """Reading, checking and commenting, both ways to see tracked changes."""
    for view in ("accepted", "original"):
        try:
            manuscript = read(data, view=view)
        except SourceError:
            return
        found = list(check(Reading(manuscript), ENGINE))
        assert not [f.message for f in found if f.rule == "REF001"], "a rule failed"
        if manuscript.format == "docx":
            before = cited(manuscript)
            try:
                with_comments, _ = annotated(manuscript, found)
            except SourceError:
                return
            assert cited(read(with_comments, view=view)) == before, "comments change what is cited"


if __name__ == "__main__":
    seed(CORPUS / "docx", packages())
    run("docx", one, dictionary=DICTIONARY, longest=1 << 15, mutator=changed)
