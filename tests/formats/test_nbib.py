"""PubMed's .nbib: read without loss."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.errors import SourceError
from reflint.formats import nbib
from reflint.formats.nbib_csl import date_of
from reflint.model.record import Record

FIXTURES = Path(__file__).parents[2] / "fixtures"
PUBMED = (FIXTURES / "pubmed.nbib").read_bytes()


def records(text: str) -> list[Record]:
    return list(nbib.read(text.encode()))


def test_records_are_told_apart_and_keyed_by_pmid() -> None:
    library = nbib.read(PUBMED, name="pubmed.nbib")
    assert (library.format, library.name, len(library)) == ("nbib", "pubmed.nbib", 3)
    assert [record.key for record in library] == ["99000001", "99000002", "99000003"]
    assert [record.type for record in library] == ["article-journal", "article-journal", "chapter"]


def test_wrapped_lines_are_joined_by_one_space() -> None:
    record = next(iter(nbib.read(PUBMED)))
    assert record.first("TI") == (
        "Vibrio counts in bathing water after heat waves: a ten-year series of samples from thirty-one beaches."
    )


def test_kinds_are_syntax_and_not_part_of_the_value() -> None:
    record = next(iter(nbib.read(PUBMED)))
    assert record.all("LID", "AID") == ["10.5555/asm.2021.10234", "10234 [pii]"] * 2
    assert record.all("IS") == ["3045-5340", "3045-5227", "3045-5227"]


def test_tags_mean_their_csl_variables() -> None:
    record = next(iter(nbib.read(PUBMED)))
    meanings = [
        (field.name, field.variable) for field in record.fields if field.name in ("FAU", "AU", "CN", "LID", "AID")
    ]
    assert meanings == [
        ("LID", "DOI"),
        ("LID", None),
        ("FAU", "author"),
        ("AU", None),
        ("FAU", "author"),
        ("AU", None),
        ("CN", "author"),
        ("AID", None),
        ("AID", None),
    ]


def test_the_neutral_view_of_an_article() -> None:
    record = next(iter(nbib.read(PUBMED)))
    item = record.format.csl(record)
    abstract = item.pop("abstract")
    assert str(abstract).startswith("INTRODUCTION: Warm")
    assert str(abstract).endswith("Warn earlier.")
    assert item == {
        "id": "99000001",
        "type": "article-journal",
        "PMID": "99000001",
        "volume": "10",
        "issue": "2",
        "issued": {"date-parts": [[2021, 6, 14]]},
        "title": record.first("TI").removesuffix("."),
        "page": "10234",
        "DOI": "10.5555/asm.2021.10234",
        "author": [
            {"family": "Osei", "given": "Kwabena"},
            {"family": "Achterberg", "given": "Lotte"},
            {"literal": "Seaside Health Group"},
        ],
        "language": "en",
        "available-date": {"date-parts": [[2021, 6, 1]]},
        "publisher-place": "Netherlands",
        "container-title-short": "Arch Seaside Med",
        "container-title": "Archives of seaside medicine",
        "keyword": "Bathing Beaches; Humans; Vibrio/isolation & purification; heat wave; recreational water",
        "ISSN": "3045-5340, 3045-5227",
        "genre": "Journal Article",
    }


def test_the_neutral_view_of_a_translated_title_and_of_a_chapter() -> None:
    _, article, chapter = (record.format.csl(record) for record in nbib.read(PUBMED))
    assert article["title"] == "Jellyfish stings: what to do and what not to"
    assert article["original-title"] == "Picaduras de medusa: que hacer y que no."
    assert article["issued"] == {"date-parts": [[2017, 7], [2017, 8]]}
    assert article["PMCID"] == "PMC9900002"
    assert chapter["container-title"] == "Islands in winter"
    assert chapter["editor"] == [{"family": "Oosterhuis", "given": "Bram"}]


def test_short_names_count_where_full_ones_are_missing() -> None:
    (record,) = records("PMID- 1\nTI  - T\nAU  - van der Meulen J\nJT  - Journal\n")
    assert record.format.csl(record)["author"] == [{"family": "van der Meulen", "given": "J"}]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021", {"date-parts": [[2021]]}),
        ("2021 Jun", {"date-parts": [[2021, 6]]}),
        ("2021 Jun 14", {"date-parts": [[2021, 6, 14]]}),
        ("2017 Jul-Aug", {"date-parts": [[2017, 7], [2017, 8]]}),
        ("2018 Dec-2019 Jan", {"date-parts": [[2018, 12], [2019, 1]]}),
        ("2018-2019", {"date-parts": [[2018], [2019]]}),
        ("2020 Mar 3-9", {"date-parts": [[2020, 3, 3], [2020, 3, 9]]}),
        ("2019 Spring", {"date-parts": [[2019]], "season": 1}),
        ("20210601", {"date-parts": [[2021, 6, 1]]}),
        ("2019 Winter-Spring", {"raw": "2019 Winter-Spring"}),
        ("in press", {"raw": "in press"}),
    ],
)
def test_dates(text: str, date: dict[str, object]) -> None:
    assert date_of(text) == date


def test_spans_are_lines_with_their_tag() -> None:
    record = next(iter(nbib.read(PUBMED)))
    span = record.format.span
    title = record.positions("TI")[0]
    assert span(record, None) == (2, 1, 2, 15)
    assert span(record, title) == (13, 1, 14, 26)
    assert span(record, title, (0, 6)) == (13, 7, 13, 13)
    value = record.values[title]
    assert span(record, title, (value.index("thirty"), len(value))) == (14, 7, 14, 26)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(codec: str, end: str) -> None:
    data = end.join(["", "PMID- 1", "TI  - Façades", "      et dunes.", "", "PMID- 2", "TI  - B", ""]).encode(codec)
    library = nbib.read(data)
    assert [record.values for record in library] == [("1", "Façades et dunes."), ("2", "B")]
    assert nbib.write(library) == data


def test_eric_and_files_without_empty_lines_are_read() -> None:
    first, second = records("OWN - ERIC\nTI  - A\nISSN - ISSN-1234-4567\nPT  -\n\nOWN - ERIC\nTI  - B\n")
    assert first.names == ("OWN", "TI", "ISSN", "PT")
    assert first.values[2:] == ("ISSN-1234-4567", "")
    assert second.first("TI") == "B"
    assert [record.key for record in records("PMID- 1\nTI  - A\nPMID- 2\nTI  - B\n")] == ["1", "2"]


def test_an_empty_file_has_no_records() -> None:
    assert len(nbib.read(b"")) == 0
    assert len(nbib.read(b" \n\n")) == 0


@pytest.mark.parametrize("name", ["clean.ris", "not-ris-wos.ris", "not-ris.xml", "binary.ris", "library.csl.json"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(SourceError, match="is RIS" if name == "clean.ris" else "is not PubMed's format"):
        nbib.read((FIXTURES / name).read_bytes())


nbib_texts = st.lists(
    st.sampled_from(
        [
            "PMID- 1",
            "TI  - A",
            "      more",
            "",
            "AID - 10.5555/x [doi]",
            "IS  - 2049-3843 (Print)",
            "PT  -",
            "AB- x",
            "   ",
        ]
    )
    | st.text(max_size=8)
).map(lambda lines: "\n".join(["PMID- 7", *lines]))


@given(st.binary() | nbib_texts.map(lambda text: text.encode("utf-8", "replace")))
def test_reading_any_bytes_gives_a_library_or_a_source_error(data: bytes) -> None:
    try:
        library = nbib.read(data)
    except SourceError:
        return
    assert nbib.write(library) == data
    for record in library:
        record.format.csl(record)
        for field in record.fields:
            assert record.format.span(record, field.position, (0, len(field.value))) is not None
            assert record.format.span(record, field.position) is not None
