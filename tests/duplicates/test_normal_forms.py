"""What is compared of a record: titles, authors, numbers, journals."""

from __future__ import annotations

import pytest

from reflint.duplicates import work_of
from reflint.duplicates.authors import family_names, same_authors
from reflint.duplicates.journals import journal_words, same_journal
from reflint.duplicates.numbering import Glued, Pages, read_number, read_pages, unglue
from reflint.duplicates.titles import read_title
from reflint.formats import nbib, ris, zotero
from tests.duplicates.works import work


@pytest.mark.parametrize(
    ("text", "kind", "letters"),
    [
        ("Erratum to: Salt and silt in the delta", "erratum", "saltandsiltinthedelta"),
        ("Correction of refraction in sonar images of silt", "", "correctionofrefractioninsonarimagesofsilt"),
        ("Retracted: Salt and silt", "", "saltandsilt"),
        ("Withdrawn. Salt and silt in the delta", "", "saltandsiltinthedelta"),
        ("Salt and silt: authors' reply", "reply", "saltandsiltauthorsreply"),
        ("Salt and silt [Norwegian]", "", "saltandsilt"),
        ("Editorial: salt and silt in deltas", "editorial", "saltandsiltindeltas"),
        ("Salt and silt: an updated survey", "update", "saltandsiltanupdatedsurvey"),
        ("α-Pinene over salt", "", "alphapineneoversalt"),
    ],
)
def test_a_title_tells_its_kind(text: str, kind: str, letters: str):
    title = read_title(text)
    assert (title.kind, title.letters) == (kind, letters)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Part II: silt", ("2",)),
        ("Silt, phase 3", ("3",)),
        ("Group b silt", ("b",)),
        ("A silt", ()),
        ("I measured silt", ()),
        ("CO2 over 25 salt marshes", ("2", "25")),
    ],
)
def test_a_title_tells_its_numbers(text: str, numbers: tuple[str, ...]):
    assert read_title(text).numbers == numbers


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Okafor, Ngozi", "van den Berg, P."], ("okafor", "berg", "ngozi")),
        (["OkaforN.LindqvistP.A.TanakaM."], ("okafor", "lindqvist", "tanaka")),
        (["Okafor N.Lindqvist P. A.Tanaka M."], ("okafor", "lindqvist", "tanaka")),
        (["Okafor, N.; Tanaka, M."], ("okafor", "tanaka")),
        (["OKAFOR, N"], ("okafor",)),
        (["Müller, J."], ("muller",)),
        ([], ()),
        (["Okafor N; Tanaka M"], ("okafor", "tanaka")),
        (["Okafor N.Tanaka M", "Abara C"], ("okafor", "tanaka", "abara")),
        (["Okafor, J. M.Tanaka"], ("okafor", "tanaka")),
        (["Okafor, J.M.Tanaka"], ("okafor", "tanaka")),
        (["Okafor, NgoziT.Abara"], ("okafor", "ngozi", "abara")),
        (["OKAFORTanaka"], ("okafor", "tanaka")),
        (["Smith-Jones, A.", "Smith-Jones A"], ("smithjones", "smithjones")),
        (["O'Brien, Pat", "O’Brien P"], ("obrien", "obrien")),
        (["Smith3, J"], ("smith",)),
        (["3M Company"], ("company",)),
        (["Østergård Å\nÉlan"], ("ostergard", "elan")),
        (["LI X"], ("li",)),
        (["WHO"], ("who",)),
        (["Tanaka ABC", "Tanaka x", "ABCD Li"], ("tanaka", "tanaka", "abcd", "li")),
        (["Иванов-Петров И", "Иванов Петров"], ("ивановпетров", "иванов", "петров")),
        (["Smith Jones, A."], ("smithjones",)),
        (["Li X", "X"], ("li", "x")),
        (["Okafor et al", "others"], ("okafor", "others")),
        (["de la, X"], ("dela",)),
        (["Okafor jr, N"], ("okafor",)),
        ([", John"], ("john",)),
        (["?, N"], ()),
        (["Okafor"] * 14, ("okafor",) * 12),
        (["a, b; c, d"] * 8, ("a", "c") * 6),
        ([*["Okafor, N."] * 11, "Tanaka, M.; Abara, C."], ("okafor",) * 11 + ("tanaka",)),
        (["Okafor, Ngozi A.", "Tanaka, Mei Li"], ("okafor", "tanaka", "ngozi")),
        (["Okafor, Nia"], ("okafor",)),
        (["Okafor, NGOZI"], ("okafor",)),
        (["Okafor, Jean-Luc"], ("okafor",)),
        (["Okafor, Åse A"], ("okafor",)),
        (["Okafor, Åsel, Jr"], ("okafor",)),
        (["Okafor,  Åsel M"], ("okafor", "asel")),
    ],
)
def test_family_names_however_they_are_written(values: list[str], names: tuple[str, ...]):
    assert family_names(values) == names


def test_authors_are_equal_unequal_or_missing():
    assert same_authors(("okafor", "tanaka"), ("tanaka", "okafor")) is True
    assert same_authors(("okafor",), ("okafar",)) is True
    assert same_authors(("okafor",), ("abara",)) is False
    assert same_authors((), ("abara",)) is None
    assert same_authors(("abara",), ()) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("abara", "okafor"), ("tanaka", "lindqvist", "hansen", "abara"), True),  # the first is among the others
        (("tanaka", "abara", "okafor", "moller"), ("lindqvist", "abara", "okafor", "silva", "hansen"), True),
        (("tanaka", "abara", "okafor", "moller"), ("lindqvist", "abara", "santos", "silva", "hansen"), False),
        (("tanaka", "abara", "abara", "moller"), ("lindqvist", "abara", "santos", "silva", "hansen"), False),
        (("abara", "okafor", "moller"), ("tanaka", "lindqvist", "hansen", "abara"), True),
        (("tanaka", "abara", "okafor"), ("lindqvist", "abara", "silva"), False),
        (("okafor",), ("lindqvist", "hansen", "okafar"), True),  # nearly among the first three
        (("okafor",), ("lindqvist", "hansen", "silva", "okafar"), False),
        (("lindqvist", "okafar", "hansen"), ("okafor", "tanaka", "silva"), True),
        (("tsai",), ("tsaimei",), True),  # one within the other, from four letters on
        (("hansen",), ("bjornhansen",), True),
        (("lund",), ("bjorklund",), True),
        (("und",), ("bjorklund",), False),
        (("tsa",), ("tsaimeilong",), False),
        (("xtsaim",), ("aim",), False),
        (("abcdefghij",), ("abcdefghxy",), True),
        (("marhta",), ("klaus",), False),
    ],
)
def test_authors_are_told_by_the_first_by_half_of_them_or_by_a_slip(
    one: tuple[str, ...], other: tuple[str, ...], same: bool
):
    assert same_authors(one, other) is same
    assert same_authors(other, one) is same


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("160-178", Pages("160", "178")),
        ("160 -- 178", Pages("160", "178")),
        ("160-8", Pages("160", "168")),
        ("pp. 160–178", Pages("160", "178")),
        ("S12-S19", Pages("s12", "19")),
        ("e0043268", Pages("e43268")),
        ("06-Oct", Pages("6", "10")),
        ("Oct-16", Pages("10", "16")),
        ("2014", Pages()),
        ("June", Pages()),
        ("UNKNOWN", Pages()),
        ("", Pages()),
        ("2014-2020", Pages("2014", "2020")),
        ("e2014", Pages("e2014")),
        ("2015", Pages("2015")),
        ("160a", Pages("160a")),
        ("160a-165", Pages("160a", "165")),
        ("160, 178", Pages("160", "178")),
        ("160-78", Pages("160", "178")),
        ("160–1078", Pages("160", "1078")),
        ("160−e178", Pages("160", "178")),
        ("160 ‐ 178, 200", Pages("160", "178")),
        ("0012-0019", Pages("12", "19")),
        ("s012-s.019", Pages("s12", "19")),
        ("S. 12", Pages("s12")),
        ("160 to 178", Pages("160")),
        ("160xy", Pages()),
        ("p160", Pages("160")),
        ("p.160", Pages("160")),
        ("pp 160-8", Pages("160", "168")),
        ("pp. 12-pp. 19", Pages("12", "19")),
        ("pp 12 - pp 19", Pages("12", "19")),
        ("p. 12-p. 19", Pages("12", "19")),
        ("pp160", Pages("160")),
        ("pg 12", Pages("12")),
        ("no. 12", Pages("12")),
        ("vol 31", Pages("31")),
        ("p 2014", Pages()),
        ("0", Pages()),
        ("in press", Pages()),
        ("ix-xii", Pages()),
        ("6-oct", Pages("6", "10")),
        (" 06-Oct-14 ", Pages("6", "10")),
        ("Oct-6", Pages("10", "6")),
        ("Dec-01", Pages("12", "1")),
        ("06-Foo", Pages()),
        ("Foo-06", Pages()),
        ("06-October", Pages("6")),
    ],
)
def test_pages_whatever_was_made_of_them(text: str, pages: Pages):
    assert read_pages(text, 2014) == pages


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("31", "31"), ("031", "31"), ("117 (2-3)", "117"), ("UNKNOWN", ""), ("0", ""), ("02-Mar", "2"),
        ("Suppl. 4", "4"),
        ("2-Mar", "2"), ("Mar-02", "3"), ("dec-1", "12"), ("02-Mar-2014", "2"), ("Foo-02", ""), ("12-foo x", "12"),
        ("0-Mar", ""), ("000", ""), ("", ""), ("no 00", ""), ("No. 010", "10"), (" 31 ", "31"), ("A", ""),
        ("11–12", "11"),
    ],
)  # fmt: skip
def test_numbers_of_volumes_and_issues(text: str, number: str):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "glued"),
    [
        ("Tidal Letters.110 (42) ()(pp 1872) 2013.Date of Publication: May", ("Tidal Letters", "110", "42", "1872")),
        ("Tidal Letters 31 (pp 12-19)", ("Tidal Letters", "31", "", "12-19")),
        ("Tidal Letters, 31(4)(2013) (May) (P 1872)", ("Tidal Letters", "31", "4", "1872")),
        ("Tidal.1 (pp e7)", ("Tidal", "1", "", "e7")),
        ("Tidal Letters. Conference: Delta Days, Lagos 2013", ("Tidal Letters", "", "", "")),
        ("Tidal Letters Conference: Delta Days 2013", ("Tidal Letters", "", "", "")),
        ("Tidal Letters.Date of Publication: May", ("Tidal Letters", "", "", "")),
        ("Tidal Letters. 2013.Date of May", ("Tidal Letters", "", "", "")),
        ("Tidal Letters 2013", ("Tidal Letters 2013", "", "", "")),
        ("Tidal Letters (Lagos)", ("Tidal Letters (Lagos)", "", "", "")),
        ("Tidal Conference: Delta", ("Tidal Conference: Delta", "", "", "")),
        ("L.1(p 2)", ("L", "1", "", "2")),
        ("L1(p 2)", ("L1(p 2)", "", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_journal_is_taken_from_what_is_glued_to_it(text: str, glued: tuple[str, ...]):
    assert unglue(text) == Glued(*glued)


def test_what_is_not_glued_or_not_there_is_not_known():
    assert unglue("Tidal Letters") == Glued("Tidal Letters", "", "", "")
    assert Pages() == ("", "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tidal Letters", "Tidal letters.", True),
        ("J Tidal Stud", "Journal of Tidal Studies", True),
        ("JTS", "Journal of Tidal Studies", True),
        ("Tidal Letters. Part B", "Annals of Botany", False),
        ("Marine Ecology", "Annals of Marine Botany and Mycology", False),
        ("", "Tidal Letters", None),
    ],
)
def test_journals_are_equal_unequal_or_missing(one: str, other: str, same: bool | None):
    assert same_journal(journal_words(one), journal_words(other)) is same


RIS_TEXT = """TY  - JOUR
AU  - Okafor, Ngozi
TI  - Salt and silt: a study
PY  - 2014
T2  - Tidal Letters
VL  - 31
SP  - 211
EP  - 228
U2  - 10.5555/x.1
SN  - 0317-8471
ER  -
"""
NBIB_TEXT = """PMID- 12345678
TI  - Salt and silt: a study.
PG  - 211-28
DP  - 2014 May
JT  - Tidal letters
VI  - 31
FAU - Okafor, Ngozi
LID - 10.5555/x.1 [doi]
IS  - 0317-8471 (Print)
"""
ITEM = b"""{"itemType": "journalArticle", "title": "Salt and silt: a study", "publicationTitle": "Tidal Letters",
"volume": "31", "pages": "211-228", "date": "2014", "ISSN": "0317-8471", "extra": "DOI: 10.5555/x.1",
"creators": [{"creatorType": "author", "lastName": "Okafor", "firstName": "Ngozi"}]}"""


def test_all_formats_tell_the_same():
    from_ris = work_of(
        ris.read(RIS_TEXT.encode())[0]
        if hasattr(ris.Library, "__getitem__")
        else next(iter(ris.read(RIS_TEXT.encode())))
    )
    from_nbib = work_of(nbib.in_csl_terms(next(iter(nbib.read(NBIB_TEXT.encode())))))
    from_zotero = work_of(zotero.read(ITEM)[0])
    for one in (from_ris, from_nbib, from_zotero):
        assert one.title == "saltandsiltastudy"
        assert (one.year, one.volume, one.first, one.last) == (2014, "31", "211", "228")
        assert (one.doi, one.issns, one.journal) == ("10.5555/x.1", ("0317-8471",), "tidal letters")
    assert from_nbib.pmid == "12345678"


def test_what_cannot_be_read_is_not_known():
    odd = work(title="…", issued="soon", volume="?", page="—", DOI="none", ISBN="12")
    assert (odd.title, odd.volume, odd.first, odd.doi, odd.isbns) == ("", "", "", "", ())
