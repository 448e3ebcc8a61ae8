"""A comment that has trainlint keep quiet about a finding."""

from lsprotocol import types

from trainlint.findings import Finding
from trainlint.source.suppressions import ignore_edit
from trainlint_server.convert import Converter
from trainlint_server.features.quick_fixes import workspace_edit
from trainlint_server.server import Server

_ITSELF = "TL0"
"""What trainlint says about its own work is of no use when it is silenced."""


def offer(server: Server, convert: Converter, finding: Finding) -> types.CodeAction | None:
    """The comment for the statement in which the finding stands; None where there is no place for one."""
    if finding.code.startswith(_ITSELF):
        return None
    path = finding.span.path
    edit = ignore_edit(path, convert.lines(path).text, finding.span.start.row, [finding.code])
    if edit is None:
        return None
    return types.CodeAction(
        title=f"trainlint ({finding.code}): ignore {finding.name} for this line",
        kind=types.CodeActionKind.QuickFix,
        edit=workspace_edit(server, {server.documents.uri_of(path): [convert.text_edit(edit)]}),
    )
