"""What a source that begins with `zotero:` names."""

from __future__ import annotations

import pytest

from reflint.errors import SourceError
from reflint.zotero.address import Address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("zotero:users/7", Address("users/7")),
        ("zotero:groups/70", Address("groups/70")),
        ("zotero:groups/70/", Address("groups/70")),
        ("zotero:groups/70/collections/ABCD2345", Address("groups/70", "ABCD2345")),
        ("zotero:local", Address("users/0", None, True)),
        ("zotero:local/collections/ABCD2345", Address("users/0", "ABCD2345", True)),
        ("zotero:local/groups/70", Address("groups/70", None, True)),
    ],
)
def test_addresses_are_understood_and_written_back(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    ["zotero:", "zotero:7", "zotero:users/", "zotero:users/x", "zotero:users/0", "zotero:groups/1/collections/abc",
     "zotero:groups/1/items", "zotero:groups/1?key=x", "zotero:local/users", "zotero:local/collections/abc"],
)  # fmt: skip
def test_anything_else_says_what_an_address_looks_like(text: str) -> None:
    with pytest.raises(SourceError, match="zotero"):
        Address.parse(text)
