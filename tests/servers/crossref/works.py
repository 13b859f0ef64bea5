"""The works that the registries of the tests know: invented, each with a neighbour that is easily taken for it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def work(doi: str, title: str, family: str, year: int, **more: Any) -> Json:
    """A journal article as Crossref describes it."""
    names = {name.replace("_", "-"): value for name, value in more.items()}
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": [title],
        "author": [{"family": family, "given": "Signe"}, {"family": "Okafor", "given": "Ngozi"}],
        "issued": {"date-parts": [[year]]},
        "container-title": ["Annals of Moving Sand"],
        "short-container-title": ["Ann. Mov. Sand"],
        "ISSN": ["0317-8471"],
    } | names


def update(doi: str, kind: str, source: str = "publisher") -> Json:
    """An entry of `updated-by` or `update-to`."""
    return {"DOI": doi, "type": kind, "label": kind, "source": source, "updated": {"date-parts": [[2016, 5, 4]]}}


TIDES = work(
    "10.1234/tides.7",
    "Storm tides in narrow harbours and the silt they leave",
    "Haukeland",
    2014,
    volume="7",
    issue="2",
    page="11-29",
    abstract="<jats:p>Silt was measured in nine harbours.</jats:p>",
)
WORKS: list[Json] = [
    TIDES,
    # The same title once more: its second part, a reply, a correction, a review, a reprint, a preprint, a thesis.
    work(
        "10.1234/tides.8",
        "Storm tides in narrow harbours and the silt they leave. Part II",
        "Haukeland",
        2015,
        volume="8",
        page="1-9",
    ),
    work(
        "10.1234/tides.9",
        "Reply to: Storm tides in narrow harbours and the silt they leave",
        "Tuilagi",
        2015,
        volume="8",
        page="90",
    ),
    work(
        "10.1234/tides.10",
        "Correction: Storm tides in narrow harbours and the silt they leave",
        "Haukeland",
        2014,
        volume="7",
        page="99",
        update_to=[update("10.1234/tides.7", "correction")],
    ),
    work(
        "10.1234/pre.7",
        "Storm tides in narrow harbours and the silt they leave",
        "Haukeland",
        2013,
        type="posted-content",
        relation={"is-preprint-of": [{"id-type": "doi", "id": "10.1234/tides.7"}]},
        **{"container-title": []},
    ),
    work(
        "10.1234/review.7",
        "Review of: Storm tides in narrow harbours and the silt they leave",
        "Lindqvist",
        2013,
        type="peer-review",
    ),
    # One title, two works: printed again elsewhere ten years later.
    work(
        "10.1234/fog.1",
        "Counting foghorns on a winter coast by ear and by card",
        "Lindqvist",
        1999,
        volume="1",
        page="5-9",
    ),
    work(
        "10.1234/fog.2",
        "Counting foghorns on a winter coast by ear and by card",
        "Lindqvist",
        2009,
        volume="40",
        page="1-5",
        **{"container-title": ["Foghorn Readings"], "ISSN": ["1050-124X"]},
    ),
    # A book and its chapter.
    work(
        "10.1234/book.1",
        "The harbour master's handbook of cards and ledgers",
        "Tuilagi",
        2005,
        type="monograph",
        **{"container-title": []},
    ),
    work(
        "10.1234/book.1.3",
        "The harbour master's handbook of cards and ledgers",
        "Tuilagi",
        2005,
        type="book-chapter",
        page="33-50",
        **{"container-title": ["Ledgers of the North"]},
    ),
    # Generic titles.
    work("10.1234/ed.1", "Editorial", "Haukeland", 2014, volume="7", page="1"),
    work("10.1234/ed.2", "Editorial", "Haukeland", 2014, volume="7", issue="3", page="101"),
    # What happened afterwards.
    work(
        "10.1234/salt.1",
        "RETRACTED: Salt against fog in shallow harbour basins",
        "Lindqvist",
        2012,
        volume="3",
        page="5-9",
        updated_by=[update("10.1234/salt.9", "retraction"), update("10.1234/salt.9", "retraction", "retraction-watch")],
    ),
    work(
        "10.1234/salt.2",
        "Salt and sand on the slipways of the old dockyard",
        "Lindqvist",
        2013,
        volume="4",
        page="e104",
        updated_by=[update("10.1234/salt.8", "correction"), update("10.1234/salt.7", "expression_of_concern")],
    ),
    # Two DOIs of one work.
    work(
        "10.1234/twice.1",
        "Ropes, knots and the memory of old harbour pilots",
        "Tuilagi",
        2001,
        volume="2",
        page="40-48",
    ),
    work(
        "10.9999/twice.1",
        "Ropes, knots and the memory of old harbour pilots",
        "Tuilagi",
        2001,
        volume="2",
        page="40-48",
    ),
]

JOURNALS = {
    "0317-8471": "Annals of Moving Sand",
    "1050-124X": "Foghorn Readings",
}
DATACITE = {
    "10.2345/data.1": {
        "doi": "10.2345/data.1",
        "titles": [{"title": "Card counts of nine harbours"}],
        "creators": [{"name": "Okafor, Ngozi", "familyName": "Okafor", "givenName": "Ngozi"}],
        "publicationYear": 2020,
        "types": {"resourceTypeGeneral": "Dataset"},
    }
}
ELSEWHERE = {"10.3456/medra.1": "mEDRA"}
SHORT = {"10/gulls": "10.1234/tides.7"}
PMIDS = {"31234567": "10.1234/tides.7"}
RETRACTIONS = (
    "Record ID,Title,OriginalPaperDOI,OriginalPaperPubMedID,RetractionDOI,RetractionDate,RetractionNature\r\n"
    '1,"Salt, twice",10.1234/SALT.5,0,10.1234/salt.6,10/31/2019 0:00,Retraction\r\n'
    "2,Known by its number,unavailable,30000001,,1/2/2020 0:00,Retraction\r\n"
    "3,Taken back,10.1234/salt.4,0,10.1234/salt.3,3/1/2018 0:00,Retraction\r\n"
    "3,Taken back,10.1234/salt.4,0,10.1234/salt.3,4/1/2019 0:00,Reinstatement\r\n"
)
