"""Follows what the editor and the disk do: texts opened, edited and closed, files changed, folders added."""

import asyncio
from collections.abc import Mapping

from lsprotocol import types

from trainlint_server import lifetime
from trainlint_server.features import diagnostics
from trainlint_server.server import Server

WATCHED = ("**/*.py", "**/pyproject.toml", "**/{,.}trainlint.toml")


def register(server: Server) -> None:
    """Adds the notifications to a server."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        if isinstance(options, Mapping) and isinstance(debounce := options.get("debounce"), int):
            server.checker.debounce = debounce / 1000
        server.documents.encoding = server.workspace.position_encoding or types.PositionEncodingKind.Utf16
        _take_folders(server)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        lifetime.end_with(server.process_id)
        workspace = server.client_capabilities.workspace
        if workspace and workspace.did_change_watched_files and workspace.did_change_watched_files.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(pattern) for pattern in WATCHED])
            watched = types.Registration("trainlint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(types.RegistrationParams([watched]))

    @server.feature(types.SHUTDOWN)
    def shut_down(_: None) -> None:
        server.is_shut_down = True

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        if server.documents.open(params.text_document) is not None:
            server.checker.changed_elsewhere()
            diagnostics.renew(server, list(server.documents), asked_by=params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        now = asyncio.get_running_loop().time()
        document = server.documents.change(params.text_document.uri, params.text_document.version, params.content_changes, now)
        if document is not None:
            others = server.checker.changed(document)
            diagnostics.renew(server, [document, *others], asked_by=document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        document = server.documents.close(params.text_document.uri)
        if document is not None:
            server.checker.changed_elsewhere()
            diagnostics.clear(server, document)
            diagnostics.renew(server, list(server.documents))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        document = server.documents.get(params.text_document.uri)
        if document is not None:
            server.documents.mark_deleted(document.uri, deleted=False)
            server.checker.changed_elsewhere()
            diagnostics.renew(server, list(server.documents))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        for event in params.changes:
            server.documents.mark_deleted(event.uri, deleted=event.type is types.FileChangeType.Deleted)
        server.checker.changed_elsewhere()
        diagnostics.renew(server, list(server.documents))

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(_: types.DidChangeWorkspaceFoldersParams) -> None:
        _take_folders(server)
        server.checker.changed_elsewhere()
        diagnostics.renew(server, list(server.documents))


def _take_folders(server: Server) -> None:
    """The folders of the workspace; older clients name a single root."""
    workspace = server.workspace
    folders = [folder.uri for folder in workspace.folders.values()] or [workspace.root_uri]
    server.documents.change_folders(uri for uri in folders if uri)
