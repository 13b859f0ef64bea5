"""Rules MSZ and MST: works against a library, and figures; and the library's own ways of finding a work."""

from __future__ import annotations

import pytest

from reflint.word.reading import read
from reflint.word.shelf import Held, Shelf
from reflint.word.summary import summarise
from tests.word.builder import cite, docx, field, item, p, zotero
from tests.word.checks import hits, notes, typed_list

SALT = item(title="Salt marshes in winter", DOI="10.5555/salt", volume="3")
BODY = p("x ", field(zotero(cite(SALT)), "(Okafor 2019)"))
URI = "http://zotero.org/users/1/items/{}"


def shelf(*held: Held, library: str = "users/1") -> Shelf:
    return Shelf("lib", library, held)


@pytest.mark.parametrize(
    ("held", "library"),
    [
        (Held(SALT, "AAAA1111"), "users/1"),
        (Held({}, "ZZZZ9999", replaces=(URI.format("AAAA1111"),)), "users/1"),
        (Held({"DOI": "https://doi.org/10.5555/SALT"}, ""), ""),
        (Held({"title": "Salt Marshes in Winter", "issued": {"date-parts": [[2019]]}}, ""), ""),
    ],
    ids=["uri", "merged", "doi", "title"],
)
def test_a_work_is_found(held, library):
    assert hits("not-in-library", BODY, library=shelf(held, library=library)) == []


def test_a_work_that_is_not_there():
    other = Held({"title": "Salt Marshes in Winter", "issued": {"date-parts": [[2011]]}}, "CCCC3333")
    (hit,) = hits("not-in-library", BODY, library=shelf(other))
    assert (hit.note, hit.severity) == ("Salt marshes in winter", None)
    assert hits("not-in-library", BODY) == []


def test_a_library_nobody_looked_into_may_have_it():
    (hit,) = hits("not-in-library", BODY, library=shelf(library="groups/9"))
    assert hit.severity == "info"


def test_another_item_of_the_library_is_told():
    (hit,) = hits("not-in-library", BODY, library=shelf(Held(SALT, "CCCC3333")))
    assert (hit.severity, "CCCC3333" in hit.note) == ("info", True)


def test_trash():
    assert notes("in-trash", BODY, library=shelf(Held(SALT, "AAAA1111", trashed=True))) == [
        "Salt marshes in winter (AAAA1111)"
    ]
    both = shelf(Held(SALT, "AAAA1111", trashed=True), Held(SALT, "AAAA1111"))
    assert notes("in-trash", BODY, library=both) == []


def test_changes_that_a_style_prints():
    new = {**SALT, "volume": "4", "issued": {"date-parts": [[2020]]}, "author": [{"family": "Okaforo"}]}
    (note,) = notes("changed-in-library", BODY, library=shelf(Held(new, "AAAA1111")))
    assert note == (
        "Salt marshes in winter: volume was “3”, is “4”; year was 2019, is 2020; author was “okafor”, is “okaforo”"
    )
    same = {**SALT, "title": "Salt  Marshes in <i>winter</i>", "abstract": "new", "note": "x", "language": "en"}
    assert notes("changed-in-library", BODY, library=shelf(Held(same, "AAAA1111"))) == []


def of(uri: str, title: str, **more: object) -> str:
    return field(zotero({"id": 1, "uris": [uri], "itemData": item(title=title, **more)}), "(Okafor 2019)")


def test_several_libraries():
    mine, ours = of(URI.format("AAAA1111"), "Salt"), of("http://zotero.org/groups/9/items/BBBB2222", "Tides")
    assert notes("several-libraries", p(mine, mine, ours)) == ["users/1 1, groups/9 1"]
    assert notes("several-libraries", p(mine)) == []
    assert notes("local-library", p(of("http://zotero.org/users/local/aB/items/AAAA1111", "Salt"))) == ["1 of 1 works"]
    assert notes("local-library", p(mine)) == []


def test_two_items_of_one_work():
    one, other = of(URI.format("AAAA1111"), "Salt and sand"), of(URI.format("BBBB2222"), "Salt and Sand")
    assert notes("two-items-one-work", p(one, other)) == ["Salt and Sand"]
    first, second = (of(URI.format(key), "Salt", DOI="10.5555/s") for key in ("AAAA1111", "BBBB2222"))
    assert notes("two-items-one-work", p(first, second)) == ["Salt"]
    assert notes("two-items-one-work", p(one, of(URI.format("CCCC3333"), "Salt and sand", volume="9", page="1"))) != []
    volumes = (of(URI.format(key), "Salt and sand", volume=key[0]) for key in ("AAAA1111", "BBBB2222"))
    assert notes("two-items-one-work", p(*volumes)) == []
    merged = {
        "id": 1,
        "uris": [URI.format("AAAA1111"), URI.format("BBBB2222")],
        "itemData": item(title="Salt and sand"),
    }
    assert notes("two-items-one-work", p(one, other, field(zotero(merged), "x"))) == []


def test_the_collection_of_the_project():
    library = shelf(Held(SALT, "AAAA1111", collections=("COLL2222",), tags=("cited",)))
    for wanted, said in ((("COLL2222", "cited"), []), (("COLL3333", ""), ["Salt marshes in winter: COLL3333"])):
        options = dict(zip(("collection", "tag"), wanted, strict=True))
        assert notes("not-in-collection", BODY, library=library, options=options) == said


def test_figures():
    works = [item("Okafor", 2019, "Salt", DOI="10.5555/a"), item("Osei", 2001, "Tides"), item("Rao", 2010, "Sand")]
    body = "".join(p(field(zotero(cite(one, f"KEY{n}")), "(x)")) for n, one in enumerate(works))
    found = summarise(read(docx(body)), ["Okafor, Ngozi"])
    assert (found.number, found.with_doi, found.years, found.median_age) == (3, 1, (2001, 2010, 2019), 9)
    assert (found.self_citations, found.self_share, found.by_manager) == (1, 1 / 3, {"zotero": 3})
    assert found.by_age == {"0–2": 1, "3–5": 0, "6–10": 1, "11–20": 1, "over 20": 0}
    assert summarise(read(docx(body))).self_share is None
    options = {"authors": ["Ngozi Okafor"], "most": 0}
    assert notes("self-citations", body, options=options) == ["1 of 3 (33 %)"]
    assert notes("age-of-references", body, options={"most": 9}) == []
    assert notes("doi-coverage", body, options={"least": 50}) == ["1 of 3 (33 %)"]


def test_figures_of_a_typed_list():
    listed = typed_list("Okafor, N. (2019). Salt. 10.5555/a", "Osei, K. (2001). Tides.", "Rao, A. (2010). Sand.")
    found = summarise(read(docx(p("As Osei (2001).") + listed)), ["K. Osei"])
    assert (found.described, found.number, found.with_doi, found.self_citations) == ("entries", 3, 1, 1)
    empty = summarise(read(docx(p("x"))))
    assert (empty.described, empty.median_age, empty.doi_share, empty.by_age["0–2"]) == ("", None, None, 0)


def test_clusters_and_density():
    cites = [cite(item(title=f"Title {n}"), f"KEY{n}") for n in range(7)]
    assert notes("large-clusters", p(field(zotero(*cites), "(x)")), options={"most": 6}) == ["7 works"]
    heading = '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    text = p("Methods", style="H1") + p("word " * 250, field(zotero(cites[0]), "x"))
    assert notes("density", text, styles=heading) == ["1 citations in 251 words (4.0 per 1000)"]
