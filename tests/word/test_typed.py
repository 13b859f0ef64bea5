"""Typed citations: found by year or number, lists divided into entries, mentions matched to entries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.word.manuscript import Manuscript
from reflint.word.reading import read
from reflint.word.story import Paragraph
from reflint.word.typed import numeric
from reflint.word.typed.author_year import author_year
from reflint.word.typed.entries import entries_of, first_author
from reflint.word.typed.matching import ReferenceList
from reflint.word.typed.mentions import Mention, Typed
from reflint.word.typed.section import find_list, is_list_heading
from reflint.word.typed.words import name_key
from reflint.word.xml import parse
from tests.word.builder import docx, p, r, raised

ELEMENT = parse(b"<p/>", "p")


def labels(text: str) -> list[list[str]]:
    return [[mention.label for mention in typed.mentions] for typed in author_year(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Salt (Okafor 2019).", ["Okafor 2019"]),
        ("Salt (Okafor, 2019, p. 12; see also Osei & Adeyemi, 2001a).", ["Okafor 2019", "Osei & Adeyemi 2001a"]),
        ("(e.g., Okafor et al. 2019; cf. Osei 2001; vgl. Adeyemi u. a. 1999)",
         ["Okafor et al. 2019", "Osei 2001", "Adeyemi et al. 1999"]),
        ("(Okafor 2010, 2012a, b; Osei n.d.)", ["Okafor 2010", "Okafor 2012a", "Okafor 2012b", "Osei n.d."]),
        ("[Okafor 2019]", ["Okafor 2019"]),
        ("as Okafor (2019) shows", ["Okafor 2019"]),
        ("However, Okafor and Osei (2019) show", ["Okafor & Osei 2019"]),
        ("Following Okafor’s (2019) view", ["Okafor 2019"]),
        ("Okafor, Osei, and Adeyemi (2019)", ["Okafor & Osei & Adeyemi 2019"]),
        ("Okafor et al. (2010, 2012) and others", ["Okafor et al. 2010", "Okafor et al. 2012"]),
        ("in Okafor et al., 2019 and", ["Okafor et al. 2019"]),
        ("in Okafor & Osei, 2019 and", ["Okafor & Osei 2019"]),
        ("(van der Berg 2019; d’Amico 2001; O’Neill, Le Goff & al-Masri 1999)",
         ["van der Berg 2019", "d’Amico 2001", "O’Neill & Le Goff & al-Masri 1999"]),
        ("(World Health Organization 2019)", ["World Health Organization 2019"]),
        ("(Ministry of the Environment, 2019)", ["Ministry of the Environment 2019"]),
        ("(Okafor, N. B., & Osei, K., 2019)", ["Okafor & Osei 2019"]),
        ("(N. B. Okafor 2019)", ["Okafor 2019"]),
        ("(Okafor-Osei 2019)", ["Okafor-Osei 2019"]),
        ("(Okafor, in press; Osei forthcoming)", ["Okafor in press", "Osei forthcoming"]),
        ("(as Okafor (2019) and Osei (2001) say)", ["Okafor 2019", "Osei 2001"]),
        ("(n = 12; Okafor, 2019)", ["Okafor 2019"]),
        ("(Okafor 2019: 12–15)", ["Okafor 2019"]),
        ("Müller y cols. (2019)", ["Müller et al. 2019"]),
    ],
)  # fmt: skip
def test_author_year(text: str, expected: list[str]):
    (found,) = [author_year(text)]
    assert [mention.label for typed in found for mention in typed.mentions] == expected


@pytest.mark.parametrize(
    "text",
    [
        "In 2019 we went.", "(2019)", "(May 2019)", "(12 May 2019)", "between 2010 and 2019", "(Figure 3, 2019)",
        "(since January 2019)", "n = 2019", "(2010–2019)", "doi:10.5555/2019", "(Windows 2000)",
        "about 2000 salt marshes",
        "(version 2019)", "Table 2 (2019)", "(Bonny Dam 2000 to 2015)", "(Source: Author, 2012)", "2,019 (2000%)",
        "(in the year 2019)", "Okafor and Osei went there in 2019", "$2019", "(Okafor 20199)", "",
    ],
)  # fmt: skip
def test_no_citation(text: str):
    assert labels(text) == []


def test_where_citations_stand():
    text = "As Okafor (2019) shows (Osei 2001)."
    assert [text[typed.start : typed.end] for typed in author_year(text)] == ["Okafor (2019)", "(Osei 2001)"]
    assert [typed.form for typed in author_year(text)] == ["narrative", "parenthetical"]


WORDS = st.sampled_from(
    [
        "Okafor",
        "2019",
        "(",
        ")",
        "[",
        "]",
        ";",
        ",",
        "and",
        "&",
        "et al.",
        "see",
        "1",
        "-",
        " ",
        "2010a,b",
        "’s",
        ".",
        "N.",
    ]
)


@given(st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=80))
def test_citations_lie_apart_within_the_text(text: str):
    for found in (author_year(text), numeric.bracketed(text, None), numeric.parenthesised(text, None)):
        end = 0
        for typed in found:
            assert end <= typed.start < typed.end <= len(text)
            assert typed.mentions
            end = typed.end


def test_long_hostile_text_takes_no_time():
    for text in ("(Okafor " + "1" * 50_000 + " 2019)", "(" * 50_000 + "2019", "Okafor, " * 10_000 + "(2019)",
                 "[1" * 30_000, "(1)" * 30_000, "Aa-" * 30_000, "Aa B., " * 15_000, "10.1234/" * 10_000, "a " * 50_000,
                 "(Okafor 2019)" * 5_000, "(2019 " + "a " * 50_000):  # fmt: skip
        author_year(text)
        numeric.bracketed(text, None)
        numeric.parenthesised(text, 9)
        numeric.raised(text, [(n, n + 1) for n in range(0, len(text), 2)], None)
        entries_of("d.xml", paragraphs(text, text))


def numbers(found: list[Typed]) -> list[list[int | None]]:
    return [[mention.number for mention in typed.mentions] for typed in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [1] b [2, 5–7].", [[1], [2, 5, 6, 7]]),
        ("a [1], [3] b", [[1, 3]]),
        ("a [1]–[3] b", [[1, 2, 3]]),
        ("a [see 3, p. 12] b [vgl. 4, S. 2]", [[3], [4]]),
        ("a [3 and 5]", [[3, 5]]),
        ("[0, 1] and [300]", []),
        ("[a] [1.5] [2019]", []),
    ],
)
def test_brackets(text: str, expected: list[list[int]]):
    assert numbers(numeric.bracketed(text, 99)) == expected


def test_parentheses_are_not_equations_or_list_items():
    assert numbers(numeric.parenthesised("Salt is wet (1, 2) as in Eq. (3) and Figure (4).", 9)) == [[1, 2]]
    assert numeric.parenthesised("(1) the first thing", 9) == []
    assert numeric.parenthesised("x = y + z   (2)", 9) == []


@pytest.mark.parametrize(
    ("before", "up", "after", "expected"),
    [
        ("Salt", "1,3–5", ".", [[1, 3, 4, 5]]),
        ("Salt.", "2", " And", [[2]]),
        ("5 m", "2", "", []),
        ("10", "3", "", []),
        ("of ", "13", "C carbon", []),
        ("Salt", "12", "", []),
        ("Salt", "a", "", []),
    ],
)
def test_superscripts(before: str, up: str, after: str, expected: list[list[int]]):
    text = before + up + after
    assert numbers(numeric.raised(text, [(len(before), len(before) + len(up))], 9)) == expected


def test_unicode_superscripts():
    assert numbers(numeric.raised("Salt¹² is wet³,⁴ in 5 m².", [], 20)) == [[12], [3, 4]]


def test_ranges():
    assert numeric.expand("1, 3–5") == [1, 3, 4, 5]
    assert numeric.expand("5–3") == [5, 3]


def paragraphs(*texts: str, number: tuple[str, str] | None = None) -> list[Paragraph]:
    made = []
    for index, text in enumerate(texts):
        paragraph = Paragraph(index, ELEMENT, numbering=number)
        paragraph.append(text, raised=False)
        made.append(paragraph)
    return made


def entries(
    *texts: str, number: tuple[str, str] | None = None
) -> list[tuple[int | None, str, tuple[str, ...], tuple[int, ...]]]:
    found = entries_of("d.xml", paragraphs(*texts, number=number))
    return [(entry.number, entry.author, entry.years[:1], entry.paragraphs) for entry in found]


OKAFOR = "Okafor, N., & Osei, K. (2019). Salt marshes in winter. Shore Geology, 3(2), 1–9."
ADEYEMI = "Adeyemi B. Tides of 1999 in the north. Shore Geology. 2001a;12:3-9. doi:10.5555/ab.c"

LINDQVIST = "Lindqvist, J. (1998). Wind over the shore. Shore Geology, 1, 2–3."


def test_entries_and_what_is_known_of_them():
    first, second = entries_of("d.xml", paragraphs(OKAFOR, "", ADEYEMI))
    assert (first.author, first.head, first.years, first.number) == ("okafor", "okafor n osei k", ("2019",), None)
    assert (second.author, second.head, second.doi) == ("adeyemi", "adeyemi b", "10.5555/ab.c")
    assert second.paragraphs == (2,)


@pytest.mark.parametrize("label", ["[{}] ", "({}) ", "{}. ", "{}) ", "{} ", "{}\t"])
def test_labels(label: str):
    texts = [label.format(n) + text for n, text in ((1, OKAFOR), (2, ADEYEMI), (4, OKAFOR))]
    assert [(number, author) for number, author, _, _ in entries(*texts)] == [
        (1, "okafor"),
        (2, "adeyemi"),
        (4, "okafor"),
    ]


def test_automatic_numbers_count():
    assert [number for number, *_ in entries(OKAFOR, ADEYEMI, number=("1", "0"))] == [1, 2]


def test_a_label_in_a_cell_of_its_own():
    assert entries("[1]", OKAFOR, "[2]", ADEYEMI) == [
        (1, "okafor", ("2019",), (0, 1)), (2, "adeyemi", ("1999",), (2, 3)),
    ]  # fmt: skip


def test_wrapped_entries_are_joined():
    found = entries("Okafor, N., & Osei, K. (2019). Salt marshes in", "winter. Shore Geology, 3(2), 1–9.", ADEYEMI,
                    "https://example.org/x", "van Berg, A. (2001). Sand. Shore.")  # fmt: skip
    assert [paragraphs for *_, paragraphs in found] == [(0, 1), (2, 3), (4,)]


def test_a_dash_repeats_the_author():
    assert [author for _, author, _, _ in entries(OKAFOR, "———. (2020). Sand. Shore.", "— (2021). Mud. Shore.")] == [
        "okafor"
    ] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Okafor, N. 2019", "okafor"), ("Okafor N, Osei K", "okafor"), ("van der Berg A.", "van der berg"),
        ("World Health Organization. (2019)", "world health organization"), ("Müller-Øst, A.", "muller ost"),
        ("Okafor and Osei", "okafor"), ("O’Neill, B.", "oneill"), ("", ""),
    ],
)  # fmt: skip
def test_first_author(text: str, expected: str):
    assert first_author(text) == expected


@given(st.text(max_size=40))
def test_name_keys_are_stable(text: str):
    assert name_key(name_key(text)) == name_key(text)


@pytest.mark.parametrize(
    "text",
    ["References", "6. References", "LITERATURE CITED", "Literaturverzeichnis:", "Daftar Pustaka", "7 Références"],
)
def test_titles_of_lists(text: str):
    assert is_list_heading(text)
    assert not is_list_heading(f"{text} of the king and his men")


def test_the_last_list_is_taken_to_its_end():
    texts = [
        "References",
        "see below",
        "Salt is wet.",
        "References",
        OKAFOR,
        ADEYEMI,
        OKAFOR,
        "Figure legends",
        "Figure 1. Salt (2019).",
    ]
    assert [one.index for one in find_list(paragraphs(*texts))] == [4, 5, 6]
    assert find_list(paragraphs("References", "one", "two", "three")) == []
    strangers = ["The shore was visited by the authors."] * 7
    assert [one.index for one in find_list(paragraphs("References", OKAFOR, ADEYEMI, OKAFOR, *strangers))] == [1, 2, 3]


LIST = ReferenceList(
    entries_of(
        "d.xml",
        paragraphs(
            "Okafor, N. (2019a). Salt. Shore.",
            "Okafor, N. (2019b). Sand. Shore.",
            "Okafor, N., & Osei, K. (2010). Mud. Shore.",
            "Okafor, N., Osei, K., & Adeyemi, B. (2010). Clay. Shore.",
            "Müller, A. (2001). Tides. Shore.",
            "World Health Organization. (2015). Water. Geneva.",
            "Berg, A. (2005). One. Shore.",
            "Berg, A. (2005). Two. Shore.",
            "Lindqvist, J., & Osei, K. (1998). Wind. Shore.",
        ),
    )
)


def test_mentions_are_matched():
    cases: list[tuple[Mention, tuple[int, ...], str]] = [
        (Mention(("Okafor",), "2019b"), (1,), "author and year"),
        (Mention(("Okafor",), "2019"), (0, 1), "several entries fit"),
        (Mention(("Okafor", "Osei"), "2010"), (2,), "author and year"),
        (Mention(("Okafor",), "2010", None, True), (3,), "author and year"),
        (Mention(("Muller",), "2001"), (4,), "author and year"),
        (Mention(("Müller",), "2001b"), (4,), "the letter of the year is missing in the list"),
        (Mention(("World Health Organization",), "2015"), (5,), "author and year"),
        (Mention(("Salt", "Müller"), "2001"), (4,), "author and year"),
        (Mention(("Müller",), "2002"), (4,), "another year in the list"),
        (Mention(("Mueler",), "2001"), (4,), "the name is spelt otherwise in the list"),
        (Mention(("Osei",), "1998"), (8,), "not the first author of the entry"),
        (Mention(("Lindqvist", "Adeyemi"), "1998"), (8,), "another co-author in the list"),
        (Mention(("Berg",), "2005"), (6, 7), "several entries fit"),
        (Mention(("Nobody",), "2001"), (), "missing in the list"),
        (Mention(number=4), (3,), "number"),
        (Mention(number=40), (), "no entry of this number"),
    ]
    for mention, expected, reason in cases:
        match = LIST.match(mention)
        assert (match.entries, match.reason) == (expected, reason), mention
        assert 0 < match.confidence < 1
    assert ReferenceList([]).match(Mention(number=1)).reason == "no reference list"
    assert (LIST.highest, ReferenceList([]).highest) == (9, None)


def typed(body: str) -> Manuscript:
    return read(docx(body))


REFERENCES = p("References") + "".join(p(f"[{n}] {text}") for n, text in enumerate((OKAFOR, ADEYEMI, LINDQVIST), 1))


def test_the_commonest_form_is_the_style():
    manuscript = typed(p("Salt [1]. Sand [2, 3]. Mud (1).") + p("A. Okafor (2019) too.") + REFERENCES)
    assert manuscript.style == "bracket"
    assert [(one.manager, one.text) for one in manuscript.citations] == [
        (None, "[1]"),
        (None, "[2, 3]"),
        (None, "A. Okafor (2019)"),
    ]
    assert [[one.entries for one in found] for found in manuscript.references] == [[(0,)], [(1,), (2,)], [(0,)]]


def test_raised_numbers_are_citations_in_their_own_style_only():
    body = p("Salt", raised("1"), ". Sand", raised("2,3"), " of 5 m", raised("2"), ".")
    assert [one.text for one in typed(body + REFERENCES).citations] == ["1", "2,3"]
    assert typed(body + p("(Okafor 2019; Osei 2001), Okafor (2019), Osei (2001)") + REFERENCES).style == "author-year"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "The effects carry over from one stage to another [17]. We say (Okafor, 2019) so.",
            ["[17]", "(Okafor, 2019)"],
        ),
        ("They may be explored later [7], as in other work [3,5] of ours.", ["[7]", "[3,5]"]),
        ("They may be explored later [7], where x[3] is the third.", []),
        ("Depression [1]", []),
        ("The range is wide [1]", []),
    ],
)
def test_numbers_of_a_text_that_quotes_another(text: str, found: list[str]):
    read_again = read(docx(p(text)))
    assert [one.text for one in read_again.citations] == found


def test_numbers_behind_names_are_those_of_affiliations():
    authors = p("Ngozi Okafor MD", raised("1"), ", Kofi Osei", raised("3,4"), " and Mia Lund", raised("2"))
    cited = p("Salt", raised("1"), " is wet in winter, and sand", raised("2,3"), " dry all year.")
    listed = p("References") + "".join(p(f"{n}. Rao, B. (199{n}). Sand.") for n in range(1, 5))
    assert [one.text for one in read(docx(authors + cited + listed)).citations] == ["1", "2,3"]


def test_without_a_list_numbers_must_count_up():
    counting = "".join(p("Salt", raised(str(n)), " is wet.") for n in range(1, 10))
    assert typed(counting).style == "superscript"
    assert typed(p("Salt", raised("1"), " is wet.") * 9).style == "none"
    assert [one.text for one in typed(p("in [150] and [230] and [7]")).citations] == []


def test_contents_and_headings_hold_no_citations():
    styles = '<w:style w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    body = p("Salt (Okafor 2019)\t12", style="T") + p("Salt", r(" (Osei 2001)"))
    assert [one.text for one in read(docx(body, styles=styles)).citations] == ["(Osei 2001)"]
