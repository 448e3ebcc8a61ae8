"""A finding's own fix, as an edit that the client applies."""

from lsprotocol import types

from trainlint.findings import Applicability, Finding
from trainlint_server.convert import Converter
from trainlint_server.server import Server


def offer(server: Server, convert: Converter, finding: Finding) -> types.CodeAction | None:
    """The fix of a finding, if it has one that can be applied; one that cannot change the result for the worse is preferred."""
    fix = finding.fix
    if fix is None or fix.applicability is Applicability.DISPLAY_ONLY:
        return None
    changes: dict[str, list[types.TextEdit]] = {}
    for edit in fix.edits:
        changes.setdefault(server.documents.uri_of(edit.span.path), []).append(convert.text_edit(edit))
    is_safe = fix.applicability is Applicability.SAFE
    return types.CodeAction(
        title=f"trainlint ({finding.code}): {fix.title}" if is_safe else f"trainlint ({finding.code}): {fix.title} (unsafe: {fix.reason})",
        kind=types.CodeActionKind.QuickFix,
        is_preferred=is_safe or None,
        edit=workspace_edit(server, changes),
    )


def workspace_edit(server: Server, changes: dict[str, list[types.TextEdit]]) -> types.WorkspaceEdit:
    """The edits, with the versions that they are meant for where the client looks at those."""
    workspace = server.client_capabilities.workspace
    if not (workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes):
        return types.WorkspaceEdit(changes=dict(changes))
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(
                    uri, open_document.version if (open_document := server.documents.get(uri)) else None
                ),
                list(edits),
            )
            for uri, edits in changes.items()
        ]
    )
