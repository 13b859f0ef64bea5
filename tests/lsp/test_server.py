"""The language server, asked by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

WRONG = (
    "TY  - JOUR\nAU  - Ōkafor, 𝓝gozi\nTI  - Sand\nT2  - Notes\nPY  - 2019\nVL  - 3\nSP  - 420\nEP  - 34\n"
    "N1  - 𝓝𝓝 &amp; mud\nDO  - https://doi.org/10.5555/b\nER  - \n"
)


class Editor(LanguageClient):
    """An editor with one document."""

    def __init__(self) -> None:
        super().__init__("test-editor", "1")
        self.text = ""
        self.version = 0
        self.uri = ""
        self.published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

        @self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: lsp.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

    async def start(self, folder: Path) -> None:
        environment = {**os.environ, "REFLINT_CACHE_DIR": str(folder / "cache")}
        await self.start_io(sys.executable, "-m", "reflint", "lsp", env=environment, cwd=str(folder))
        await self.initialize_async(
            lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), root_uri=folder.as_uri())
        )
        self.initialized(lsp.InitializedParams())

    async def open(self, path: Path, text: str) -> list[lsp.Diagnostic]:
        self.uri, self.text = path.as_uri(), text
        item = lsp.TextDocumentItem(self.uri, "ris", self.version, text)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return list((await self.published.get()).diagnostics)

    async def change(self, place: lsp.Range, new: str) -> list[lsp.Diagnostic]:
        self.version += 1
        self.text = applied(self.text, [lsp.TextEdit(place, new)])
        self.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                [lsp.TextDocumentContentChangePartial(range=place, text=new)],
            )
        )
        return list((await self.published.get()).diagnostics)

    @property
    def document(self) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(self.uri)


def offset(text: str, position: lsp.Position) -> int:
    """Where a position of the protocol (UTF-16 units) stands in a text."""
    start = 0
    for _ in range(position.line):
        start = text.index("\n", start) + 1
    line = text[start:].split("\n")[0]
    return start + len(line.encode("utf-16-le")[: 2 * position.character].decode("utf-16-le"))


def applied(text: str, edits: list[lsp.TextEdit]) -> str:
    for edit in edits:
        text = text[: offset(text, edit.range.start)] + edit.new_text + text[offset(text, edit.range.end) :]
    return text


def session(folder: Path, work: Callable[[Editor], Awaitable[None]]) -> None:
    async def run() -> None:
        editor = Editor()
        await editor.start(folder)
        try:
            await asyncio.wait_for(work(editor), 60)
        finally:
            await editor.shutdown_async(None)
            editor.exit(None)
            await editor.stop()

    asyncio.run(run())


def test_findings_come_and_go_as_one_types(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        found = await editor.open(tmp_path / "a.ris", WRONG)
        codes = {str(one.code): one for one in found}
        assert {"PAG003", "DOI002", "TXT005"} <= set(codes)
        entity = codes["TXT005"].range
        assert WRONG[offset(WRONG, entity.start) : offset(WRONG, entity.end)].startswith("N1")
        line = WRONG.split("\n").index("EP  - 34")
        place = lsp.Range(lsp.Position(line, 6), lsp.Position(line, 8))
        left = await editor.change(place, "434")
        assert "PAG003" not in {one.code for one in left}
        assert "DOI002" in {one.code for one in left}
        editor.text_document_did_close(lsp.DidCloseTextDocumentParams(editor.document))
        assert list((await editor.published.get()).diagnostics) == []

    session(tmp_path, work)


def test_repairs_are_offered_where_they_stand(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        found = await editor.open(tmp_path / "a.ris", WRONG)
        wanted = next(one for one in found if one.code == "DOI002")
        context = lsp.CodeActionContext([wanted], only=[lsp.CodeActionKind.QuickFix])
        actions = await editor.text_document_code_action_async(
            lsp.CodeActionParams(editor.document, wanted.range, context)
        )
        action = next(one for one in actions or [] if one.title.startswith("DOI002"))
        assert isinstance(action, lsp.CodeAction)
        assert action.edit
        edits = (action.edit.changes or {})[editor.uri]
        assert applied(WRONG, edits) == WRONG.replace("https://doi.org/", "")
        context = lsp.CodeActionContext([], only=[lsp.CodeActionKind.SourceFixAll])
        everything = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
        [fix_all] = (
            await editor.text_document_code_action_async(lsp.CodeActionParams(editor.document, everything, context))
            or []
        )
        assert isinstance(fix_all, lsp.CodeAction)
        assert fix_all.edit
        repaired = applied(WRONG, (fix_all.edit.changes or {})[editor.uri])
        options = lsp.FormattingOptions(tab_size=4, insert_spaces=True)
        formatted = await editor.text_document_formatting_async(lsp.DocumentFormattingParams(editor.document, options))
        assert applied(WRONG, list(formatted or [])) == repaired
        assert "https://doi.org/" not in repaired
        assert "EP  - 434" in repaired

    session(tmp_path, work)


def test_a_rule_explains_itself_and_records_are_outlined(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        await editor.open(tmp_path / "a.ris", WRONG + "\n" + WRONG.replace("Sand", "Salt"))
        line = WRONG.split("\n").index("DO  - https://doi.org/10.5555/b")
        hover = await editor.text_document_hover_async(lsp.HoverParams(editor.document, lsp.Position(line, 8)))
        assert hover
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert hover.contents.value.startswith("**DOI002**")
        symbols = await editor.text_document_document_symbol_async(lsp.DocumentSymbolParams(editor.document))
        assert [one.name for one in symbols or []] == ["Sand", "Salt"]
        folds = await editor.text_document_folding_range_async(lsp.FoldingRangeParams(editor.document))
        assert [(one.start_line, one.end_line) for one in folds or []] == [(0, 10), (12, 22)]

    session(tmp_path, work)


def test_settings_of_the_folder_hold_and_other_texts_are_left_alone(tmp_path: Path) -> None:
    async def work(editor: Editor) -> None:
        assert "DOI002" not in {one.code for one in await editor.open(tmp_path / "a.ris", WRONG)}
        assert await editor.open(tmp_path / "b.ris", "@book{x, title={Sand}}\n") == []

    (tmp_path / "reflint.toml").write_text('ignore = ["DOI002"]\n')
    session(tmp_path, work)
