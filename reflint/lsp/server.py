"""The server itself: what an editor asks, answered from the documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from reflint import __version__
from reflint.app import settings
from reflint.app.rules import documentation
from reflint.errors import ReflintError
from reflint.lsp.documents import Documents
from reflint.model.finding import Finding
from reflint.model.record import Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}
FIX_ALL = "source.fixAll.reflint"


class Shown(NamedTuple):
    """What was last found in a document: the version of its text, and each finding with its range for the editor."""

    version: int | None
    findings: list[tuple[Finding, lsp.Range]]


class Server(LanguageServer):
    """Holds the open documents and what was found in them."""

    def __init__(self) -> None:
        super().__init__("reflint", f"v{__version__}")
        self.documents: Documents | None = None
        self.shown: dict[str, Shown] = {}

    def engine_room(self) -> Documents:
        """The documents, by the settings of the folder that the editor has open."""
        if self.documents is None:
            root = self.workspace.root_path
            self.documents = Documents(settings.load(Path(root) if root else None))
        return self.documents

    def check(self, uri: str) -> None:
        """Checks a document and publishes what is found; a text of another format has no findings."""
        document = self.workspace.get_text_document(uri)
        try:
            found = self.engine_room().check(_name(uri), document.source)
        except ReflintError as error:
            self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, str(error)))
            found = []
        lines = _LINE.findall(document.source)
        pairs = [(finding, _range(document, lines, finding.span)) for finding in found]
        self.shown[uri] = Shown(document.version, pairs)
        diagnostics = [_diagnostic(finding, place) for finding, place in pairs]
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics, document.version))

    def edits(self, uri: str, new: str) -> list[lsp.TextEdit]:
        """The edit that makes a document's text another: the lines that differ, and no others."""
        document = self.workspace.get_text_document(uri)
        return _edits(document, document.source, new)


def make_server() -> Server:
    """The language server, ready to be started."""
    server = Server()
    _follow(server)
    _answer(server)
    return server


def _follow(server: Server) -> None:
    """The server checks documents as they are opened and changed."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        server.check(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        server.check(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.shown.pop(uri, None)
        server.engine_room().forget(_name(uri))
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


def _answer(server: Server) -> None:
    """The server answers what an editor asks of a document."""

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix, FIX_ALL]),
    )
    def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return _actions(server, params)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return _hover(server, params)

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        return _symbols(server, params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def folding(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        symbols = _symbols(server, params.text_document.uri)
        return [lsp.FoldingRange(one.range.start.line, one.range.end.line) for one in symbols]

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        return _all_repairs(server, params.text_document.uri)


def _actions(server: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    uri = params.text_document.uri
    shown = server.shown.get(uri)
    if shown is None:
        return []
    wanted = params.context.only or [lsp.CodeActionKind.QuickFix, FIX_ALL]
    actions = []
    if any(lsp.CodeActionKind.QuickFix.value.startswith(str(_text(kind))) for kind in wanted):
        document = server.workspace.get_text_document(uri)
        for finding, place in shown.findings:
            if finding.fixable and _meets(place, params.range):
                action = _quick_fix(server, uri, document, finding, place)
                actions += [action] if action else []
    if any(FIX_ALL.startswith(_text(kind)) for kind in wanted):
        edits = _all_repairs(server, uri)
        if edits:
            actions.append(lsp.CodeAction("Make all safe repairs", FIX_ALL, edit=lsp.WorkspaceEdit({uri: edits})))
    return actions


def _text(kind: lsp.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, lsp.CodeActionKind) else kind


def _quick_fix(
    server: Server, uri: str, document: TextDocument, finding: Finding, place: lsp.Range
) -> lsp.CodeAction | None:
    assert finding.fix is not None
    try:
        new = server.engine_room().with_fix(_name(uri), document.source, finding)
    except ReflintError:
        return None
    edits = server.edits(uri, new)
    if not edits:
        return None
    title = f"{finding.rule}: {finding.fix.title or 'Repair'}"
    return lsp.CodeAction(
        title if finding.fix.safety == "safe" else f"{title} (look first)",
        lsp.CodeActionKind.QuickFix,
        [_diagnostic(finding, place)],
        is_preferred=finding.fix.safety == "safe",
        edit=lsp.WorkspaceEdit({uri: edits}),
    )


def _all_repairs(server: Server, uri: str) -> list[lsp.TextEdit]:
    document = server.workspace.get_text_document(uri)
    try:
        return server.edits(uri, server.engine_room().repaired(_name(uri), document.source))
    except ReflintError:
        return []


def _hover(server: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    shown = server.shown.get(params.text_document.uri)
    at = lsp.Range(params.position, params.position)
    parts = []
    for finding, place in shown.findings if shown else ():
        if _meets(place, at):
            parts.append(_explained(finding))
    if not parts:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(parts)))


def _explained(finding: Finding) -> str:
    try:
        rule = documentation(finding.rule)
    except ReflintError:  # a finding of reflint itself (REF...)
        return f"**{finding.rule}** {finding.message}"
    return f"**{finding.rule}** {finding.slug}\n\n{rule['summary']}\n\n{rule.get('rationale', '')}".strip()


def _symbols(server: Server, uri: str) -> list[lsp.DocumentSymbol]:
    document = server.workspace.get_text_document(uri)
    lines = _LINE.findall(document.source)
    symbols = []
    try:
        for entry in server.engine_room().entries(_name(uri), document.source):
            end = len(lines[entry.last - 1].rstrip("\r\n")) if entry.last <= len(lines) else 0
            whole = _range(document, lines, Span(entry.first, 1, entry.last, end + 1))
            symbols.append(
                lsp.DocumentSymbol(entry.title, lsp.SymbolKind.Object, whole, lsp.Range(whole.start, whole.start))
            )
    except ReflintError:
        return []
    return symbols


def _diagnostic(finding: Finding, place: lsp.Range) -> lsp.Diagnostic:
    return lsp.Diagnostic(
        place, finding.message, severity=_SEVERITIES[finding.severity], code=finding.rule, source="reflint"
    )


def _range(document: TextDocument, lines: list[str], span: Span | None) -> lsp.Range:
    """A span in the editor's own units; a finding about the whole text stands at its beginning."""
    if span is None:
        return lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    place = lsp.Range(
        lsp.Position(span.start_line - 1, span.start_column - 1), lsp.Position(span.end_line - 1, span.end_column - 1)
    )
    return document.position_codec.range_to_client_units(lines, place)


def _edits(document: TextDocument, old: str, new: str) -> list[lsp.TextEdit]:
    before, after = _LINE.findall(old), _LINE.findall(new)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    if start == len(before) == len(after):
        return []
    last = len(before) - end
    place = lsp.Range(lsp.Position(start, 0), lsp.Position(last, 0))
    if last == len(before) and before and not before[-1].endswith(("\n", "\r")):
        units = document.position_codec.client_num_units(before[-1])
        place = lsp.Range(lsp.Position(start, 0), lsp.Position(last - 1, units))
        if start == last:  # something is added behind a last line without an end
            place = lsp.Range(lsp.Position(last - 1, units), lsp.Position(last - 1, units))
    return [lsp.TextEdit(place, "".join(after[start : len(after) - end]))]


def _meets(place: lsp.Range, other: lsp.Range) -> bool:
    """Whether two ranges touch."""
    first, last = (place.start.line, place.start.character), (place.end.line, place.end.character)
    return first <= (other.end.line, other.end.character) and (other.start.line, other.start.character) <= last


def _name(uri: str) -> str:
    """A document's path; the URI itself for one that is in no file."""
    parts = urlsplit(uri)
    return unquote(parts.path) if parts.scheme == "file" else uri
