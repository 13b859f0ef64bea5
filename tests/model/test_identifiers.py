"""ORCID, PubMed, PubMed Central and arXiv ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflint.model.identifiers import find_arxiv_id, is_orcid, normalize_orcid, normalize_pmcid, normalize_pmid


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("ORCID: 0000000218250097", "0000-0002-1825-0097"),
        ("0000-0002-1694-233x", "0000-0002-1694-233X"),
        ("0000-0002-1825-0098", None),
        ("0000-0002-1825", None),
        ("", None),
    ],
)
def test_orcid(value: str, expected: str | None) -> None:
    assert normalize_orcid(value) == expected


def test_only_the_canonical_form_is_an_orcid() -> None:
    assert is_orcid("0000-0002-1825-0097")
    assert not is_orcid("0000000218250097")


@given(st.integers(0, 10**15 - 1))
def test_one_check_character_fits_every_orcid(number: int) -> None:
    body = f"{number:015}"
    fitting = [c for c in "0123456789X" if normalize_orcid(body + c)]
    assert len(fitting) == 1
    value = 10 if fitting[0] == "X" else int(fitting[0])
    assert (number * 2 + value) % 11 == 1 or (
        sum(int(d) * pow(2, 15 - i) for i, d in enumerate(body)) + value
    ) % 11 == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12345678", "12345678"),
        ("PMID: 12345678", "12345678"),
        ("PM:123", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("123456789", None),
        ("0123", None),
        ("PMC123", None),
        ("", None),
    ],
)
def test_pmid(value: str, expected: str | None) -> None:
    assert normalize_pmid(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("PMC123", "PMC123"),
        ("pmc123", "PMC123"),
        ("PMCID: PMC123", "PMC123"),
        ("PMCID: 123", "PMC123"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/", "PMC123"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC123", "PMC123"),
        ("123", None),
        ("", None),
    ],
)
def test_pmcid(value: str, expected: str | None) -> None:
    assert normalize_pmcid(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv:1706.03762v5", "1706.03762v5"),
        ("arXiv preprint arXiv:1706.03762", "1706.03762"),
        ("abs/1706.03762", "1706.03762"),
        ("https://arxiv.org/pdf/1706.03762v2.pdf", "1706.03762v2"),
        ("https://arxiv.org/abs/math/0309136v1", "math/0309136v1"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("10.48550/arXiv.2101.00001", "2101.00001"),
        ("0704.0001", "0704.0001"),
        ("1706.03762", "1706.03762"),
        ("see 1706.03762", None),
        ("1713.03762", None),
        ("1706.0376", None),
        ("0704.00012", None),
        ("report/0309136", None),
        ("volume 12", None),
        ("", None),
    ],
)
def test_arxiv(text: str, expected: str | None) -> None:
    assert find_arxiv_id(text) == expected


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    for function in (normalize_orcid, normalize_pmid, normalize_pmcid, find_arxiv_id):
        function(text)
