"""Builds small manuscripts: OOXML and OpenDocument packages in the shapes that word processors and managers write."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reflint.word.xml import COMPATIBILITY, STRICT, TRANSITIONAL

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
ODT_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip package of these members, in this order, with a fixed date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return buffer.getvalue()


def root(name: str, content: str, namespace: str = TRANSITIONAL) -> str:
    """A part's root element with the namespaces that content may use."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{name} xmlns:w="{namespace}" '
        f'xmlns:mc="{COMPATIBILITY}" xmlns:r="{RELATIONS}">{content}</w:{name}>'
    )


def members_of(
    body: str,
    *,
    strict: bool = False,
    folder: str = "word",
    stories: Mapping[str, str] = {},
    properties: Mapping[str, str] = {},
    styles: str = "",
    settings: str = "",
    custom_xml: str = "",
    extension: str = "",
) -> dict[str, str]:
    """The members of a .docx; `stories` are the contents of `footnotes`, `endnotes`, `comments`, `header`, ..."""
    namespace, relations = (STRICT, STRICT_RELATIONS) if strict else (TRANSITIONAL, RELATIONS)
    names = {"footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments", "header": "hdr", "footer": "ftr"}
    parts = {kind: root(names[kind], content, namespace) for kind, content in stories.items()}
    if styles:
        parts["styles"] = root("styles", styles, namespace)
    if settings:
        parts["settings"] = root("settings", settings, namespace)
    if custom_xml:
        parts["customXml"] = custom_xml
    if extension:
        parts["webextension"] = extension
    types = "".join(f'<Override PartName="/{folder}/{kind}.xml" ContentType="{TYPE}.{kind}+xml"/>' for kind in parts)
    related = "".join(f'<Relationship Id="r{n}" Type="{relations}/{k}" Target="{k}.xml"/>' for n, k in enumerate(parts))
    main = f'<Relationship Id="r0" Type="{relations}/officeDocument" Target="{folder}/document.xml"/>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{CONTENT_TYPES}">'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{folder}/document.xml" ContentType="{TYPE}.document.main+xml"/>{types}</Types>',
        "_rels/.rels": "",
        f"{folder}/document.xml": root("document", f"<w:body>{body}</w:body>", namespace),
        f"{folder}/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE_RELATIONS}">{related}</Relationships>',
        **{f"{folder}/{kind}.xml": content for kind, content in parts.items()},
    }
    if properties:
        members["docProps/custom.xml"] = _custom(properties)
        main += f'<Relationship Id="r1" Type="{relations}/custom-properties" Target="/docProps/custom.xml"/>'
    members["_rels/.rels"] = f'<Relationships xmlns="{PACKAGE_RELATIONS}">{main}</Relationships>'
    return members


def docx(body: str, **more: Any) -> bytes:
    """A .docx; see `members_of`."""
    return zipped(members_of(body, **more))


def _custom(properties: Mapping[str, str]) -> str:
    values = "".join(
        f"<property name={quoteattr(name)}><vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for name, value in properties.items()
    )
    return f'<Properties xmlns:vt="urn:vt">{values}</Properties>'


def r(text: str, properties: str = "", element: str = "t") -> str:
    """A run of text."""
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{marks}<w:{element} xml:space="preserve">{escape(text)}</w:{element}></w:r>'


def raised(text: str) -> str:
    """A superscript run."""
    return r(text, '<w:vertAlign w:val="superscript"/>')


def p(*content: str, style: str = "", number: str = "") -> str:
    """A paragraph of runs; bare text becomes a run."""
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    marks += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    runs = "".join(one if one.startswith("<") else r(one) for one in content)
    return f"<w:p>{f'<w:pPr>{marks}</w:pPr>' if marks else ''}{runs}</w:p>"


def mark(type: str, data: str = "") -> str:
    """A run with a field character."""
    inside = f"<w:fldData>{data}</w:fldData>" if data else ""
    return f'<w:r><w:fldChar w:fldCharType="{type}">{inside}</w:fldChar></w:r>'


def field(instruction: str, result: str | None, *, pieces: int = 1, data: str = "", inner: str = "") -> str:
    """A complex field, its instruction in so many runs; `inner` stands in the instruction, None is no result."""
    size = -(-len(instruction) // pieces)
    codes = "".join(
        r(instruction[start : start + size], element="instrText") for start in range(0, len(instruction), size)
    )
    shown = "" if result is None else mark("separate") + (result if result.startswith("<") else r(result))
    return mark("begin", data) + codes + inner + shown + mark("end")


def control(content: str, *, tag: str = "", properties: str = "") -> str:
    """A content control."""
    named = f"<w:tag w:val={quoteattr(tag)}/>" if tag else ""
    return f"<w:sdt><w:sdtPr>{named}{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def inserted(content: str) -> str:
    """A tracked insertion."""
    return f'<w:ins w:id="1" w:author="a">{content}</w:ins>'


def deleted(content: str) -> str:
    """A tracked deletion of what `content` was: its text and instructions are marked as deleted, too."""
    for name in ("t", "instrText"):
        new = "delText" if name == "t" else "delInstrText"
        content = content.replace(f"<w:{name} ", f"<w:{new} ").replace(f"</w:{name}>", f"</w:{new}>")
    return f'<w:del w:id="2" w:author="a">{content}</w:del>'


def bookmark(name: str, content: str, id: int = 7) -> str:
    """A bookmark around content."""
    return f'<w:bookmarkStart w:id="{id}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{id}"/>'


def text_box(content: str) -> str:
    """A run with a text box as Word writes it: once for new readers, once for old ones."""
    box = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def item(
    family: str = "Okafor", year: int = 2019, title: str = "Salt marshes in winter", **more: object
) -> dict[str, Any]:
    """A CSL-JSON item."""
    return {
        "type": "article-journal",
        "title": title,
        "author": [{"family": family, "given": "N."}],
        "issued": {"date-parts": [[year]]},
        "container-title": "Shore Geology",
        **more,
    }


def cite(known: dict[str, Any], key: str = "AAAA1111", **more: object) -> dict[str, Any]:
    """A citation item of Zotero."""
    return {"id": 17, "uris": [f"http://zotero.org/users/1/items/{key}"], "itemData": known, **more}


def zotero(*cites: dict[str, Any], plain: str = "", **properties: object) -> str:
    """The instruction of a Zotero citation."""
    data = {
        "citationID": "x1",
        "properties": {"plainCitation": plain, "noteIndex": 0, **properties},
        "citationItems": list(cites),
    }
    return f" ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(data)} "


def mendeley(*cites: dict[str, Any]) -> str:
    """The instruction of a Mendeley Desktop citation."""
    data = {
        "citationItems": list(cites),
        "mendeley": {"plainTextFormattedCitation": "(x)"},
        "properties": {"noteIndex": 0},
    }
    return f"ADDIN CSL_CITATION {json.dumps(data)}"


def encoded(value: object) -> str:
    """JSON in base64."""
    return base64.b64encode(json.dumps(value).encode()).decode()


def odt(content: str, *, manifest: str = "", meta: str = "", styles: str = "") -> bytes:
    """An OpenDocument text."""
    body = (
        f"<office:document-content {ODT_NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{content}</office:text></office:body></office:document-content>"
    )
    members = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body}
    if manifest:
        members["META-INF/manifest.xml"] = manifest
    if meta:
        members["meta.xml"] = meta
    return zipped(members)
