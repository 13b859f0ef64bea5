"""Text: folding, casing, cleaning, boilerplate; abbreviations of titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.model.abbreviations import abbreviates
from reflint.model.text import (
    collapse_whitespace,
    copyright_tail,
    fix_mojibake,
    fold,
    is_all_caps,
    looks_english,
    number_of,
    strip_abstract_label,
    strip_control,
    strip_markup,
    title_case,
    titlecase_ratio,
    unescape_entities,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Quick—Brown_Fox!", "the quick brown fox"),
        ("ﬁne CO₂", "fine co2"),
        ("Straße", "strasse"),
        ("<i>Homo</i> sapiens &amp; others", "homo sapiens others"),
        ("Caf&eacute;", "café"),
        ("p<0.05 and x>3", "p 0 05 and x 3"),
        ("Ｔｅｓｔ", "test"),
        ("", ""),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  b\n c ", "a b c"),
        ("Pourquoi\u00a0?", "Pourquoi\u00a0?"),
        ("Pourquoi \u00a0?", "Pourquoi ?"),
        ("\u00a0a b", "a b"),
        ("論文\u3000題名", "論文\u3000題名"),
        ("a\tb", "a b"),
    ],
)
def test_collapse_whitespace(text: str, expected: str) -> None:
    assert collapse_whitespace(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x1fc\x7f", "abc"),
        ("so\u00adft zero\u200bwidth\ufeff", "soft zerowidth"),
        ("a\u2028b\u2029c", "a b c"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("a\nb\tc\rd", "a\nb\tc\rd"),
        ("left\u200eright\u200f", "leftright"),
        ("שלום\u200f (2019)\u00ad", "שלום\u200f (2019)"),
        ("ภาษา\u200bไทย", "ภาษา\u200bไทย"),
        ("\x91quoted\x92", "‘quoted’"),
        ("line\x0bpage\x0cnext\x85last", "line page next last"),
    ],
)
def test_strip_control(text: str, expected: str) -> None:
    assert strip_control(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith &amp; Jones", "Smith & Jones"),
        ("&amp;amp;", "&"),
        ("caf&eacute;", "café"),
        ("&#233;&#xE9;", "éé"),
        ("&#8217;", "’"),
        ("AT&T;", "AT&T;"),
        ("R&D; and &foo;", "R&D; and &foo;"),
        ("&#0; &#1114112;", "&#0; &#1114112;"),
        ("a & b; c", "a & b; c"),
        ("&lt;i&gt;", "<i>"),
    ],
)
def test_entities(text: str, expected: str) -> None:
    assert unescape_entities(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("JosÃ© GarcÃ\xada", "José García"),
        ("itâ€™s", "it’s"),
        ("37.5Â°C", "37.5°C"),
        ("SÃO PAULO", "SÃO PAULO"),
        ("São Paulo", "São Paulo"),
        ("plain", "plain"),
        ("“quotes” – dash", "“quotes” – dash"),
        ("Nguyễn Văn Â", "Nguyễn Văn Â"),
    ],
)
def test_mojibake(text: str, expected: str) -> None:
    assert fix_mojibake(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One.\nTwo."),
        ("H<sub>2</sub>O in <i>vivo</i>", "H2O in vivo"),
        ("<jats:sec><jats:title>Aim</jats:title>Text</jats:sec>", "Aim\nText"),
        ("One<br/>Two<br />Three", "One\nTwo\nThree"),
        ('<span class="x">a</span>', "a"),
        ("p<0.05 and x>3", "p<0.05 and x>3"),
        ("a<b and c>d", "a<b and c>d"),
        ("a<b>c", "a<b>c"),
        ("<foo>x</foo>", "<foo>x</foo>"),
        ("<mml:math>x</mml:math>", "<mml:math>x</mml:math>"),
    ],
)
def test_markup(text: str, expected: str) -> None:
    assert strip_markup(text) == expected


def test_markup_that_is_kept() -> None:
    assert strip_markup("<p><i>E. coli</i> in <em>x</em></p>", keep=frozenset({"i"})) == "<i>E. coli</i> in x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Abstract: The aim", "The aim"),
        ("ABSTRACT\nThe aim", "The aim"),
        ("Abstract The aim", "The aim"),
        ("Abstract Background: We", "Background: We"),
        ("Summary. We show", "We show"),
        ("Zusammenfassung: Das", "Das"),
        ("Résumé — Nous", "Nous"),
        ("摘要：本文", "本文"),
        ("Abstract: Abstract: The aim", "The aim"),
        ("Abstract algebra is", "Abstract algebra is"),
        ("Abstract Algebra is", "Abstract Algebra is"),
        ("Summary judgments are", "Summary judgments are"),
        ("Summary Background Methods", "Summary Background Methods"),
        ("Abstractions: A", "Abstractions: A"),
        ("Abstract:", "Abstract:"),
        ("The abstract: it", "The abstract: it"),
    ],
)
def test_abstract_label(text: str, expected: str) -> None:
    assert strip_abstract_label(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Effects of Climate Change on Mountain Agriculture", "title"),
        ("Effects of climate change on mountain agriculture", "sentence"),
        ("Effects of Climate change on Mountain agriculture", None),
        ("Climate Change Now", None),
        ("EFFECTS OF CLIMATE CHANGE ON AGRICULTURE", None),
        ("", None),
    ],
)
def test_title_case(text: str, expected: str | None) -> None:
    assert title_case(text) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Shape of Barrier Islands", True),
        ("Die Entwicklung der Gezeiten im Zeitalter of Deiche", False),
        ("Storm Tracks", False),
        ("E-Learning and the Do-It-Yourself Coast", True),
    ],
)
def test_looks_english(title: str, expected: bool) -> None:
    assert looks_english(title) is expected


def test_first_words_after_a_stop_do_not_count_for_the_ratio() -> None:
    assert titlecase_ratio("Alpha beta: Gamma delta? Epsilon zeta") == 0.0
    assert titlecase_ratio("Alpha") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EFFECTS OF CLIMATE CHANGE", True),
        ("EFFECTS OF CO2 ON Climate CHANGE AND SOIL", True),
        ("PLOS ONE", False),
        ("Effects of climate change", False),
        ("DNA RNA", False),
        ("COVID-19 感染症 THE ASIA PACIFIC", False),
        ("1234 5678 9012 3456", False),
    ],
)
def test_all_caps(text: str, expected: bool) -> None:
    assert is_all_caps(text) is expected


ABSTRACT = "We measured soil. It was wet. "


@pytest.mark.parametrize(
    "notice",
    [
        "© 2019 Elsevier B.V. All rights reserved.",
        "(C) 2020 Published by Elsevier B.V.",
        "(c) 2020 Wiley",
        "Copyright © 2015 The Authors",
        "Copyright (c) 2015 Springer.",
        "Crown Copyright 2015 Published by Elsevier Ltd.",
        "© The Author(s) 2020.",
        "© 2023, The Author(s), under exclusive licence to Springer Nature.",
        "(PsycInfo Database Record (c) 2020 APA, all rights reserved)",
        "(PsycINFO Database Record Copyright (c) 2018 APA, all rights reserved).",
    ],
)
def test_a_copyright_sentence_at_the_end_is_found(notice: str) -> None:
    assert copyright_tail(ABSTRACT + notice) == len(ABSTRACT)
    assert copyright_tail(ABSTRACT * 30 + notice) == len(ABSTRACT) * 30


@pytest.mark.parametrize(
    "text",
    [
        ABSTRACT,
        "Aims are (a) growth in 2018, (b) trade and (c) balance in 2019.",
        "We study (a) 2018. (b) 2019. (c) 2020 budgets.",
        "We discuss copyright law in 2019 and after.",
        "© 2019 Elsevier. " + ABSTRACT * 12,
        "The report of IBM © 2019 was used as a source here",
        "Copyright applies to all abstracts.",
        "",
    ],
)
def test_other_text_has_no_copyright_tail(text: str) -> None:
    assert copyright_tail(text) is None


def test_a_whole_ebsco_paragraph_is_a_notice() -> None:
    assert copyright_tail("Copyright of Soil Science is the property of X and its content may not be copied. " * 5) == 0


ABBREVIATIONS = [
    ("Mt. Res. Dev.", "Mountain Research and Development"),
    ("Jpn J Infect Dis", "Japanese Journal of Infectious Diseases"),
    ("J. Bone Jt. Surg. Ser. A", "Journal of Bone and Joint Surgery"),
    ("Ann. Mo. Bot. Gard.", "Annals of the Missouri Botanical Garden"),
    ("Dtsch. Z. Sportmed.", "Deutsche Zeitschrift für Sportmedizin"),
    ("GCB Bioenergy", "Global Change Biology Bioenergy"),
    ("PNAS", "Proceedings of the National Academy of Sciences of the United States of America"),
    ("Phys Rev A (Coll Park)", "Physical review A"),
    ("Curr Pharm Des", "Current pharmaceutical design"),
    ("Angew. Chem. Int. Ed.", "Angewandte Chemie International Edition"),
    ("Angew. Chem.", "Angewandte Chemie International Edition"),
    ("Clin Infect Dis", "Clinical infectious diseases : an official publication of the Society of America"),
    ("Acta Otolaryngol", "Acta oto-laryngologica"),
    ("J Alzheimers Dis", "Journal of Alzheimer's disease : JAD"),
    ("Eur J Cancer", "European journal of cancer (Oxford, England : 1990)"),
    ("Nature", "nature"),
    ("Proc. Natl. Acad. Sci.", "Proceedings of the National Academy of Sciences"),
]
UNRELATED = [
    ("Time", "Ruts and peaks"),
    ("Nature", "Nature and nurture in twins"),
    ("Journal of Soil Science", "Special Issue: Water"),
    ("Water Resour. Res.", "A tale of two rivers"),
    ("J. Phys. B", "Journal of Chemistry"),
    ("Science", "Soil carbon in a changing climate"),
    ("", "Nature"),
    ("Nature", ""),
]


@pytest.mark.parametrize(("short", "long"), ABBREVIATIONS)
def test_abbreviations(short: str, long: str) -> None:
    assert abbreviates(short, long)


@pytest.mark.parametrize(("short", "long"), UNRELATED)
def test_unrelated_titles(short: str, long: str) -> None:
    assert not abbreviates(short, long)
    assert not abbreviates(long, short)


def test_a_number_of_things() -> None:
    assert [number_of(n, "record") for n in (0, 1, 1200)] == ["0 records", "1 record", "1,200 records"]
    assert [number_of(n, "entry", "entries") for n in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]


marked = st.text(alphabet="abAB <>/pi&;lt#39amp©().:\n\u00a0\u200b\u2028Ãâ€™é ", max_size=60)


@given(st.text() | marked)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for clean in (fold, collapse_whitespace, strip_control, unescape_entities, fix_mojibake, strip_markup):
        assert clean(clean(text)) == clean(text), clean.__name__
    labelled = f"Abstract: {text}"
    assert strip_abstract_label(strip_abstract_label(labelled)) == strip_abstract_label(labelled)
    tail = copyright_tail(text)
    assert tail is None or 0 <= tail < len(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_abbreviates_survives_any_text(short: str, long: str) -> None:
    abbreviates(short, long)
    assert abbreviates(short, short) or not fold(short)
    title_case(short)
    is_all_caps(short)
