"""The RIS tag and type tables, and what each tag means in CSL for each type.

Sources: the RIS specifications of 2001 and 2011 and what Zotero, EndNote, Pure, RefMan, ProCite, Citavi and Web of
Science write in practice.
"""

from __future__ import annotations

from functools import cache

TAGS = frozenset(
    "TY ER TI T1 T2 T3 CT BT ST TT AU A1 A2 A3 A4 A5 ED TA AD AB N2 N1 RN KW PY Y1 Y2 DA VL IS CP VO M1 M2 M3 SP EP SE "
    "DO SN UR L1 L2 L3 L4 LK AN DB DP CN LA PB CY PP ET NV SV OP RI RP CA LB AV ID JF JO JA J1 J2 C1 C2 C3 C4 C5 C6 C7 "
    "C8 U1 U2 U3 U4 U5 H1 H2 AR".split()
)
"""Tags of the RIS specifications and of RIS dialects (Pure, Citavi, RefMan, ProCite)."""

NATIVE_TAGS = frozenset(
    "PU PI PA J9 JI WE WC FU FX PD PG PN SU SI MA BP AF BA BE BF BN CA CL CR CT DE D2 EA EI EM EY GA GP HC HO HP MA NR "
    "OA OI PM PT RI RID SC SO TC U1 U2 UT Z9 Z8 ZB ZR ZS ZA AE AI AK NL TS M4 JI JN".split()
)
"""Tags that belong to other formats of the same makers (Web of Science, Ovid, Mendeley) and leak into RIS files."""

CSL_TYPES = {
    **dict.fromkeys(["JOUR", "EJOUR", "JFULL", "ABST", "INPR"], "article-journal"),
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    **dict.fromkeys(["BOOK", "EBOOK", "EDBOOK", "CLSWK"], "book"),
    **dict.fromkeys(["CHAP", "ECHAP"], "chapter"),
    **dict.fromkeys(["CONF", "CPAPER"], "paper-conference"),
    "THES": "thesis",
    **dict.fromkeys(["RPRT", "GOVDOC"], "report"),
    "STAND": "standard",
    **dict.fromkeys(["DATA", "DBASE", "AGGR"], "dataset"),
    **dict.fromkeys(["ELEC", "WEB"], "webpage"),
    "BLOG": "post-weblog",
    "COMP": "software",
    "PAT": "patent",
    **dict.fromkeys(["MANSCPT", "UNBILL", "UNPB", "UNPD"], "manuscript"),
    "DICT": "entry-dictionary",
    "ENCYC": "entry-encyclopedia",
    **dict.fromkeys(["BILL"], "bill"),
    **dict.fromkeys(["CASE", "LEGAL"], "legal_case"),
    **dict.fromkeys(["STAT"], "legislation"),
    "HEAR": "hearing",
    **dict.fromkeys(["MPCT", "VIDEO", "ADVS"], "motion_picture"),
    **dict.fromkeys(["SOUND", "MUSIC"], "song"),
    **dict.fromkeys(["ART", "FIGURE", "CHART", "EQUA"], "graphic"),
    "MAP": "map",
    "PCOMM": "personal_communication",
    "ICOMM": "post",
    "SLIDE": "speech",
    "PAMP": "pamphlet",
    "ANCIENT": "classic",
    "SER": "book",
    "MULTI": "document",
    **dict.fromkeys(["GEN", "CTLG", "GRANT", "GRNT"], "document"),
}
"""RIS type -> CSL type. A type that is not here is unknown."""

TYPE_ALIASES = {
    "JOURNAL": "JOUR",
    "JOURNAL ARTICLE": "JOUR",
    "ARTICLE": "JOUR",
    "LETTER": "JOUR",
    "REVIEW": "JOUR",
    "BOOK CHAPTER": "CHAP",
    "BOOKCHAPTER": "CHAP",
    "CHAPTER": "CHAP",
    "CONFERENCE": "CONF",
    "CONFERENCE PAPER": "CPAPER",
    "THESIS": "THES",
    "DISSERTATION": "THES",
    "REPORT": "RPRT",
    "PATENT": "PAT",
    "DATASET": "DATA",
    "WEBPAGE": "ELEC",
    "HTML": "ELEC",
    "CITATION": "GEN",
    "PDF": "GEN",
    "MISC": "GEN",
    "NA": "GEN",
    "DOC": "GEN",
    "OTHER": "GEN",
    "UNKNOWN": "GEN",
}
"""Spellings of a type that exporters write and no specification knows, with the type they mean."""

JOURNAL_TYPES = frozenset(["article-journal", "article-magazine", "article-newspaper"])
PAGE_COUNT_TYPES = frozenset(["BOOK", "EBOOK", "EDBOOK", "THES", "MANSCPT"])
"""Types whose SP is the number of pages."""

# CSL variable <- tags, in order of preference. "*" is every type without an entry of its own.
_BY_TYPE: dict[str, dict[str, tuple[str, ...]]] = {
    "title": {
        "*": ("TI", "T1", "CT", "ST"),
        "book": ("TI", "T1", "CT", "BT", "ST"),
        "manuscript": ("TI", "T1", "CT", "BT", "ST"),
    },
    "author": {"*": ("AU", "A1")},
    "issued": {"*": ("DA", "PY", "Y1")},
    "accessed": {"*": ("Y2",)},
    "abstract": {"*": ("AB", "N2")},
    "DOI": {"*": ("DO",)},
    "URL": {"*": ("UR", "LK")},
    "keyword": {"*": ("KW",)},
    "language": {"*": ("LA",)},
    "note": {"*": ("N1", "RN")},
    "publisher": {"*": ("PB",), "report": ("PB", "A3"), "standard": ("PB", "A3")},
    "publisher-place": {"*": ("CY", "PP"), "paper-conference": ("C1",)},
    "event-place": {"paper-conference": ("CY",)},
    "event-title": {"paper-conference": ("T2",), "speech": ("T2",)},
    "edition": {"*": ("ET",), "article-journal": (), "dataset": ()},
    "available-date": {"article-journal": ("ET",)},
    "volume": {"*": ("VL", "VO")},
    "issue": {"*": ("IS",)},
    "number-of-volumes": {"*": ("NV",), "report": (), "standard": (), "dataset": ()},
    "call-number": {"*": ("CN",)},
    "source": {"*": ("DP", "DB")},
    "genre": {"*": ("M3",)},
    "archive_location": {"manuscript": ("AN",), "map": ("AN",), "graphic": ("AN",)},
    "title-short": {"*": ("ST",)},
    "translator": {"*": ("A4",), "paper-conference": ()},
    "container-title": {
        "article-journal": ("JF", "T2", "JO", "BT", "JA", "J2", "J1"),
        "article-magazine": ("JF", "T2", "JO", "BT", "JA", "J2", "J1"),
        "article-newspaper": ("JF", "T2", "JO", "BT", "JA", "J2", "J1"),
        "chapter": ("T2", "BT"),
        "paper-conference": ("C3", "BT", "JF", "JO", "T2", "J2", "JA", "J1"),
        "entry-dictionary": ("T2", "BT"),
        "entry-encyclopedia": ("T2", "BT"),
        "webpage": ("T2",),
        "post-weblog": ("T2",),
    },
    "container-title-short": {
        "article-journal": ("JA", "J2", "J1"),
        "article-magazine": ("JA", "J2", "J1"),
        "article-newspaper": ("JA", "J2", "J1"),
        "chapter": ("J2",),
        "paper-conference": ("J2",),
    },
    "collection-title": {
        "article-journal": ("T3",),
        "article-magazine": ("T3",),
        "article-newspaper": ("T3",),
        "chapter": ("T3",),
        "paper-conference": ("T3",),
        "book": ("T2", "T3"),
        "report": ("T2",),
        "standard": ("T2",),
    },
    "collection-number": {"chapter": ("SV",), "book": ("M1",), "report": ("NV",), "standard": ("NV",)},
    "editor": {
        "*": ("ED",),
        "article-journal": ("A2", "ED"),
        "article-magazine": ("A2", "ED"),
        "article-newspaper": ("A2", "ED"),
        "chapter": ("A2", "ED"),
        "paper-conference": ("A2", "ED"),
        "entry-dictionary": ("A2", "ED"),
        "entry-encyclopedia": ("A2", "ED"),
        "post-weblog": ("A2", "ED"),
        "book": ("A3", "ED"),
        "thesis": (),
    },
    "collection-editor": {
        "chapter": ("A3",),
        "paper-conference": ("A3",),
        "book": ("A2",),
        "report": ("A2",),
        "standard": ("A2",),
    },
    "performer": {"motion_picture": ("A2",), "song": ("A2",), "speech": ("A2",)},
    "contributor": {"thesis": ("A3",)},
    "container-author": {"chapter": ("C2",)},
    "page": {
        "*": ("SP", "EP"),
        "book": (),
        "thesis": (),
        "manuscript": (),
    },
    "number-of-pages": {"book": ("SP",), "thesis": ("SP",), "manuscript": ("SP",)},
    "number": {
        "article-journal": ("C7", "AR"),
        "article-magazine": ("C7", "AR"),
        "article-newspaper": ("C7", "AR"),
        "paper-conference": ("M1",),
        "thesis": ("M1",),
        "report": ("SN", "M1"),
        "patent": ("SN", "M1"),
        "standard": ("SN", "M1"),
    },
    "chapter-number": {"chapter": ("SE",)},
    "section": {"article-newspaper": ("SE",), "chapter": ("C1",)},
    "ISSN": {
        "article-journal": ("SN",),
        "article-magazine": ("SN",),
        "article-newspaper": ("SN",),
    },
    "ISBN": {
        "*": ("SN",),
        "article-journal": (),
        "article-magazine": (),
        "article-newspaper": (),
        "report": (),
        "patent": (),
        "standard": (),
    },
}
_AUTHOR_ROLES = {"motion_picture": "director", "song": "composer"}


def csl_type(ris_type: str) -> str:
    """The CSL type of a TY value (any case, blanks ignored); `document` for an unknown one."""
    return CSL_TYPES.get(ris_type.strip().upper(), "document")


@cache
def tags_of(variable: str, type: str) -> tuple[str, ...]:
    """The tags that can give a CSL variable for a record of this CSL type, the preferred first; () if none can."""
    table = _BY_TYPE.get(variable)
    if table is None:
        return ()
    return table.get(type, table.get("*", ()))


@cache
def variable_of(tag: str, type: str) -> str | None:
    """The CSL variable that a tag means in a record of this CSL type; None if it means none."""
    tag = tag.upper()
    if tag in ("AU", "A1"):
        return _AUTHOR_ROLES.get(type, "author")
    for variable in _BY_TYPE:
        if tag in tags_of(variable, type) and not (variable == "title-short" and tag != "ST"):
            if tag == "ST" and variable == "title":
                continue
            return variable
    return None
