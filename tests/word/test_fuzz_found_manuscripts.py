"""What fuzzing found in manuscripts: each case smallest, with what is right."""

from __future__ import annotations

import pytest

from reflint.engine.pack import load
from reflint.engine.run import Engine
from reflint.word.reading import read
from reflint.word.repairs.writing import repaired
from reflint.word.story import Spot
from tests.inputs import RULES
from tests.word.builder import bookmark, cite, control, docx, field, item, p, zotero

CODE = zotero(cite(item()))
NAME = "ZOTERO_BREF_abcdefghijkl"


@pytest.mark.parametrize(
    ("between", "known"),
    [
        (field(CODE, "(Okafor 2019)"), {}),
        (control("", tag="MENDELEY_CITATION_v3_e30="), {}),
        (bookmark(NAME, ""), {f"{NAME}_1": CODE}),
    ],
    ids=["field", "control", "bookmark"],
)
@pytest.mark.parametrize("after", [p("end"), ""], ids=["before another", "behind all"])
def test_a_citation_between_paragraphs_stands_at_the_end_of_the_one_before(
    between: str, known: dict[str, str], after: str
):
    """It ended before it began, in a paragraph that there need not be."""
    (one,) = read(docx(p("Salt") + between + after, properties=known)).citations
    assert (one.begin, one.end, one.text, one.span) == (Spot(0, 4), Spot(0, 4), "", (4, 4))


@pytest.mark.parametrize(
    "within", ['<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "<!-- a remark -->"], ids=["mark", "remark"]
)
def test_an_instruction_that_holds_more_than_text_is_not_written_anew(within: str):
    """What stood within its element was dropped, be it the mark that ends the instruction."""
    unlinked = cite(item(volume="Vol. 3")) | {"id": "Xy12Ab34/Qw56Er78"}
    data = docx(p(field(zotero(unlinked), "(Okafor 2019)").replace("</w:instrText>", f"{within}</w:instrText>")))
    engine = Engine([rule for rule in load(RULES).rules if rule.id == "VOL001"])
    assert read(data).citations[0].payload.works[0].item["volume"] == "Vol. 3"
    assert repaired(read(data), engine, ("safe",)) == (data, 0)
