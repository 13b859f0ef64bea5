"""Which works are compared at all: those that share a cheap key."""

from __future__ import annotations

from collections.abc import Iterator

from reflint.duplicates.work import SHORT, Work

MOST = 60
"""Works under one key beyond which the key tells nothing."""


def keys_of(work: Work) -> Iterator[tuple[object, ...]]:
    """The keys of a work; two works are compared when they share one."""
    title, year = work.title, work.year
    family = work.authors[0][:6] if work.authors else ""
    if work.doi:
        yield "doi", work.doi
    if work.pmid:
        yield "pmid", work.pmid
    if len(title) >= SHORT:
        yield "begin", title[:18]
        yield "end", title[-18:]
        if len(work.title_words) > 4:
            longest = sorted(sorted(set(work.title_words)), key=len)[-3:]
            yield "words", *sorted(longest)
    if work.first:
        if work.volume:
            yield "page", work.first, work.volume, year
        if family:
            yield "author", work.first, family
            yield "start", work.first, year, title[:8]
    if family and year:
        if work.volume:
            yield "volume", work.volume, family, year
        if title:
            yield "family", family, year, title[:5]
            yield "family end", family, year, title[-8:]
    if work.abstract:
        yield "abstract", work.abstract[:40]
