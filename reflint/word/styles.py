"""What the styles of a document say that matters here: names, superscript, hidden text, numbering."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from reflint.word.xml import attribute, child, children


class Style(NamedTuple):
    """A style with what it inherits; `numbering` is (numId, level), `outline` the heading's level from 0, or None."""

    name: str = ""
    superscript: bool = False
    hidden: bool = False
    numbering: tuple[str, str] | None = None
    outline: int | None = None


PLAIN = Style()
_MAX_CHAIN = 20


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """The styles by id."""
    elements = {attribute(style, "styleId"): style for style in children(root, "style")} if root is not None else {}
    styles: dict[str, Style] = {}
    for id, element in elements.items():
        chain, current = [element], element
        while (base := elements.get(attribute(child(current, "basedOn"), "val"))) is not None and len(
            chain
        ) < _MAX_CHAIN:
            chain.append(base)
            current = base
        style = PLAIN
        for ancestor in reversed(chain):
            style = _over(style, ancestor)
        styles[id] = style
    return styles


def _over(base: Style, element: etree._Element) -> Style:
    run, paragraph = child(element, "rPr"), child(element, "pPr")
    superscript, hidden = run_marks(run, {})
    return Style(
        name=attribute(child(element, "name"), "val").lower(),
        superscript=base.superscript if superscript is None else superscript,
        hidden=base.hidden if hidden is None else hidden,
        numbering=numbering_of(paragraph) or base.numbering,
        outline=_outline(paragraph, base.outline),
    )


def _outline(properties: etree._Element | None, inherited: int | None) -> int | None:
    level = attribute(child(properties, "outlineLvl"), "val") if properties is not None else ""
    if len(level) != 1 or not level.isdecimal():
        return inherited
    return int(level) if level != "9" else None


def numbering_of(properties: etree._Element | None) -> tuple[str, str] | None:
    """(numId, level) of paragraph properties; None without automatic numbering."""
    number = child(properties, "numPr") if properties is not None else None
    if number is None:
        return None
    return attribute(child(number, "numId"), "val"), attribute(child(number, "ilvl"), "val") or "0"


def run_marks(properties: etree._Element | None, styles: dict[str, Style]) -> tuple[bool | None, bool | None]:
    """Whether run properties raise the text, and whether they hide it; None where they say nothing."""
    superscript: bool | None = None
    hidden: bool | None = None
    if properties is None:
        return superscript, hidden
    if (style := styles.get(attribute(child(properties, "rStyle"), "val"))) is not None:
        superscript, hidden = style.superscript or None, style.hidden or None
    if raised := attribute(child(properties, "vertAlign"), "val"):
        superscript = raised == "superscript"
    if (vanish := child(properties, "vanish")) is not None:
        hidden = attribute(vanish, "val") not in ("0", "false", "off")
    return superscript, hidden
