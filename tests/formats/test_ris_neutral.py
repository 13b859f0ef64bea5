"""The neutral view of RIS: each type's tags in their CSL variables, and the traps of the field."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.formats import ris
from reflint.formats.ris.container import journal_of, proceedings_of
from reflint.formats.ris.neutral import csl_item, subtitle_in_t2
from reflint.formats.ris.tags import CSL_TYPES, TAGS, tags_of, variable_of
from reflint.model.record import Record

FIXTURES = Path(__file__).parents[2] / "fixtures"


def record(text: str) -> Record:
    """The record of `TY=JOUR|TI=A title|...`."""
    lines = (f"{tag}  - {value}" for tag, _, value in (field.partition("=") for field in text.split("|")))
    (only,) = ris.read("\n".join([*lines, "ER  - ", ""]).encode())
    return only


def item(text: str) -> dict[str, object]:
    found = csl_item(record(text))
    del found["id"]
    return found


OKAFOR = {"family": "Okafor", "given": "Ngozi"}
OSEI = {"family": "Osei", "given": "K."}

PER_TYPE = [
    (
        (
            "TY=JOUR|TI=Salt|AU=Okafor, Ngozi|A2=Osei, K.|T2=Shore Geology|J2=Shore Geol."
            "|T3=Supplement|PY=2020|VL=1|IS=2"
            "|SP=3|EP=9|SN=0317-8471|PB=Kade|CY=Leiden|C7=104|ET=2019/11/02/|M3=Article"
        ),
        {
            "type": "article-journal",
            "title": "Salt",
            "author": [OKAFOR],
            "editor": [OSEI],
            "container-title": "Shore Geology",
            "container-title-short": "Shore Geol.",
            "collection-title": "Supplement",
            "issued": {"date-parts": [[2020]]},
            "volume": "1",
            "issue": "2",
            "page": "3-9",
            "ISSN": "0317-8471",
            "publisher": "Kade",
            "publisher-place": "Leiden",
            "number": "104",
            "available-date": {"date-parts": [[2019, 11, 2]]},
        },
    ),
    (
        "TY=NEWS|TI=Salt|T2=The Pier|SP=A19|SE=Weather",
        {
            "type": "article-newspaper",
            "title": "Salt",
            "container-title": "The Pier",
            "page": "A19",
            "section": "Weather",
        },
    ),
    (
        (
            "TY=CHAP|TI=Salt|AU=Okafor, Ngozi|A2=Osei, K.|A3=Osei, K.|A4=Osei, K."
            "|C2=Osei, K.|T2=Shores|T3=Coasts|SV=4|SE=7"
            "|C1=Part II|SN=978-3-16-148410-0|SP=iii|EP=xi|J2=Sh.|ET=2"
        ),
        {
            "type": "chapter",
            "title": "Salt",
            "author": [OKAFOR],
            "editor": [OSEI],
            "collection-editor": [OSEI],
            "translator": [OSEI],
            "container-author": [OSEI],
            "container-title": "Shores",
            "container-title-short": "Sh.",
            "collection-title": "Coasts",
            "collection-number": "4",
            "chapter-number": "7",
            "section": "Part II",
            "ISBN": "9783161484100",
            "page": "iii-xi",
            "edition": "2",
        },
    ),
    (
        (
            "TY=CPAPER|TI=Salt|AU=Okafor, Ngozi|A2=Osei, K.|A4=The Sponsor|T2=5th Meeting on Salt|C3=Proceedings of it"
            "|CY=Ghent|C1=Leiden|M1=17|SP=3|EP=9|SN=9783161484100"
        ),
        {
            "type": "paper-conference",
            "title": "Salt",
            "author": [OKAFOR],
            "editor": [OSEI],
            "container-title": "Proceedings of it",
            "event-title": "5th Meeting on Salt",
            "event-place": "Ghent",
            "publisher-place": "Leiden",
            "number": "17",
            "page": "3-9",
            "ISBN": "9783161484100",
        },
    ),
    (
        (
            "TY=BOOK|BT=Salt|AU=Okafor, Ngozi|A2=Osei, K.|A3=Okafor, Ngozi|T2=Coasts|M1=4|SP=xii + 345"
            "|SN=3-16-148410-X|NV=2|ET=3"
        ),
        {
            "type": "book",
            "title": "Salt",
            "author": [OKAFOR],
            "editor": [OKAFOR],
            "collection-editor": [OSEI],
            "collection-title": "Coasts",
            "collection-number": "4",
            "number-of-pages": "xii + 345",
            "ISBN": "316148410X",
            "number-of-volumes": "2",
            "edition": "3",
        },
    ),
    ("TY=EDBOOK|TI=Salt|AU=Okafor, Ngozi|ED=Osei, K.", {"type": "book", "title": "Salt", "editor": [OKAFOR, OSEI]}),
    ("TY=BOOK|TI=Salt|A2=Osei, K.", {"type": "book", "title": "Salt", "editor": [OSEI]}),
    (
        "TY=BOOK|TI=Salt|A2=Osei, K.|T2=Coasts",
        {"type": "book", "title": "Salt", "collection-editor": [OSEI], "collection-title": "Coasts"},
    ),
    (
        "TY=THES|TI=Salt|A3=Osei, K.|PB=University of Livingston|SP=212|M1=7|M3=PhD thesis",
        {
            "type": "thesis",
            "title": "Salt",
            "contributor": [OSEI],
            "publisher": "University of Livingston",
            "number-of-pages": "212",
            "number": "7",
            "genre": "PhD thesis",
        },
    ),
    (
        "TY=RPRT|TI=Salt|A2=Osei, K.|A3=Institute of Salt|T2=Reports|NV=4|SN=ISH 12345678|SP=61",
        {
            "type": "report",
            "title": "Salt",
            "collection-editor": [OSEI],
            "publisher": "Institute of Salt",
            "collection-title": "Reports",
            "collection-number": "4",
            "number": "ISH 12345678",
            "number-of-pages": "61",
        },
    ),
    ("TY=RPRT|TI=Salt|SP=3|EP=9|M1=5", {"type": "report", "title": "Salt", "page": "3-9", "number": "5"}),
    ("TY=PAT|TI=Salt|SN=US 1|PB=Kade", {"type": "patent", "title": "Salt", "number": "US 1", "publisher": "Kade"}),
    (
        "TY=ELEC|TI=Salt|T2=Pier|Y2=2023/11/05/",
        {"type": "webpage", "title": "Salt", "container-title": "Pier", "accessed": {"date-parts": [[2023, 11, 5]]}},
    ),
    (
        "TY=MANSCPT|TI=Salt|SP=40|AN=Box 4",
        {"type": "manuscript", "title": "Salt", "number-of-pages": "40", "archive_location": "Box 4"},
    ),
    (
        "TY=VIDEO|TI=Salt|AU=Okafor, Ngozi|A2=Osei, K.",
        {"type": "motion_picture", "title": "Salt", "director": [OKAFOR], "performer": [OSEI]},
    ),
    ("TY=MUSIC|TI=Salt|AU=Okafor, Ngozi", {"type": "song", "title": "Salt", "composer": [OKAFOR]}),
    (
        "TY=SLIDE|TI=Salt|T2=The meeting|A2=Osei, K.",
        {"type": "speech", "title": "Salt", "event-title": "The meeting", "performer": [OSEI]},
    ),
    ("TY=DATA|TI=Salt|ET=2.1|DP=Archive|DB=x", {"type": "dataset", "title": "Salt", "source": "Archive"}),
    ("TY=CITATION|TI=Salt", {"type": "document", "title": "Salt"}),
]

TRAPS = [
    # titles
    ("T1=old|TI=new", "title", "new"),
    ("ST=short only", "title", "short only"),
    ("BT=book", "title", None),
    ("TI=Salt and silt|ST=Salt", "title-short", "Salt"),
    ("TI=Salt|ST=Salt", "title-short", None),
    ("TI=Salt|ST=Silt", "title-short", None),
    ("TI=a  title\non two lines", "title", "a  title on two lines"),
    # names
    ("AU=Osei, K.|A1=The Group", "author", [OSEI, {"literal": "The Group"}]),
    ("A1=The Group|AU=Osei, K.", "author", [{"literal": "The Group"}, OSEI]),
    ("AU=John R. Smith", "author", [{"family": "Smith", "given": "John R."}]),
    ("AU=Ministry of Health, Labour and Welfare", "author", [{"literal": "Ministry of Health, Labour and Welfare"}]),
    ("AU=King, Martin Luther, Jr.", "author", [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}]),
    ("AU=Osei, K.|AU=et al.", "author", [OSEI]),
    # dates
    ("DA=AUG 11|PY=2020", "issued", {"date-parts": [[2020, 8, 11]]}),
    ("DA=2019/12/1|PY=2020", "issued", {"date-parts": [[2019, 12, 1]]}),
    ("PY=2014///", "issued", {"date-parts": [[2014]]}),
    ("PY=2020|Y1=2021/03//", "issued", {"date-parts": [[2020]]}),
    ("Y2=2020", "issued", None),
    ("PY=NA", "issued", None),
    ("PY=in preparation", "issued", {"literal": "in preparation"}),
    ("PY=2020///Spring", "issued", {"date-parts": [[2020]], "season": 1}),
    # pages
    ("SP=420|EP=34", "page", "420-434"),
    ("SP=420-34", "page", "420-434"),
    ("SP=12-19|EP=19", "page", "12-19"),
    ("SP=62|EP=+", "page", "62+"),
    ("SP=12|EP=U217", "page", "12"),
    ("EP=U217", "page", None),
    ("SP=N.PAG|EP=N.PAG", "page", None),
    ("SP=No|EP=Specified", "page", None),
    ("SP=581|EP=581", "page", "581"),
    ("SP=e00129|EP=NA", "page", "e00129"),
    ("SP=330.e1|EP=330.e7", "page", "330.e1-330.e7"),
    ("SP=330–331", "page", "330-331"),
    ("SP=pp.|EP=36-43", "page", "36-43"),
    ("SP=pp. 3-9", "page", "3-9"),
    ("SP=UNSP 133936", "page", "133936"),
    ("SP=6-1|EP=6-13", "page", "6-1-6-13"),
    ("C7=104", "page", "104"),
    ("SP=3|C7=104", "page", "3"),
    ("SP=402 pages", "page", None),
    ("SP=402 pages", "number-of-pages", "402"),
    # abstract, DOI, URL
    ("AB=one|N2=two", "abstract", "one"),
    ("N2=two", "abstract", "two"),
    ("DO=https://doi.org/10.1000/A", "DOI", "10.1000/A"),
    ("U2=10.1000/a", "DOI", "10.1000/a"),
    ("U2=project 12|L3=10.1000/b", "DOI", "10.1000/b"),
    ("N1=see 10.1000/a", "DOI", None),
    ("DO=10.1000/c|U2=10.1000/d", "DOI", "10.1000/c"),
    ("DO=$2.00", "DOI", None),
    ("UR=https://www.cochranelibrary.com/central/doi/10.1002/central/CN-1/full", "DOI", None),
    ("UR=https://doi.org/10.1002/central/CN-1", "DOI", None),
    ("UR=login.aspx?a|UR=https://x.org/a?utm_source=b", "URL", "https://x.org/a"),
    ("UR=http://x.org/a;jsessionid=1; http://y.org", "URL", "http://x.org/a"),
    ("UR=PM:123", "URL", None),
    ("UR=PM:123", "PMID", "123"),
    ("LK=https://x.org", "URL", "https://x.org"),
    # identifiers
    ("AN=28990011|DB=PubMed", "PMID", "28990011"),
    ("AN=28990011|DB=lxh", "PMID", None),
    ("C2=33990011|DB=Scopus", "PMID", "33990011"),
    ("C2=33990011", "PMID", None),
    ("C2=PMC123", "PMCID", "PMC123"),
    ("AN=WOS:1", "archive_location", None),
    ("SN=12345679 (ISSN); 03178471 (ISSN)", "ISSN", "1234-5679, 0317-8471"),
    ("SN=1234-5678", "ISSN", None),
    ("SN=9783161484100", "ISBN", None),
    ("SN=9783161484100", "ISSN", None),
    ("ID=smith2020", "call-number", None),
    # the rest
    ("KW=*salt\nsilt|KW=mud; salt", "keyword", "salt; silt; mud"),
    ("LA=eng", "language", "en"),
    ("LA=English", "language", "en"),
    ("LA=en_us", "language", "en-US"),
    ("LA=eng; fre", "language", "eng; fre"),
    ("LA=Français", "language", "fr"),
    ("LA=EN", "language", "en"),
    ("M3=Article", "genre", None),
    ("M3=Review", "genre", "Review"),
    ("M3=10.1000/a", "genre", None),
    ("M3=10.1000/a", "DOI", "10.1000/a"),
    ("CP=International Meeting on Salt", "issue", None),
    ("ET=2", "edition", None),
    ("N1=Publisher Copyright:\n© 2019, The Author", "note", None),
    ("N1=Export Date: 1 May 2020; Cited By: 3", "note", None),
    ("N1=Read again!\nCited By: 12", "note", "Read again!"),
    ("TI=Salt|N1=Salt", "note", None),
]

JOURNALS = [
    ("JF=Shore Geology|JO=Shore Geol.", ("Shore Geology", "Shore Geol.")),
    ("JF=Shore Geology|JO=Shore Geology", ("Shore Geology", "")),
    ("T2=Shore Geology|J2=Shore Geol.", ("Shore Geology", "Shore Geol.")),
    ("JO=Shore Geology", ("Shore Geology", "")),
    ("JO=Shore Geol.|JA=Shore Geology", ("Shore Geology", "Shore Geol.")),
    ("JA=Shore Geol.", ("Shore Geol.", "")),
    ("JA=Shore Geol.|J2=Shore Geology", ("Shore Geology", "Shore Geol.")),
    ("JF=Gut|J2=Gut", ("Gut", "Gut")),
    ("BT=Shore Geology", ("Shore Geology", "")),
    ("T2=eleven years of mud|JO=Shore Geology|JF=Shore Geology", ("Shore Geology", "")),
    ("VL=1", ("", "")),
]

SUBTITLES = [
    "TY=JOUR|T2=eleven years of sediment cores|JO=Journal of Coastal Restoration|JF=Journal of Coastal Restoration",
    "TY=JOUR|T2=State of knowledge on vegetation fires|JF=Revue TED: Territoires",
    "TY=MGZN|T2=Ruts and peaks|JF=Time",
    "TY=NEWS|T2=the sea comes nearer|J2=Harbour Life",
    "TY=JOUR|T2=a study of water in mountain regions|JF=Mountain Research and Development",
]
NO_SUBTITLES = [
    "TY=JOUR|T2=Shore Geology",
    "TY=JOUR|T2=The second part|T2=The third part|JF=Shore Geology",
    "TY=JOUR|T2=SHORE GEOLOGY|JF=Shore geology",
    "TY=JOUR|JF=Shore Geology",
    "TY=JOUR|T2=Mountain Research and Development|J2=Mt. Res. Dev.",
    "TY=JOUR|T2=Japanese Journal of Infectious Diseases|JA=Jpn J Infect Dis",
    "TY=JOUR|T2=Deutsche Zeitschrift für Sportmedizin|J2=Dtsch. Z. Sportmed.",
    "TY=JOUR|T2=Annals of the Missouri Botanical Garden|J2=Ann. Mo. Bot. Gard.",
    "TY=JOUR|T2=Journal of Bone and Joint Surgery - Series A|J2=J. Bone Jt. Surg. Ser. A",
    "TY=JOUR|T2=Global Change Biology Bioenergy|J2=GCB Bioenergy",
    "TY=JOUR|T2=J. Coast. Res.|JF=Journal of Coastal Research",
    "TY=JOUR|T2=Special Issue: Water and mind.|JF=Journal of Aquatic Psychology",
    "TY=JOUR|T2=Theme Issue on Salt|JF=Shore Geology",
    "TY=JOUR|T2=Supplement 2|JF=Shore Geology",
    "TY=JOUR|T2=Proc. Salt Meeting|JF=LNCS",
    "TY=JOUR|T2=Proceedings of the Salt Meeting|JF=Series",
    "TY=JOUR|T2=User Modeling and User-Adapted Interaction|J2=User Modell User Adapt Interact",
    "TY=JOUR|T2=Journal of Water Resources Planning and Management|J2=J. Water Resour. Plan. Manage.-ASCE",
    "TY=JOUR|T2=Revista Pesquisa em Fisioterapia|J2=Rev. Pesqui. Fisioter.",
    "TY=MGZN|T2=Time Magazine|JF=Time",
    "TY=JOUR|T2=ACE '05|JO=ACM Series",
    "TY=CHAP|T2=The book|J2=Other",
    "TY=BOOK|T2=The series|JF=Other",
    "TY=JOUR|T2= |JF=Other",
    "TY=JOUR|T2=-|JF=Other",
]

PROCEEDINGS = [
    ("C3=Proceedings of A|T2=Meeting of A", "Proceedings of A"),
    ("BT=Papers of A|T2=Meeting of A", "Papers of A"),
    ("JF=Series of A|T2=Meeting of A", "Series of A"),
    ("T2=Meeting of A", ""),
    ("T2=Proceedings of the Meeting of A", "Proceedings of the Meeting of A"),
    ("T2=Lecture Notes in Computer Science", "Lecture Notes in Computer Science"),
    ("T2=COASTAL ENGINEERING 2008, VOLS 1-5", "COASTAL ENGINEERING 2008, VOLS 1-5"),
    ("T2=OCEANS 2022|C3=Saltmarsh Univ|AN=WOS:0001", "OCEANS 2022"),
]


@pytest.mark.parametrize(("text", "expected"), PER_TYPE)
def test_each_type_has_its_variables_and_no_others(text: str, expected: dict[str, object]) -> None:
    assert item(text) == expected


@pytest.mark.parametrize(("text", "variable", "expected"), TRAPS)
def test_traps_of_a_journal_record(text: str, variable: str, expected: object) -> None:
    assert item(f"TY=JOUR|{text}").get(variable) == expected


@pytest.mark.parametrize(("text", "expected"), JOURNALS)
def test_the_journal_in_full_and_abbreviated(text: str, expected: tuple[str, str]) -> None:
    one = record(f"TY=JOUR|{text}")
    assert journal_of(one, "" if subtitle_in_t2(one) else one.first("T2")) == expected


@pytest.mark.parametrize(("text", "expected"), [*((t, True) for t in SUBTITLES), *((t, False) for t in NO_SUBTITLES)])
def test_a_subtitle_is_told_from_the_journal(text: str, expected: bool) -> None:
    assert subtitle_in_t2(record(text)) is expected


@pytest.mark.parametrize(("text", "expected"), PROCEEDINGS)
def test_a_conference_paper_stands_in_proceedings_and_not_in_an_event(text: str, expected: str) -> None:
    assert proceedings_of(record(f"TY=CONF|{text}")) == expected


def test_what_is_printed_is_no_event() -> None:
    both = item("TY=CONF|C3=Proceedings of A|T2=ACM International Conference Proceeding Series")
    assert both == {
        "type": "paper-conference",
        "container-title": "Proceedings of A",
        "collection-title": "ACM International Conference Proceeding Series",
    }


def test_the_pure_sample_has_its_journal_and_a_title_of_its_own() -> None:
    (pure,) = ris.read((FIXTURES / "pure.ris").read_bytes())
    assert subtitle_in_t2(pure)
    found = csl_item(pure)
    abstract = found.pop("abstract")
    assert isinstance(abstract, str)
    assert abstract.startswith("Mangrove restoration")
    assert found == {
        "id": "0",
        "type": "article-journal",
        "title": "Carbon balance of restored mangroves",
        "author": [
            {"family": "Okafor", "given": "Ngozi"},
            {"family": "Lindqvist", "given": "Pär Johan"},
            {"family": "de la Cruz-Mendieta", "given": "Itzel"},
            {"family": "Haverkamp", "given": "Anneliese M."},
        ],
        "container-title": "Journal of Coastal Restoration",
        "issued": {"date-parts": [[2019, 12, 1]]},
        "volume": "27",
        "issue": "6",
        "page": "1123-1139",
        "ISSN": "2049-3843",
        "DOI": "10.5555/jcr.2019.0417",
        "URL": "http://www.scopus.com/inward/record.url?scp=85071239944",
        "keyword": "Blue carbon; Mangrove; Restoration; Sediment cores",
    }


def test_the_tables_agree_with_each_other() -> None:
    for type in set(CSL_TYPES.values()):
        for tag in TAGS:
            variable = variable_of(tag, type)
            assert variable is None or tag in (*tags_of(variable, type), "AU", "A1"), (tag, type)


@pytest.mark.parametrize(
    ("tag", "type", "expected"),
    [
        ("SN", "article-journal", "ISSN"),
        ("SN", "chapter", "ISBN"),
        ("SN", "report", "number"),
        ("SP", "book", "number-of-pages"),
        ("A2", "book", "collection-editor"),
        ("A3", "book", "editor"),
        ("A3", "thesis", "contributor"),
        ("CY", "paper-conference", "event-place"),
        ("ET", "article-journal", "available-date"),
        ("ET", "book", "edition"),
        ("T2", "report", "collection-title"),
        ("CP", "article-journal", None),
    ],
)
def test_a_tag_means_one_variable_of_a_type(tag: str, type: str, expected: str | None) -> None:
    assert variable_of(tag, type) == expected


VALUES = st.sampled_from(
    ["", " ", "-", "x", "12", "10.1/a", "PM:1", "2020/1/1", "a, b", "http://x.org", "S. A", "+"]
) | st.text(max_size=8)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(TAGS - {"TY", "ER"})), VALUES), max_size=12),
    st.sampled_from(sorted(CSL_TYPES)),
)
def test_any_record_has_a_view_without_blanks(fields: list[tuple[str, str]], kind: str) -> None:
    names, values = ("TY", *(tag for tag, _ in fields)), (kind, *(value for _, value in fields))
    one = Record(ris.RIS, CSL_TYPES[kind], names, values)
    assert all(csl_item(one).values())
    assert subtitle_in_t2(one) in (True, False)
