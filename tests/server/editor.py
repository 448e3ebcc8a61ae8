"""An editor without a window: the client of pygls, with a memory for what the server sends.

`pytest-lsp` would be the alternative. It brings pytest-asyncio, whose mere presence fails a suite with `filterwarnings = error` and
`--strict-config` wherever its options are not set, and its client lives in a fixture, while these tests start, starve and kill theirs.
"""

import asyncio
import atexit
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from subprocess import PIPE
from typing import Any, TypeVar

from lsprotocol import types
from pygls.io_ import run_async
from pygls.lsp.client import LanguageClient

F = TypeVar("F", bound=Callable[..., object])
PATIENCE = 30.0
"""Seconds after which a test gives up."""
UTF16 = types.PositionEncodingKind.Utf16
ENCODINGS = (types.PositionEncodingKind.Utf8, UTF16, types.PositionEncodingKind.Utf32)
COMMAND = (sys.executable, "-m", "trainlint_server")
ZYGOTE = Path(__file__).with_name("zygote.py")


def in_time(work: Coroutine[Any, Any, None]) -> None:
    """Runs a test of a session; one that hangs fails."""
    asyncio.run(asyncio.wait_for(work, PATIENCE * 2))


def capabilities(
    encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16, *, pulls: bool = False
) -> types.ClientCapabilities:
    """What an editor says about itself."""
    text = types.TextDocumentClientCapabilities(
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True, version_support=True, data_support=True),
        diagnostic=types.DiagnosticClientCapabilities() if pulls else None,
    )
    workspace = types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True) if pulls else None,
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
    )
    general = types.GeneralClientCapabilities(position_encodings=[encoding])
    return types.ClientCapabilities(text_document=text, workspace=workspace, general=general)


class Editor(LanguageClient):
    """One session with a server."""

    def __init__(self, encoding: types.PositionEncodingKind = UTF16) -> None:
        super().__init__("a test", "1")
        self.encoding = encoding
        self.published: list[types.PublishDiagnosticsParams] = []
        self.log: list[str] = []
        self.refreshes = 0
        self.registered: list[str] = []
        self.texts: dict[str, tuple[int, str]] = {}
        self._news = asyncio.Event()
        self._listen()

    def _listen(self) -> None:
        hear: Callable[[str], Callable[[F], F]] = self.feature

        @hear(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.published.append(params)
            self._news.set()

        @hear(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams) -> None:
            self.log.append(params.message)
            self._news.set()

        @hear(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def refreshed(_: None) -> None:
            self.refreshes += 1
            self._news.set()

        @hear(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            self.registered.extend(registration.method for registration in params.registrations)
            self._news.set()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Anything on the wire that is not the protocol fails the test."""
        raise AssertionError(f"{source}: {error}")

    async def connect(self, path: Path) -> None:
        """Talks to a server that listens on a socket."""
        reader, writer = await asyncio.open_unix_connection(path)
        self.protocol.set_writer(writer)
        work = run_async(stop_event=self._stop_event, reader=reader, protocol=self.protocol, error_handler=self.report_server_error)
        self._async_tasks.append(asyncio.create_task(work))

    async def end(self) -> None:
        """Forgets the connection."""
        self._stop_event.set()
        for task in self._async_tasks:
            task.cancel()
        await asyncio.gather(*self._async_tasks, return_exceptions=True)
        writer = self.protocol.writer
        if isinstance(writer, asyncio.StreamWriter):
            writer.close()

    def open(self, path: Path | str, text: str, version: int = 1) -> str:
        """Shows a text, which need not be what is on the disk; gives its URI."""
        uri = path if isinstance(path, str) else path.as_uri()
        self.texts[uri] = version, text
        self.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", version, text)))
        return uri

    def replace(self, uri: str, old: str, new: str) -> int:
        """Edits the one place where a text says something; gives the new version."""
        version, text = self.texts[uri]
        before, found, after = text.partition(old)
        assert found, f"{old!r} is not in the text"
        change = types.TextDocumentContentChangePartial(types.Range(self.place(before), self.place(before + old)), new)
        self.texts[uri] = version + 1, before + new + after
        identifier = types.VersionedTextDocumentIdentifier(version + 1, uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        return version + 1

    def close(self, uri: str) -> None:
        """Closes a text."""
        del self.texts[uri]
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def place(self, before: str) -> types.Position:
        """The position behind a text, in the units of this editor."""
        line = before.rpartition("\n")[2]
        width = {"utf-8": len(line.encode()), "utf-16": len(line.encode("utf-16-le")) // 2, "utf-32": len(line)}[self.encoding.value]
        return types.Position(before.count("\n"), width)

    def under(self, uri: str, place: types.Range) -> str:
        """What a text says in a range."""
        lines = self.texts[uri][1].split("\n")[place.start.line : place.end.line + 1]
        code = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[self.encoding.value]
        unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding.value]
        lines[-1] = lines[-1].encode(code)[: place.end.character * unit].decode(code)
        lines[0] = lines[0].encode(code)[place.start.character * unit :].decode(code)
        return "\n".join(lines)

    def apply(self, edit: types.WorkspaceEdit) -> dict[str, str]:
        """The texts after an edit, by URI, with the versions checked that it is meant for."""
        assert edit.document_changes is not None
        edited: dict[str, str] = {}
        for change in edit.document_changes:
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            version, text = self.texts[uri]
            assert change.text_document.version == version
            for one in sorted(change.edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True):
                assert isinstance(one, types.TextEdit)
                text = text[: self._offset(text, one.range.start)] + one.new_text + text[self._offset(text, one.range.end) :]
            edited[uri] = text
        return edited

    def _offset(self, text: str, place: types.Position) -> int:
        lines = text.split("\n")
        before = sum(len(line) + 1 for line in lines[: place.line])
        return next(before + i for i in range(len(lines[place.line]) + 1) if self.place(lines[place.line][:i]).character == place.character)

    async def until(self, what: str, condition: Any) -> None:
        """Waits until something holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.01, end - time.monotonic()))
            except TimeoutError:
                raise AssertionError(f"waited in vain for {what}; published {self.published}, log {self.log}") from None

    def shown(self, uri: str) -> Sequence[types.Diagnostic]:
        """The diagnostics that the server published last."""
        return next((p.diagnostics for p in reversed(self.published) if p.uri == uri), ())

    async def pushed(self, uri: str, version: int) -> Sequence[types.Diagnostic]:
        """The diagnostics that the server publishes for a version of a text."""
        await self.until(f"version {version} of {uri}", lambda: any(p.uri == uri and p.version == version for p in self.published))
        return next(p for p in reversed(self.published) if p.uri == uri and p.version == version).diagnostics

    async def pulled(self, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        """What the server answers when it is asked for diagnostics."""
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=previous)
        return await asyncio.wait_for(self.text_document_diagnostic_async(params), PATIENCE)

    async def actions(self, uri: str, place: types.Range, diagnostics: Sequence[types.Diagnostic] = ()) -> list[types.CodeAction]:
        """What the lamp offers."""
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), place, types.CodeActionContext(list(diagnostics)))
        found = await asyncio.wait_for(self.text_document_code_action_async(params), PATIENCE)
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def hovered(self, uri: str, place: types.Position) -> types.Hover | None:
        """What hovering shows."""
        return await asyncio.wait_for(self.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), place)), PATIENCE)


def names(diagnostics: Sequence[types.Diagnostic]) -> list[str]:
    """The rules behind diagnostics."""
    return sorted(str(diagnostic.data["name"]) for diagnostic in diagnostics if isinstance(diagnostic.data, Mapping))


@cache
def zygote() -> Path:
    """The socket of a process from which sessions split off, started when first asked for."""
    folder = tempfile.TemporaryDirectory(prefix="trainlint-")
    path = Path(folder.name, "socket")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, ZYGOTE, path], stdin=PIPE, stdout=PIPE, env=environment)
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"

    def end() -> None:
        process.communicate()
        folder.cleanup()

    atexit.register(end)
    return path


@asynccontextmanager
async def session(
    *folders: Path,
    able: types.ClientCapabilities | None = None,
    command: Sequence[str] = (),
    only_root: bool = False,
    process_id: int | None = None,
    options: Mapping[str, object] | None = None,
    **process: Any,
) -> AsyncIterator[Editor]:
    """A server, initialized for some workspace folders, and shut down at the end.

    With a command, it is a process of its own, which must end with exit status 0 unless the test has ended it before.
    """
    able = able or capabilities()
    assert able.general
    assert able.general.position_encodings
    editor = Editor(types.PositionEncodingKind(able.general.position_encodings[0]))
    if command or not hasattr(os, "fork"):
        await editor.start_io(*(command or COMMAND), **process)
    else:
        await editor.connect(zygote())
    workspace = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]
    root = folders[0].as_uri() if folders else None
    params = types.InitializeParams(
        able,
        process_id=process_id,
        workspace_folders=None if only_root else workspace,
        root_uri=root,
        initialization_options=None if options is None else dict(options),
    )
    result = await asyncio.wait_for(editor.initialize_async(params), PATIENCE)
    assert result.capabilities.position_encoding == editor.encoding
    editor.initialized(types.InitializedParams())
    yield editor
    server = editor._server
    if server is None or server.returncode is None:
        await asyncio.wait_for(editor.shutdown_async(None), PATIENCE)
        editor.exit(None)
        if server is not None:
            await asyncio.wait_for(server.wait(), PATIENCE)
            assert server.returncode == 0
    await editor.end()
