"""Hovering over a finding shows the page of its rule."""

from lsprotocol import types

from trainlint_server.convert import Converter, findings_of
from trainlint_server.server import Server


def register(server: Server) -> None:
    """Adds hovers to a server."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        from trainlint.engine.catalogue import find
        from trainlint.reporting.page import markdown

        result = await server.checker.result(params.text_document.uri)
        if result is None:
            return None
        place = result.document.lines.from_client(params.position)
        under = [finding for finding in findings_of(result) if finding.span.start <= place <= finding.span.end]
        if not under:
            return None
        pages = [markdown(find(code)) for code in dict.fromkeys(finding.code for finding in under)]
        content = types.MarkupContent(_kind(server), "\n---\n\n".join(pages))
        return types.Hover(content, Converter(server.documents, result.report).range(under[0].span))


def _kind(server: Server) -> types.MarkupKind:
    """Markdown, if the client can show it."""
    text = server.client_capabilities.text_document
    formats = text.hover.content_format if text and text.hover else None
    return types.MarkupKind.PlainText if formats and types.MarkupKind.Markdown not in formats else types.MarkupKind.Markdown
