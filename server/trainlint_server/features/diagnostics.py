"""Diagnostics: pulled by clients that can, pushed to the others, never both."""

import asyncio
import hashlib
import json
from collections.abc import Coroutine, Sequence

from lsprotocol import converters, types

from trainlint_server.checker import Result
from trainlint_server.convert import Converter, findings_of
from trainlint_server.documents import Document
from trainlint_server.server import NAME, Server

_CONVERTER = converters.get_converter()


def register(server: Server) -> None:
    """Adds the pull model to a server."""
    options = types.DiagnosticOptions(identifier=NAME, inter_file_dependencies=True, workspace_diagnostics=False)

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def pull(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        result = await server.checker.result(params.text_document.uri)
        items = diagnostics_of(server, result) if result else []
        result_id = _identity(items)
        if result_id == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
        return types.RelatedFullDocumentDiagnosticReport(items, result_id=result_id)


def diagnostics_of(server: Server, result: Result) -> list[types.Diagnostic]:
    """What a result says about its own text."""
    convert = Converter(server.documents, result.report)
    return [convert.diagnostic(finding) for finding in findings_of(result)]


def renew(server: Server, documents: Sequence[Document], asked_by: str | None = None) -> None:
    """Sees to it that the client learns what is in these texts now; what a client that pulls has changed itself, it asks for."""
    if server.pulls:
        if server.can_refresh and any(document.uri != asked_by for document in documents):
            _start(server, _refresh(server))
        return
    for document in documents:
        _start(server, _push(server, document))


def clear(server: Server, document: Document) -> None:
    """Takes back what was said about a text; a client that pulls forgets it by itself."""
    if not server.pulls:
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(document.uri, []))


async def _push(server: Server, document: Document) -> None:
    """Publishes what there is in the newest version, once, however many edits have asked for it."""
    if document.uri in server.pushing:
        return
    server.pushing.add(document.uri)
    try:
        while (result := await server.checker.result(document.uri)) is not None:
            if result.document is server.documents.get(document.uri):
                items = diagnostics_of(server, result)
                server.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(document.uri, items, version=result.document.version)
                )
                break
    finally:
        server.pushing.discard(document.uri)


async def _refresh(server: Server) -> None:
    """Has the client ask for all texts again, once the typing pauses."""
    if server.is_refreshing:
        return
    server.is_refreshing = True
    try:
        await server.checker.pause()
    finally:
        server.is_refreshing = False
    await server.workspace_diagnostic_refresh_async(None)


def _start(server: Server, work: Coroutine[object, object, None]) -> None:
    """Has something done without waiting for it."""
    task = asyncio.get_running_loop().create_task(work)
    server.tasks.add(task)  # the loop itself does not hold on to it
    task.add_done_callback(server.tasks.discard)


def _identity(items: Sequence[types.Diagnostic]) -> str:
    """The same for the same diagnostics, whatever the text around them."""
    return hashlib.blake2b(json.dumps(_CONVERTER.unstructure(list(items)), sort_keys=True).encode(), digest_size=12).hexdigest()
