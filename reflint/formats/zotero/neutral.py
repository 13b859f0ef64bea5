"""The neutral view of a Zotero item: a CSL-JSON item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reflint.formats.csl.values import DATES, NAMES, TYPES, VARIABLES
from reflint.formats.zotero.schema import schema
from reflint.model.dates import parse_date, to_date_parts
from reflint.model.extra import folded_key, lines_of
from reflint.model.record import Record

_BY_KEY = {folded_key(variable): variable for variable in VARIABLES}


def csl_item(record: Record, item_type: str, creators: object) -> dict[str, object]:
    """A Zotero record as a CSL-JSON item; a variable that is not known is absent.

    `creators`: the item's own, which tell family names from given ones. A line of Extra (`DOI: 10...`) gives a variable
    that no field gives, and `Type: dataset` the type.
    """
    item: dict[str, object] = {"id": record.key or str(record.index), "type": record.type}
    table = schema()
    variables = dict.fromkeys(table.variable_of(item_type, name) for name in record.names)
    for variable in variables:
        if variable is None or variable in NAMES or variable == "note":
            continue
        values = record.all(*table.names_in(item_type, variable)) if variable == "keyword" else []
        value = "; ".join(values) or record.first(*table.names_in(item_type, variable)).strip()
        if value:
            item[variable] = _csl_date(value) if variable in DATES else value
    _add_names(item, item_type, creators)
    _add_extra(item, record.first("extra"))
    return item


def _add_names(item: dict[str, object], item_type: str, creators: object) -> None:
    for creator in creators if isinstance(creators, list) else ():
        if not isinstance(creator, Mapping):
            continue
        role = creator.get("creatorType")
        variable = schema().variable_of(item_type, role if isinstance(role, str) else "author")
        name = csl_name(creator)
        if variable and name:
            people = item.setdefault(variable, [])
            if isinstance(people, list):
                people.append(name)


def csl_name(creator: Mapping[str, Any]) -> dict[str, str]:
    """A creator as a CSL name; {} when it has none."""
    last, first, name = (_text(creator.get(part)) for part in ("lastName", "firstName", "name"))
    if last and (first or ("firstName" in creator and not creator.get("fieldMode"))):
        return {"family": last, "given": first} if first else {"family": last}
    literal = name or last or first
    return {"literal": literal} if literal else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _csl_date(text: str) -> dict[str, object]:
    date = parse_date(text)
    if not date.year or date.literal:
        return {"raw": text}
    parts: dict[str, object] = {"date-parts": to_date_parts(date)}
    if date.season and not date.month:
        parts["season"] = date.season
    return parts


def _add_extra(item: dict[str, object], extra: str) -> None:
    rest = []
    for line in lines_of(extra) if extra else ():
        variable = _BY_KEY.get(line.name) if line.key else None
        if variable and variable not in NAMES and variable not in item:
            item[variable] = _csl_date(line.value) if variable in DATES else line.value
        elif line.key and line.name == "type" and line.value in TYPES:
            item["type"] = line.value
        else:
            rest.append(line.text)
    note = "\n".join(rest).strip()
    if note:
        item["note"] = note
