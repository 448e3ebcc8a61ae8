"""What the lamp beside a finding offers: its fix, and a comment that has trainlint keep quiet about it."""

from lsprotocol import types

from trainlint_server.convert import SOURCE, Converter, findings_of
from trainlint_server.features import quick_fixes, suppressions
from trainlint_server.server import Server

KINDS = (types.CodeActionKind.QuickFix,)


def register(server: Server) -> None:
    """Adds code actions to a server."""

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=KINDS))
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        wanted = params.context.only
        if wanted is not None and not any(types.CodeActionKind.QuickFix.startswith(kind) for kind in wanted):
            return []
        result = await server.checker.with_fixes(params.text_document.uri)
        if result is None:
            return []
        convert = Converter(server.documents, result.report)
        findings = [finding for finding in findings_of(result) if _touch(convert.range(finding.span), params.range)]
        answers = _diagnostics(params)
        actions: list[types.CodeAction] = []
        for offer in (quick_fixes.offer, suppressions.offer):
            for finding in findings:
                action = offer(server, convert, finding)
                if action is not None:
                    action.diagnostics = answers.get(_key(finding.code, convert.range(finding.span)))
                    actions.append(action)
        return actions


def _touch(one: types.Range, other: types.Range) -> bool:
    return _before(one.start, other.end) and _before(other.start, one.end)


def _before(one: types.Position, other: types.Position) -> bool:
    return (one.line, one.character) <= (other.line, other.character)


def _diagnostics(params: types.CodeActionParams) -> dict[object, list[types.Diagnostic]]:
    """The client's own account of what it shows there; other servers may have written some of it."""
    known: dict[object, list[types.Diagnostic]] = {}
    for diagnostic in params.context.diagnostics:
        if diagnostic.source == SOURCE:
            known.setdefault(_key(diagnostic.code, diagnostic.range), []).append(diagnostic)
    return known


def _key(code: object, place: types.Range) -> object:
    return code, place.start.line, place.start.character, place.end.line, place.end.character
