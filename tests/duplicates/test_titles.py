"""Titles for comparison: what they say of their kind, their notes, subtitles and numbers."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflint.duplicates.titles import fold, letters, read_title, words

SALT = "Salt and silt in the deltas"
TOLD_IN_FRONT = {
    "erratum": [
        "Erratum: {}", "Erratum to: {}", "[Erratum] {}", "Published erratum: {}", "Errata. {}", "Corrigendum to “{}”",
        "Corrigenda: {}", "Correction: {}", "Author's correction: {}", "Publisher's correction to: {}", "Addendum. {}",
        "Expression of concern: {}",
    ],
    "retraction": [
        "Retraction: {}", "Retraction. {}", "Retraction – {}", "Retraction note: {}", "Retraction notice to “{}”",
        "Notice of retraction: {}", "Retraction of: {}", "Retraction note for {}", "Retraction notice of {}",
    ],
    "": ["Retracted: {}", "RETRACTED ARTICLE: {}", "Retracted paper - {}", "Withdrawn. {}", "Withdrawn article: {}"],
    "reply": [
        "Reply to: {}", "Reply: {}", "Response to {}", "Rejoinder: {}", "In reply: {}", "The authors' reply: {}",
        "Editor's reply to {}", "Author reply: {}", "Editor reply to {}", "In response to {}", "Re: {}",
    ],
    "comment": [
        "Comment on {}", "Comments on: {}", "Commentary: {}", "Editorial comment: {}", "Invited commentary: {}",
    ],
    "letter": ["Letter: {}", "Letters: {}", "Letter to the editor: {}"],
    "editorial": ["Editorial: {}", "Editorial. {}", "Guest editorial: {}", "Editorial note. {}"],
    "protocol": ["Protocol: {}", "Study protocol: {}", "Protocol for {}"],
    "update": ["Update on {}", "Updated: {}"],
    "review of a book": ["Book review: {}", "Review of {}"],
}  # fmt: skip
TOLD_BEHIND = {
    "erratum": [
        "{}: erratum", "{} (Corrigendum)", "{} - correction.", "{}. Erratum", "{} (vol 31, pg 211, 2014)",
        "{} (vol. 31a, e12, 2014).", "{} (vol 31, p 5)", "{} (vol 31, art. 5)",
    ],
    "reply": [
        "{}: reply", "{} - response", "{} (reply)", "{}, the authors' reply", "{}. Author reply",
        "{}: the author reply", "{} author response",
    ],
    "comment": ["{}: comment", "{} - comments.", "{} (invited commentary)", "{}. Commentary"],
    "protocol": ["{}: protocol", "{}: a protocol for trials"],
    "update": ["{}: an update", "{} (updated 2019)"],
}  # fmt: skip
OF_NO_KIND = [
    " ".join(one.split())
    for one in """
Correction of salt maps; Correction for silt; Correction factors of silt; Correction factor in salt; Correction by
silt; Correction with salt; Correction in silt; Corrections of silt; Correction methods of salt; Corrected salt;
Salt and correction; Expression of concerns; Salt (volume of water); Salt (vol 31); Salt (vol 31, pg 2) and silt;
Retraction-induced silt; Salt and retraction of silt; Retractions of silt; Retraction notes; Retracted paper salts;
Withdrawn salts; Response of silt; Replying to silt; Silt: response of salts; Salt reply; Commenting salts; Comment
of silt; Silt comment; Commented salt; Letter of salt; Letters of salt; Editorials of silt; Editorial boards; Salt:
the protocol of silt; Salt protocols; Updating silt; Reviews of silt; A review of silt; Reviewing
silt; Salt and erratum; Silt reprinted; Silt: replying; Salt: authors' response rates; Salt: protocol formats;
Comment once on salt; Updates of silt; Protocols of salt
""".split(";")
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in TOLD_IN_FRONT.items() for text in texts])
def test_a_kind_told_in_front_is_no_part_of_the_title(kind: str, text: str):
    title = read_title(text.format(SALT))
    assert (title.kind, title.letters, title.words) == (kind, letters(SALT), tuple(words(SALT)))


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in TOLD_BEHIND.items() for text in texts])
def test_a_kind_told_behind_stays_in_the_title(kind: str, text: str):
    title = read_title(text.format(SALT))
    assert (title.kind, title.letters) == (kind, letters(text.format(SALT)))


@pytest.mark.parametrize("text", OF_NO_KIND)
def test_words_of_the_subject_tell_no_kind(text: str):
    title = read_title(text)
    assert (title.kind, title.letters) == ("", letters(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Erratum", "erratum"), ("Reply", "reply"), ("In response.", "reply"), ("Comments", "comment"),
     ("Letters", "letter"), ("Letters to the editor", "letter"), ("Editorial", "editorial"),
     ("Guest editorial note", "editorial"),
     ("Study protocol", "protocol"), ("Book review", "review of a book"), ("Erratum: Salt and mud", "erratum")],
)  # fmt: skip
def test_a_title_that_would_be_left_with_little_keeps_its_kind(text: str, kind: str):
    title = read_title(text)
    assert (title.kind, title.letters) == (kind, letters(text))


@pytest.mark.parametrize(
    "note",
    [
        "[German]", "(in French)", "[Article in Chinese].", "[in English, Spanish]", "[English and Spanish]",
        "(Danish)",
        "[Chinese] [Review]", "[see comments]", "[comment] .", "[Review, 45 refs]", "[45 refs]", "[1 ref]",
        "- review, 12 refs.", ": review 12 refs", "review 12 refs", "[Published erratum appears in Silt 2015]",
        "[Errata in Silt] 2015", "(reprinted from Silt, 1999)", "(review)", "[abstract]", "[proceedings]",
        "[retracted article]", "[corrected]", "[letter]", "[editorial] (German)",
    ],
)  # fmt: skip
def test_notes_of_databases_are_no_part_of_a_title(note: str):
    assert read_title(f"{SALT} {note}") == read_title(SALT)


@pytest.mark.parametrize(
    "text",
    ["[German]", "[Salt in German]", "Salt [Klingon]", "Salt [Old Norse]", "Salt (Germany)", "Salt (2 refs)",
     "Salt [erratumx]", "Salt (see comment)", "Salt [reviewers]", "[See comments] salt", "Salt (review) of silt",
     "Salt refs"],
)  # fmt: skip
def test_other_words_in_brackets_are(text: str):
    assert read_title(text).letters == letters(text)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Salt and silt in the deltas: a survey", "saltandsiltinthedeltas"),
        ("Salt and silt in the deltas? Yes", "saltandsiltinthedeltas"),
        ("Salt and silt in the deltas! Yes", "saltandsiltinthedeltas"),
        ("Salt and silt in the deltas. A survey", "saltandsiltinthedeltas"),
        ("Salt and silt in the deltas; a survey", "saltandsiltinthedeltas"),
        ("Salt and silt in the deltas -- a survey", "saltandsiltinthedeltas"),
        ("Salt and silt in the deltas – a survey", "saltandsiltinthedeltas"),
        ("Salt: silt in the deltas of Asia. A survey", "saltsiltinthedeltasofasia"),
        ("Salt and silt in deltas: more", ""),
        ("Salt and silts in deltas: more", "saltandsiltsindeltas"),
        ("Salt and silt in the deltas", ""),
        ("Salt and silt in the deltas: ", ""),
        ("Salt and silt in the deltas of Asia-Pacific", ""),
        ("Salt and silt in the deltas:a survey", ""),
    ],
)
def test_a_subtitle_begins_behind_twenty_letters(text: str, head: str):
    title = read_title(text)
    assert title.letters[: title.head] == head


_NUMBERED = "part parts pt type phase trial study volume vol chapter section paper series stage class grade group no"
_ROMANS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Part II", ("2",)), ("part b", ("b",)), ("Type c", ("c",)), ("No x", ("10",)), ("Phase i salt", ("1",)),
        ("salt b", ()), ("b", ()), ("b part", ()), ("x part", ()), ("I", ("1",)), ("Salt i", ("1",)),
        ("Salt v measured", ()), ("Salt ii measured", ("2",)), ("Salt XI", ("11",)), ("Paper XV", ("15",)),
        ("Section XVI", ()), ("Silt 007 and 10a20", ("10", "20", "7")), ("Silt 0 and 00", ("0", "0")),
        *[(f"{word} c of silt", ("c",)) for word in _NUMBERED.split()],
        *[(f"Part {roman} of salt", (str(n),)) for n, roman in enumerate(_ROMANS.split(), 1)],
        *[(f"Salt {roman} of salt", (str(n),)) for n, roman in enumerate(_ROMANS.split(), 1) if len(roman) > 1],
    ],
)  # fmt: skip
def test_numbers_of_parts(text: str, numbers: tuple[str, ...]):
    assert read_title(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("O'Brien’s `salt` ‘n’ O´Silt ʼs", "obriens salt n osilt s"),
        ("Ørsted & Łódź ß æ œ Đ ð þ ı", "orsted & lodz ss ae oe d d th i"),
        ("αβγδεκλμσω", "alphabetagammadeltaepsilonkappalambdamusigmaomega"),
        ("<i>Salt</i> {silt} \\textit{mud} 5\\% <b class='x'>sand</b>", "salt silt mud 5 sand"),
        ("&Uuml;ber &amp; ﬁsh", "uber & fish"), ("H<sub>2</sub>O", "h2o"), ("x < y > z", "x < y > z"),
        ("İzmir", "izmir"), ("{Salt} s{i}lt", "salt silt"), ("5\\% s\\ilt", "5 s"), ("O'Silt `n", "osilt n"),
    ],
)  # fmt: skip
def test_folding(text: str, folded: str):
    assert fold(text) == folded


@given(st.text() | st.text(alphabet="Aé1 _-'<i>&;\\{}.ß", max_size=20))
@example("a_b-c")
@example("é_1")
def test_letters_are_the_words_joined(text: str):
    assert letters(text) == "".join(words(text))
    assert read_title(text).letters == "".join(read_title(text).words)
