"""Fuzzes manuscripts: any bytes, and packages one part of which is changed, are read by the same laws or refused."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from copy import deepcopy
from xml.sax.saxutils import quoteattr

import atheris
from lxml import etree

with atheris.instrument_imports(include=["reflint"]):
    from reflint.app.manuscripts import figures, listing
    from reflint.engine.pack import load
    from reflint.engine.run import Engine
    from reflint.errors import SourceError
    from reflint.formats import ris
    from reflint.formats.ris.compose import ris_of
    from reflint.model.finding import Finding
    from reflint.word.checking import check
    from reflint.word.checks.base import Reading
    from reflint.word.comments.writing import annotated
    from reflint.word.manuscript import Manuscript
    from reflint.word.package import Package
    from reflint.word.reading import read
    from reflint.word.repairs.writing import repaired
    from reflint.word.walk import View
    from reflint.word.xml import local

from fuzz.running import CORPUS, ROOT, run, seed
from tests.word import builder as b

RULES = load(ROOT / "rules").rules
ENGINE, REPAIRING = Engine(RULES), Engine(RULES, repairing=True)
SAFETIES = ("safe", "unsafe")
DICTIONARY = (
    '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="separate"/>', '<w:fldChar w:fldCharType="end"/>',
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:instrText>", "</w:instrText>", "<w:sdt>", "</w:sdt>",
    '<w:ins w:id="1">', "</w:ins>", '<w:del w:id="2">', "</w:del>", "<w:tbl>", "<w:txbxContent>", "w:bookmarkStart",
    "ADDIN ZOTERO_ITEM CSL_CITATION ", "ADDIN EN.CITE ", "ADDIN CSL_CITATION ", "CITATION ", "citationItems",
    "itemData", '"dontUpdate":true', '"author"', '"issued"', "date-parts", "null", "[]", "{}", "(Okafor 2019)", "[1-3]",
    "References",
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
    endnotes = f'<w:endnote w:id="3">{b.p(cited)}</w:endnote>'
    remark = f'<w:comment w:id="4" w:author="a">{b.p("Also ", cited)}</w:comment>'
    marks = "".join(f'<w:r><w:{kind}Reference w:id="{n}"/></w:r>' for kind, n in (("endnote", 3), ("comment", 4)))
    typed = b.p("As shown (Okafor 2019; Lindqvist and Berg, 2020).") + b.p("References", style="Heading1")
    works = b.p("Okafor, N. (2019). Salt.") + b.p("Lindqvist, E., & Berg, A. (2020). Eelgrass.")
    numbers = "".join(
        b.p(f"{n}. Okafor N, Berg A. Salt marshes {n}. Shore Geology 20{n}0;{n}:3-9.") for n in range(1, 6)
    )
    endnote = "<EndNote><Cite><Author>Okafor</Author><Year>2019</Year><RecNum>7</RecNum></Cite></EndNote>"
    faulty = b.cite(b.item(volume="Vol. 3", page="201-9")) | {"id": "Xy12Ab34/Qw56Er78"}
    own = b.zotero(faulty, plain="(Okafor 2019)", dontUpdate=True)
    simple = f"<w:fldSimple w:instr={quoteattr(own)}>{b.r('(Okafor 2019)')}</w:fldSimple>"
    nested = b.field(" IF ", b.r("x") + cited, inner=b.field(" PAGE ", "3"))
    built = {
        "zotero": b.members_of(b.p("Seen ", cited) + b.p(listed)),
        "mendeley": b.members_of(b.p(b.field(b.mendeley(b.cite(salt), b.cite(marsh)), "(x)"))),
        "endnote": b.members_of(b.p(b.field(f" ADDIN EN.CITE {endnote}", "(Okafor 2019)", data=b.encoded("x")))),
        "word": b.members_of(b.p(b.control(b.field(" CITATION Oka19 \\l 1033 ", "(O)"))), custom_xml=word),
        "notes": b.members_of(b.p('<w:r><w:footnoteReference w:id="2"/></w:r>'), stories={"footnotes": note}),
        "comments": b.members_of(
            b.p("Said", marks), stories={"endnotes": endnotes, "comments": remark, "header": b.p(cited)}
        ),
        "unlinked": b.members_of(b.p(b.field(own, "(Okafor 2019)", pieces=5)), strict=True),
        "nested": b.members_of(b.p(nested, simple)),
        "changes": b.members_of(b.p(b.inserted(cited), b.deleted(cited)) + b.p(b.text_box(b.p("(1)")))),
        "typed": b.members_of(typed + works),
        "numbered": b.members_of(b.p("Shown [1, 3-5]; seen [2].") + b.p("References") + numbers),
        "raised": b.members_of(b.p("Shown", b.raised("1,3-5"), ", seen", b.raised("2")) + b.p("References") + numbers),
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
            twin = deepcopy(element)
            twin.tail = None
            target.addnext(twin)
        elif what == 3 and element.attrib:
            name = chance.choice(list(element.attrib))
            element.set(name, mutated(element.get(name, "")))
        else:
            speaking = chance.choice([one for one in elements if one.text] or elements)
            speaking.text = mutated(speaking.text or "")
    return etree.tostring(root, encoding="UTF-8")


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


def texts(manuscript: Manuscript) -> list[tuple[object, ...]]:
    """What a reader reads, comments left out."""
    stories = [story for story in manuscript.stories if story.kind != "comment"]
    return [(one.kind, one.part, one.id, *(paragraph.text for paragraph in one.paragraphs)) for one in stories]


def told(manuscript: Manuscript) -> list[Finding]:
    """The findings, of which none tells of a rule that failed."""
    found = list(check(Reading(manuscript), ENGINE))
    assert not [f.message for f in found if f.rule == "REF001"], "a rule failed"
    return found


def demand_places(manuscript: Manuscript, found: list[Finding]) -> None:
    """Citations and findings stand within the manuscript, and what they quote is what stands there."""
    paragraphs = {(story.part, p.index): p for story in manuscript.stories for p in story.paragraphs}
    for citation in manuscript.citations:
        assert citation.begin <= citation.end, f"ends before it begins: {citation}"
        assert citation.story.text(citation.begin, citation.end) == citation.text, f"other text: {citation}"
        paragraph = paragraphs.get((citation.part, citation.paragraph))
        start, end = citation.span
        assert 0 <= start <= end <= (paragraph.length if paragraph else 0), f"outside its paragraph: {citation}"
    for finding in found:
        for passage in finding.passages:
            if passage.citation is None:
                assert (passage.part, passage.paragraph) in paragraphs, f"{finding.rule} stands nowhere: {passage}"
            else:
                citation = manuscript.citations[passage.citation]
                assert passage[:3] == (citation.part, citation.paragraph, citation.text), f"another place: {passage}"


def demand_uses(manuscript: Manuscript) -> None:
    """What is listed, counted and extracted: JSON, and a record of RIS for each work."""
    json.dumps([listing(manuscript), figures("it", manuscript)])
    for work in manuscript.works:
        assert len(ris.read(ris_of(dict(work.item)).encode("utf-8", "replace"))) == 1, f"no record: {work}"


def divided(manuscript: Manuscript) -> bytes:
    """The package with each run of a single text or instruction cut into two, as word processors do at any time."""
    parts = dict.fromkeys(story.part for story in manuscript.stories)
    for part in parts:
        for piece in [one for one in manuscript.roots[part].iter(etree.Element) if local(one) == "r"]:
            held = [one for one in piece if local(one) != "rPr"]
            if len(held) == 1 and local(held[0]) in ("t", "delText", "instrText", "delInstrText") and not len(held[0]):
                text, second = held[0].text or "", deepcopy(piece)
                held[0].text, second[piece.index(held[0])].text = text[: len(text) // 2], text[len(text) // 2 :]
                piece.addnext(second)
    return manuscript.package.replaced(
        {part: etree.tostring(manuscript.roots[part], encoding="UTF-8") for part in parts}
    )


def changed_parts(old: bytes, new: bytes) -> set[str]:
    """The parts that two packages do not have alike."""
    before, after = Package(old), Package(new)
    names = {*before.names, *after.names}
    return {name for name in names if name not in before or name not in after or before.read(name) != after.read(name)}


def demand_comments(data: bytes, view: View, before: Manuscript, found: list[Finding]) -> None:
    """Comments leave the text, the citations and all other parts as they are."""
    try:
        new, count = annotated(read(data, view=view), found)
    except SourceError:
        return
    after = read(new, view=view)
    assert count or new == data, "changed without a comment"
    assert cited(after) == cited(before), "comments change what is cited"
    assert texts(after) == texts(before), "comments change the text"
    assert len(changed_parts(data, new)) <= 4, f"comments change {changed_parts(data, new)}"


def demand_repairs(data: bytes, view: View, before: Manuscript) -> None:
    """A repair changes nothing but instructions, and comes to rest."""
    try:
        new, count = repaired(before, REPAIRING, SAFETIES)
    except SourceError:
        return
    assert bool(count) == (new != data), "changed without a repair, or repaired without a change"
    if not count:
        return
    after = read(new, view=view)
    assert texts(after) == texts(before), "a repair changes the text"
    assert [(m, t, s) for m, t, _, s in cited(after)] == [(m, t, s) for m, t, _, s in cited(before)], "citations move"
    for part in changed_parts(data, new):
        pairs = zip(before.roots[part].iter(), after.roots[part].iter(), strict=True)
        odd = {local(one) for one, two in pairs if said(one) != said(two)}
        assert odd <= {"instrText", "delInstrText", "fldSimple"}, f"a repair changes {odd}"
    assert repaired(after, REPAIRING, SAFETIES) == (new, 0), "a second repair changes more"


def said(element: etree._Element) -> tuple[object, ...]:
    """All that an element says itself."""
    return element.tag, element.text, element.tail, tuple(element.attrib.items())


def demand_the_same_in_pieces(data: bytes, view: View, before: Manuscript, found: list[Finding]) -> None:
    """Runs cut in two change nothing."""
    after = read(divided(read(data, view=view)), view=view)
    assert cited(after) == cited(before), "runs cut in two change what is cited"
    assert texts(after) == texts(before), "runs cut in two change the text"
    first, second = ([(f.rule, f.message, f.passages) for f in several] for several in (found, told(after)))
    assert first == second, "runs cut in two change what is found"


def demand_all(data: bytes, view: View, manuscript: Manuscript) -> None:
    """The laws of a manuscript; those that seldom tell anything new for one in four."""
    found = told(manuscript)
    demand_places(manuscript, found)
    demand_uses(manuscript)
    if manuscript.format == "docx":
        demand_comments(data, view, manuscript, found)
        demand_repairs(data, view, manuscript)
        if zlib.crc32(data) % 4 == 0:
            demand_the_same_in_pieces(data, view, manuscript, found)


def one(data: bytes) -> None:
    """Reading, checking, repairing and commenting, both ways to see tracked changes."""
    try:
        accepted, original = read(data), read(data, view="original")
    except SourceError:
        return
    demand_all(data, "accepted", accepted)
    if accepted.revisions:
        demand_all(data, "original", original)
    else:
        assert (cited(original), texts(original)) == (cited(accepted), texts(accepted)), "changed by nobody"


if __name__ == "__main__":
    seed(CORPUS / "docx", packages())
    run("docx", one, dictionary=DICTIONARY, longest=1 << 15, mutator=changed)
