"""What can be repaired of a Zotero citation's own JSON: records that no library holds, and flags that keep nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from copy import deepcopy
from typing import Any, NamedTuple

from reflint.engine.fixing import settle
from reflint.engine.run import Engine
from reflint.errors import SourceError
from reflint.formats import csl
from reflint.formats.json_text import load, rewritten
from reflint.word.managers import Cited
from reflint.word.manuscript import Citation, Work
from reflint.word.rendering import keeps_nothing
from reflint.word.shelf import Shelf, address_of

_NO_XML = re.compile("[\ufffe\uffff]")
"""What JSON may hold as it is, and XML may not."""


class Repaired(NamedTuple):
    """The new instruction of a citation, and how many repairs are in it."""

    instruction: str
    number: int


class Repairs:
    """The repairs of an engine's rules on what citations embed, by the fixes whose safety is among `safeties`.

    `library`: the Zotero library in which the works would be found.
    """

    def __init__(self, engine: Engine, safeties: Collection[str], library: Shelf | None) -> None:
        self._engine = engine
        self._safeties = safeties
        self._library = library
        self._flags = any(rule.check.get("test") == "updates-off" for rule in engine.rules) and "safe" in safeties

    def of(self, citation: Citation) -> Repaired | None:
        """A citation of Zotero repaired; None where there is nothing to repair, or its JSON is not as Zotero's."""
        code = citation.instruction
        start, end = code.find("{"), code.rfind("}") + 1
        try:
            old = load(code[start:end])
        except SourceError:
            return None
        items = old.get("citationItems") if isinstance(old, dict) else None
        if citation.fault or not isinstance(items, list):
            return None
        new = deepcopy(old)
        count = 0
        for cite, cited in zip(new["citationItems"], citation.payload.works, strict=True):
            if self._lasts(cited):
                cite["itemData"], done = self._record(cite.get("itemData"))
                count += done
        if self._flags and keeps_nothing(citation):
            del new["properties"]["dontUpdate"]
            count += 1
        if not count:
            return None
        json_text = _NO_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", rewritten(code[start:end], 0, old, new))
        return Repaired(code[:start] + json_text + code[end:], count)

    def _lasts(self, cited: Cited) -> bool:
        """Whether Zotero keeps the embedded data: it writes the library's over that of all items it finds there."""
        if not cited.item:
            return False
        if not cited.linked:
            return True
        library = self._library
        addresses = [address_of(key) for key in cited.keys]
        if library is None or not library.library:
            return False
        if not all(one and one.library == library.library for one in addresses):
            return False
        return library.find(Work(cited.id, cited.item, cited.keys, ("zotero",), cited.linked)) is None

    def _record(self, item: Any) -> tuple[Any, int]:
        """An embedded item repaired, and by how many fixes; the item itself where that cannot be."""
        try:
            record = csl.read(json.dumps(item).encode())[0]
        except SourceError:
            return item, 0
        settled = settle(record, self._engine, csl.apply_to_item, self._safeties)
        place = settled.record.place
        if not settled.applied or not isinstance(place, csl.Place):
            return item, 0
        new = load(place.text[place.start : place.end])
        return (new, len(settled.applied)) if new.get("id") == item.get("id") else (item, 0)
