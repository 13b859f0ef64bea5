"""Duplicates: which records are one work, which are versions or errata of one another, and why.

Data flows from `work_of` (a record's compared values) through an `Index` (keys, candidate pairs) to `search` (groups).
"""

from reflint.duplicates.decide import Kind, Verdict, decide
from reflint.duplicates.index import Index
from reflint.duplicates.search import Apart, Evidence, Found, Group, fingerprint, search
from reflint.duplicates.work import Work, exact_keys, work_of

__all__ = [
    "Apart",
    "Evidence",
    "Found",
    "Group",
    "Index",
    "Kind",
    "Verdict",
    "Work",
    "decide",
    "exact_keys",
    "fingerprint",
    "search",
    "work_of",
]
