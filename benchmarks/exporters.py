"""How eighteen exporters spell a work as RIS, with the tags, habits and defects that each is known for.

The rates are those counted on real exports; a record is canonical RIS (two spaces before the hyphen), so that every
reader measured beside us sees the same number of records.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.entry import Entry, abstract, doi, given_first, kind, title
from benchmarks.works import Work

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EBSCO_NOTICE = (
    "and its content may not be copied or emailed to multiple sites or posted to a listserv "
    "without the copyright holder's express written permission."
)


Exporter = Callable[[Work, Entry], None]


def web_of_science(w: Work, e: Entry) -> None:
    e.begin(kind(e, conference=0.08))
    e.add_each("AU", w.authors)
    e.add("A1", f"{w.keywords[0].title()} Study Grp", 0.025)
    e.add("TI", title(e, w, capitals=0.05, title_case=0.22, markup=0.015))
    e.add("T2", w.journal.title.upper() if e.chance(0.88) else w.journal.title)
    e.add("LA", "English", 0.08)
    e.add_each("KW", w.keywords, 0.08)
    e.add("AB", w.abstract, 0.13)
    e.add("AD", "; ".join(w.addresses), 0.08)
    e.add("PU", w.journal.publisher.upper(), 0.08)
    e.add("PI", w.journal.place.upper(), 0.08)
    e.add("SN", w.isbn if e.chance(0.077) else w.journal.issn)
    e.add("SN", w.journal.eissn, 0.65)
    e.add("J9", w.journal.abbreviation.upper().replace(".", ""), 0.08)
    e.add("JI", w.journal.abbreviation, 0.07)
    e.add("DA", f"{MONTHS[w.month - 1].upper()} {w.day}" if e.chance(0.95) else f"{w.year}/{w.month:02d}/", 0.83)
    e.add("PY", w.year, 0.99)
    e.add("VL", w.volume, 0.91)
    e.add("IS", w.issue, 0.61)
    if e.chance(0.71):
        e.add("SP", w.start)
        e.add("EP", "+" if e.chance(0.017) else w.end)
    else:
        e.add("C7", w.article_number, 0.93)
    e.add("DO", doi(e, w, capitals=0.15), 0.91)
    e.add("DO", w.doi + ".s1", 0.013)
    e.add("CP", f"{w.year} World Congress on {w.keywords[-1].title()}", 0.11)
    e.add("C6", f"{MONTHS[w.month - 1].upper()} {w.year}", 0.11)
    e.add("C3", "; ".join(address.split(", ")[1] for address in w.addresses), 0.08)
    e.add("FU", f"National Research Council [{w.serial}]; European Science Fund [{w.serial + 7}-{w.year}]", 0.06)
    e.add("FX", f"This work was funded by the National Research Council. {w.abstract[:300]}", 0.06)
    e.add("AN", f"WOS:{w.serial:015d}")
    e.add("N1", f"Times Cited in Web of Science Core Collection:  {w.cited}\nTotal Times Cited:  {w.cited + 1}", 0.08)


def scopus(w: Work, e: Entry) -> None:
    e.begin(kind(e, conference=0.08))
    e.add("TI", title(e, w, title_case=0.29))
    e.add("T2", w.journal.title, 0.96)
    e.add("J2", w.journal.abbreviation, 0.2)
    e.add("VL", w.volume, 0.91)
    e.add("IS", w.issue, 0.57)
    if e.chance(0.51):
        e.add("SP", w.start)
        e.add("EP", w.end)
    else:
        e.add("C7", w.article_number, 0.96)
    e.add("PY", w.year)
    e.add("DO", doi(e, w, capitals=0.26), 0.97)
    if e.chance(0.2):
        number = w.isbn if e.kind in {"BOOK", "CHAP"} else w.journal.issn.replace("-", "")
        e.add("SN", f"{number} ({'ISBN' if len(number) == 13 else 'ISSN'})")
        e.add("PB", w.journal.publisher)
    e.add_each("AU", w.authors)
    e.add_each("AD", w.addresses, 0.43)
    e.add(
        "AB",
        f"{abstract(e, w)} © {w.year} {w.journal.publisher} All rights reserved." if e.chance(0.96) else w.abstract,
    )
    e.add_each("KW", [*w.keywords, w.keywords[0].upper()] if e.chance(0.38) else w.keywords, 0.33)
    e.add("M3", "Article")
    e.add("C2", 10_000_000 + w.serial, 0.51)
    e.add("LA", "English", 0.2)
    e.add("LB", f"Chen{w.year}{w.start}", 0.29)
    e.add("DB", "Scopus")
    eid = f"2-s2.0-{w.serial + 84_900_000_000}"
    e.add(
        "UR",
        f"https://www.scopus.com/inward/record.uri?eid={eid}&doi={w.doi}&partnerID=40&md5={w.serial:032x}",
    )
    e.add("N1", "Export Date: 12 March 2024")
    e.add("N1", f"Cited By :{w.cited}", 0.9)
    e.add("N1", f"CODEN: {w.journal.abbreviation[:4].upper()}A", 0.3)
    e.add("N1", f"Correspondence Address: {w.authors[0]}; {w.addresses[0]}; email: author{w.serial}@example.org", 0.4)
    e.add("N1", f"References: {_references(e, w)}", 0.5)


def endnote(w: Work, e: Entry) -> None:
    e.begin(kind(e, conference=0.02))
    e.add("AD", "\n".join(w.addresses), 0.65)
    e.add_each("AU", w.authors, 0.99)
    e.add("PY", w.year, 0.99)
    e.add("DA", f"{w.year} {MONTHS[w.month - 1]}", 0.16)
    e.add("TI", title(e, w, title_case=0.25))
    e.add("ST", w.title)
    e.add("T2", w.journal.title.upper() if e.chance(0.04) else w.journal.title, 0.92)
    e.add("J2", w.journal.abbreviation, 0.14)
    e.add("SP", f"{w.start}-{w.end}" if e.chance(0.97) else f"{w.start}-{w.end % 10}", 0.9)
    e.add("VL", w.volume, 0.89)
    e.add("IS", w.issue, 0.73)
    if e.chance(0.06):
        e.add("SN", f"{w.journal.issn} (Print)\n{w.journal.eissn} (Electronic)")
    else:
        e.add("SN", w.isbn if e.chance(0.05) else w.journal.issn, 0.76)
    e.add("DO", f"https://doi.org/{w.doi}" if e.chance(0.02) else w.doi, 0.5)
    e.add("AB", w.abstract, 0.73)
    e.add("AN", w.serial + 20_000_000, 0.56)
    e.add("KW", "\n".join(keyword.capitalize() for keyword in w.keywords), 0.65)
    e.add("LA", "English", 0.16)
    e.add("M3", "Journal Article", 0.15)
    e.add("N1", f"Times Cited: {w.cited}\nCited Reference Count: {w.issue * 4}", 0.19)
    e.add("UR", f"<Go to ISI>://WOS:{w.serial:015d}" if e.chance(0.08) else f"https://doi.org/{w.doi}", 0.25)
    e.add("ID", w.serial % 5000 + 1)


def zotero(w: Work, e: Entry) -> None:
    e.begin(kind(e, conference=0.04))
    e.add("TI", title(e, w, title_case=0.35, full_stop=0.44, double_space=0.05))
    e.add_each("AU", [given_first(name) for name in w.authors] if e.chance(0.02) else w.authors, 0.98)
    e.add("T2", w.journal.title, 0.71)
    e.add("J2", w.journal.abbreviation, 0.42)
    e.add("AB", abstract(e, w), 0.61)
    e.add("DA", f"{w.year}/{w.month:02d}/{w.day:02d}/" if e.chance(0.6) else f"{w.year}///")
    e.add("PY", w.year, 0.99)
    e.add("DO", w.doi, 0.5)
    e.add("DP", "PubMed", 0.06)
    e.add("VL", w.volume, 0.58)
    e.add("IS", w.issue, 0.49)
    e.add("SP", w.article_number if e.chance(0.1) else w.start, 0.59)
    e.add("EP", w.end, 0.37)
    e.add("LA", "en", 0.78)
    e.add("SN", f"{w.journal.issn}, {w.journal.eissn}" if e.chance(0.38) else w.journal.issn.lower(), 0.63)
    e.add("ST", w.title.split(":")[0], 0.04)
    e.add("UR", f"http://www.example.org/articles/{w.serial}", 0.41)
    e.add("Y2", "2023/04/05/12:30:00", 0.17)
    e.add("L2", f"https://doi.org/{w.doi}", 0.14)
    e.add_each("KW", [f"*{w.keywords[0].title()}", *w.keywords] if e.chance(0.33) else w.keywords, 0.51)
    e.add("N1", "<p>Read for chapter two; see the second table.</p>", 0.08)


def mendeley(w: Work, e: Entry) -> None:
    e.begin(kind(e))
    e.add("T1", title(e, w, title_case=0.1))
    e.add_each("A1", w.authors)
    e.add("Y1", f"{w.year}///")
    e.add("N2", w.abstract, 0.97)
    if e.chance(0.11):
        e.add("KW", "; ".join(w.keywords))
    else:
        e.add_each("KW", w.keywords, 0.96)
    e.add("JF", w.journal.title)
    e.add("VL", w.volume, 0.94)
    e.add("IS", w.issue, 0.28)
    e.add("SP", w.start, 0.97)
    e.add("EP", w.start if e.chance(0.27) else w.end, 0.97)
    e.add("SN", w.isbn if e.chance(0.7) else w.journal.issn, 0.08)
    e.add("DO", f"https://doi.org/{w.doi}" if e.chance(0.87) else w.doi, 0.98)
    e.add("UR", f"https://www.example.com/science/article/pii/S{w.serial:016d}?via%3Dihub&utm_source=mendeley", 0.13)
    e.add("UR", f"https://doi.org/{w.doi}", 0.85)
    e.add("L1", f"file:///home/user/papers/{w.serial}.pdf", 0.03)
    e.add("N1", f"Cited By :{w.cited}\nExport Date: 3 June 2021", 0.28)
    e.add("PB", w.journal.publisher, 0.11)


def covidence(w: Work, e: Entry) -> None:
    e.begin("CONF" if e.random.random() < 0.05 else "JOUR")
    e.add("T1", title(e, w, capitals=0.06, title_case=0.18))
    e.add_each("A1", w.authors)
    e.add("JO", w.journal.title.upper() if e.chance(0.9) else w.journal.title)
    e.add("VL", w.volume if e.chance(0.86) else "")
    e.add("IS", w.issue if e.chance(0.05) else "")
    e.add("SP", w.start if e.chance(0.84) else "")
    e.add("EP", w.end, 0.8)
    e.add("PG", f"{w.start}-{w.end}", 0.84)
    e.add("Y1", w.year)
    e.add("AB", w.abstract.replace(". ", ".\n", 2), 0.97)
    e.add("DO", w.doi if e.chance(0.86) else "")
    e.add("UR", "")
    e.add("N1", f"Covidence #{w.serial % 9000}", 0.14)


def lens(w: Work, e: Entry) -> None:
    e.begin(kind(e))
    e.add("TI", title(e, w, title_case=0.3, full_stop=0.3))
    e.add_each("AU", w.authors, 0.98)
    e.add("JF", w.journal.title, 0.86)
    e.add(
        "AB",
        f"Abstract {w.abstract}" if e.chance(0.06) else f"<p>{w.abstract}</p>" if e.chance(0.2) else w.abstract,
        0.89,
    )
    e.add("SN", w.journal.issn.replace("-", "").lower(), 0.83)
    e.add("SN", w.journal.eissn.replace("-", "").lower(), 0.48)
    e.add("PY", w.year)
    e.add("DA", f"{w.year}/{w.month:02d}/{w.day:02d}", 0.78)
    e.add("VL", w.volume, 0.78)
    e.add("IS", w.issue, 0.61)
    e.add("SP", w.start, 0.79)
    e.add("EP", w.start if e.chance(0.2) else w.end, 0.64)
    e.add("DO", w.doi, 0.93)
    e.add("CY", w.journal.place, 0.68)
    e.add("PB", w.journal.publisher, 0.9)
    e.add_each("KW", w.keywords, 0.3)
    e.add("UR", f"https://lens.example.org/{w.serial:015d}")
    e.add("L2", f"https://doi.org/{w.doi}", 0.78)
    e.add("L1", f"https://files.example.org/{w.serial}.pdf", 0.35)
    e.add("ID", f"{w.serial:015d}", 0.98)


def ovid(w: Work, e: Entry) -> None:
    e.begin("JOUR")
    e.add("ID", 30_000_000 + w.serial)
    e.add("T1", title(e, w, title_case=0.19, full_stop=0.95))
    e.add_each("A1", w.authors, 0.99)
    e.add("Y1", f"{w.year}//")
    e.add("N2", f"{abstract(e, w)} Copyright © {w.year} {w.journal.publisher}." if e.chance(0.56) else w.abstract, 0.99)
    e.add_each("KW", [f"*{keyword.title()}" for keyword in w.keywords], 0.8)
    e.add("JF", w.journal.title, 0.95)
    e.add("JA", w.journal.abbreviation, 0.55)
    e.add("VL", w.volume, 0.9)
    e.add("IS", w.issue, 0.77)
    if e.chance(0.06):
        e.add("SP", "No")
        e.add("EP", "Specified")
    else:
        e.add("SP", w.start)
        e.add("EP", str(w.end)[-2:] if e.chance(0.16) else w.end, 0.9)
    e.add("CY", w.journal.place, 0.96)
    e.add("SN", w.journal.issn, 0.96)
    e.add("SN", w.journal.eissn, 0.54)
    e.add_each(
        "M1", (f"Reference {number}: {name} ({w.year - number})." for number, name in enumerate(w.authors, 1)), 0.92
    )
    e.add("AI", f"{w.authors[0]}; ORCID: 0000-0002-1825-0097", 0.19)
    e.add("DO", f"https://dx.doi.org/{w.doi}", 0.87)
    e.add("DO", w.doi, 0.36)
    e.add("L2", f"http://ovidsp.example.com/ovidweb.cgi?T=JS&CSC=Y&NEWS=N&PAGE=fulltext&D=psyc&AN={w.serial}")


def pubmed(w: Work, e: Entry) -> None:
    e.begin("JOUR")
    e.add("TI", title(e, w, title_case=0.19, full_stop=0.97, double_space=0.1))
    e.add_each("AU", w.authors)
    e.add("T2", w.journal.title)
    e.add("J2", w.journal.abbreviation)
    e.add("AB", w.abstract.replace(" in ", "\u00a0in ", 1) if e.chance(0.27) else w.abstract, 0.91)
    e.add("DA", f"{w.year}/{w.month:02d}/{w.day:02d}/")
    e.add("PY", w.year)
    e.add("DO", doi(e, w, capitals=0.05), 0.97)
    e.add("VL", w.volume)
    e.add("IS", w.issue, 0.77)
    e.add("SP", w.article_number if e.chance(0.27) else w.start)
    e.add("EP", w.end, 0.69)
    e.add("LA", "eng")
    e.add("SN", f"{w.journal.issn} {w.journal.eissn}" if e.chance(0.83) else w.journal.issn)
    e.add_each("KW", [*(f"*{keyword.title()}" for keyword in w.keywords), "Humans", "humans"], 0.63)


def ebsco(w: Work, e: Entry) -> None:
    e.begin("JOUR")
    old = e.chance(0.63)
    e.add("ID", w.serial + 100_000_000, 0.19)
    e.add("T1" if old else "TI", title(e, w, title_case=0.11, full_stop=0.4))
    e.add_each("AU", w.authors)
    e.add("JO" if old else "T2", w.journal.title)
    e.add("JF" if old else "J2", w.journal.title)
    e.add("T2", w.subtitle.capitalize(), 0.01)
    e.add("Y1" if old else "PY", f"{w.year}/{w.month:02d}//" if old else str(w.year))
    e.add("AB", abstract(e, w))
    e.add("AB", f"Copyright of {w.journal.title} is the property of {w.journal.publisher} {EBSCO_NOTICE}", 0.43)
    e.add_each("KW", [*w.keywords, w.keywords[0].upper()] if e.chance(0.51) else w.keywords, 0.99)
    e.add("VL", w.volume, 0.92)
    e.add("IS", w.issue, 0.72)
    e.add("SP", "N.PAG" if e.chance(0.08) else w.start, 0.84)
    e.add("EP", w.end, 0.84)
    e.add("SN", w.journal.issn.replace("-", "") if e.chance(0.44) else w.journal.issn, 0.98)
    e.add("SN", w.journal.eissn, 0.16)
    e.add("M3", "Article", 0.44)
    e.add(
        "N1",
        f"Accession Number: {w.serial + 100_000_000}; Source: {w.journal.title}; Email Address: author@example.org",
        0.63,
    )
    e.add("AN", w.serial + 100_000_000, 0.55)
    e.add("L3", w.doi, 0.15)
    e.add("DO", w.doi, 0.77)
    e.add("UR", f"https://search.example.com/login.aspx?direct=true&db=lxh&AN={w.serial + 100_000_000}&site=ehost-live")
    e.add("DP", "EBSCOhost")
    e.add("DB", "lxh")


def springer(w: Work, e: Entry) -> None:
    e.begin("JOUR" if e.random.random() < 0.5 else "CHAP")
    e.add_each("AU", w.authors)
    e.add("PY", f"{w.year}" if e.chance(0.5) else f"{w.year}//")
    e.add("DA", f"{w.year}/{w.month:02d}/{w.day:02d}", 0.51)
    e.add("TI", title(e, w, title_case=0.22))
    e.add("JO" if e.kind == "JOUR" else "BT", w.journal.title)
    e.add("SP", w.start)
    e.add("EP", w.end, 0.95)
    e.add("VL", w.volume, 0.5)
    e.add("AB", w.abstract, 0.99)
    e.add("SN", w.journal.issn if e.kind == "JOUR" else f"{w.isbn[:3]}-{w.isbn[3:]}", 0.5)
    e.add("PB", w.journal.publisher, 0.49)
    e.add("CY", w.journal.place, 0.3)
    e.add("UR", f"https://doi.org/{w.doi}")
    e.add("DO", w.doi)
    e.add("ID", f"{w.authors[0].split(',')[0].replace(' ', '')}{w.year}")


def proquest(w: Work, e: Entry) -> None:
    e.begin("JOUR")
    e.add("T1", title(e, w, title_case=0.65))
    e.add_each("AU", [given_first(name) for name in w.authors] if e.chance(0.3) else w.authors)
    e.add("Y1", f"{w.year}/{w.month:02d}/{w.day:02d}/")
    e.add("PY", f"{w.year}///" if e.chance(0.1) else w.year)
    e.add("DA", f"{MONTHS[w.month - 1]} {w.year}", 0.9)
    e.add("AB", abstract(e, w), 0.96)
    e.add_each("KW", [*w.keywords, w.keywords[-1].title()], 0.91)
    e.add("JF", w.journal.title, 0.92)
    e.add("VL", w.volume, 0.91)
    e.add("IS", w.issue, 0.91)
    e.add("SP", w.start, 0.89)
    e.add("EP", w.end, 0.86)
    e.add("CY", w.journal.place, 0.91)
    e.add("PB", w.journal.publisher)
    e.add("SN", w.journal.issn.replace("-", ""), 0.8)
    e.add("AD", w.addresses[0], 0.88)
    e.add("LA", "English", 0.91)
    e.add("AN", w.serial + 200_000_000, 0.91)
    e.add("DB", "ProQuest Central", 0.91)
    e.add("DO", f"https://doi.org/{w.doi}", 0.9)
    e.add("UR", f"https://www.proquest.com/scholarly-journals/{w.serial}/se-2?accountid=1{w.serial % 9000:04d}", 0.91)
    e.add("N1", f"Copyright - © {w.year} {w.journal.publisher}")
    e.add("N1", f"Last updated - {w.year + 1}-01-12")


def cochrane(w: Work, e: Entry) -> None:
    e.begin("JOUR")
    e.add("AN", f"CN-{w.serial:08d}")
    e.add_each("A1", [name.upper() for name in w.authors] if e.chance(0.52) else (f"{name}," for name in w.authors))
    e.add("A1", "et al.", 0.25)
    e.add("T1", title(e, w, capitals=0.02, title_case=0.37))
    e.add("JA", w.journal.title)
    e.add("PY", w.year)
    e.add("VL", w.volume, 0.36)
    e.add("IS", w.issue, 0.25)
    e.add("SP", f"{w.start}‐{w.end}" if e.chance(0.6) else f"{w.start}-{w.end}", 0.28)
    e.add_each("KW", (f"*{keyword}" for keyword in w.keywords), 0.59)
    e.add("C3", f"PUBMED {w.serial + 30_000_000},EMBASE {w.serial + 600_000_000}")
    e.add("M3", "Journal article")
    e.add("DO", doi(e, w, capitals=0.05), 0.4)
    e.add("N2", w.abstract, 0.96)
    e.add("UR", f"https://www.cochranelibrary.com/central/doi/10.1002/central/CN-{w.serial:08d}/full")


def dimensions(w: Work, e: Entry) -> None:
    e.begin(kind(e))
    e.add_each("AU", w.authors)
    e.add("PY", w.year)
    e.add("TI", title(e, w, title_case=0.31))
    e.add("JO", w.journal.title, 0.93)
    e.add("VL", w.volume, 0.88)
    e.add("IS", w.issue, 0.65)
    e.add("SP", w.article_number if e.chance(0.23) else w.start, 0.89)
    e.add("EP", w.end, 0.53)
    e.add("DO", w.doi)
    e.add("AN", f"pub.{w.serial + 1_000_000_000}")
    e.add("UR", f"https://app.dimensions.ai/details/publication/pub.{w.serial + 1_000_000_000}")
    e.add("L2", f"https://doi.org/{w.doi}", 0.66)
    e.add("AB", f"Abstract\n{w.abstract}" if e.chance(0.17) else abstract(e, w), 0.99)
    e.add("U1", w.keywords[0], 0.31)


def citavi(w: Work, e: Entry) -> None:
    e.begin("JOUR")
    e.add("T1", title(e, w, title_case=0.35))
    e.add_each("AU", w.authors)
    e.add("PY", w.year)
    e.add("JF", w.journal.title)
    e.add("VL", w.volume)
    e.add("IS", w.issue, 0.76)
    e.add("SP", w.article_number if e.chance(0.2) else w.start, 0.99)
    e.add("EP", w.end, 0.61)
    e.add("SN", w.journal.issn.replace("-", "").lower())
    e.add("PB", w.journal.publisher)
    e.add("CY", w.journal.place, 0.96)
    e.add("AB", w.abstract.replace(". ", ".\n\n", 1) if e.chance(0.08) else w.abstract, 0.98)
    e.add("DO", w.doi)
    e.add("UR", f"https://doi.org/{w.doi}" if e.chance(0.23) else f"https://www.example.org/{w.serial}")
    e.add("L2", f"https://www.example.org/{w.serial}.pdf")
    e.add("Y2", f"{w.day:02d}.{w.month:02d}.2022", 0.93)
    e.add("M4", "Citavi")
    e.add("TS", "BibTeX")


def ieee(w: Work, e: Entry) -> None:
    e.begin("CONF" if e.random.random() < 0.4 else "JOUR")
    e.add("TI", title(e, w, title_case=0.33))
    e.add("T2", w.journal.title, 0.93)
    e.add("SP", w.start, 0.93)
    e.add("EP", w.end, 0.92)
    e.add_each("AU", (given_first(name) for name in w.authors))
    e.add("PY", w.year)
    e.add_each("KW", w.keywords, 0.9)
    e.add("DO", doi(e, w, capitals=0.94), 0.89)
    e.add("JO", w.journal.title, 0.93)
    e.add("IS", w.issue if e.chance(0.13) else "")
    e.add("SN", w.journal.issn, 0.35)
    e.add("VO", w.volume, 0.25)
    e.add("VL", w.volume if e.chance(0.25) else "")
    e.add("JA", w.journal.title, 0.93)
    e.add("Y1", f"{w.day}-{w.day + 2} {MONTHS[w.month - 1]}. {w.year}", 0.93)
    e.add("AB", w.abstract)


def scholar(w: Work, e: Entry) -> None:
    e.begin(e.random.choice(("CITATION", "CITATION", "CITATION", "PDF", "HTML", "JOUR", "JOUR", "BOOK")))
    e.add_each("AU", w.authors[:4], 0.99)
    e.add("TI", title(e, w, capitals=0.04, title_case=0.33, full_stop=0.05), 0.99)
    e.add("PY", f"{w.year}///", 0.92)
    e.add("JF", w.journal.title, 0.58)
    e.add("PB", w.journal.publisher, 0.73)
    e.add("AB", w.abstract[:240] + " …", 0.65)
    e.add("UR", f"https://scholar.example.com/scholar?cites={w.serial}&as_sdt=2005&hl=en", 0.65)
    e.add("DO", w.doi, 0.03)
    e.add("M1", "Query date: 2021-05-03 10:11:12", 0.99)
    e.add("N1", f"Cited By: {w.cited}", 0.55)


def pure(w: Work, e: Entry) -> None:
    """Elsevier Pure, but for its one-space tags, which rispy does not read at all."""
    e.begin("JOUR")
    e.add("T1", w.title)
    e.add("T2", w.subtitle, 0.4)
    e.add_each("AU", w.authors)
    e.add("N1", f"Publisher Copyright:\n© {w.year}, {w.journal.publisher}.")
    e.add("PY", f"{w.year}/{w.month}/{w.day}")
    e.add("Y1", f"{w.year}/{w.month}/{w.day}")
    e.add("N2", w.abstract)
    e.add("AB", w.abstract)
    e.add_each("KW", w.keywords)
    e.add("UR", f"http://www.scopus.com/inward/record.url?scp={w.serial + 84_900_000_000}&partnerID=8YFLogxK")
    e.add("U2", w.doi)
    e.add("DO", w.doi)
    e.add("M3", "Article")
    e.add("AN", f"SCOPUS:{w.serial + 84_900_000_000}")
    e.add("VL", w.volume)
    e.add("SP", w.start)
    e.add("EP", w.end)
    e.add("JO", w.journal.title)
    e.add("JF", w.journal.title)
    e.add("SN", w.journal.issn)
    e.add("IS", w.issue)


EXPORTERS: dict[Exporter, float] = {
    web_of_science: 31, endnote: 23, scopus: 17, mendeley: 5.5, zotero: 4, scholar: 4, covidence: 2.6, pure: 2,
    lens: 1.5, pubmed: 1.5, ovid: 1.3, ebsco: 1.2, dimensions: 0.8, proquest: 0.7, cochrane: 0.6, springer: 0.4,
    citavi: 0.4, ieee: 0.4,
}  # fmt: skip
"""Every exporter with its share of the records, in percent."""


def _references(e: Entry, w: Work) -> str:
    """A list of cited works on one line, as Scopus writes it into a note: a few hundred to some thousand characters."""
    cited = w.journal.abbreviation
    names = [name for name in w.authors for _ in range(e.random.randint(3, 9))]
    return "; ".join(
        f"{name}, {cited}, {w.volume}, pp. {w.start + number}-{w.end + number}, ({w.year - number % 9})"
        for number, name in enumerate(names)
    )
