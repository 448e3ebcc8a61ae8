"""A comment that has trainlint keep quiet about a finding."""

import io
import re
import tokenize
from collections.abc import Iterator

from lsprotocol import types

from trainlint.findings import Finding, Position
from trainlint_server.convert import Converter
from trainlint_server.features.quick_fixes import workspace_edit
from trainlint_server.positions import Lines
from trainlint_server.server import Server

_SUPPRESSION = re.compile(r"#\s*trainlint:\s*ignore\[([^\]]*)\]")
_ITSELF = "TL0"
"""What trainlint says about its own work is of no use when it is silenced."""


def offer(server: Server, convert: Converter, finding: Finding) -> types.CodeAction | None:
    """Adds the comment at the end of the finding's row, or the code to the comment that is there."""
    if finding.code.startswith(_ITSELF):
        return None
    edit = _edit(convert.lines(finding.span.path), finding)
    return types.CodeAction(
        title=f"trainlint ({finding.code}): ignore {finding.name} for this line",
        kind=types.CodeActionKind.QuickFix,
        edit=workspace_edit(server, {server.documents.uri_of(finding.span.path): [edit]}),
    )


def _edit(lines: Lines, finding: Finding) -> types.TextEdit:
    row = _row_for_comment(lines, finding.span.start.row)
    line = lines.line(row - 1)
    known = _SUPPRESSION.search(line)
    if known:
        column, text = known.end(1) + 1, f", {finding.code}" if known[1].strip() else finding.code
    else:
        column, text = len(line.rstrip()) + 1, f"  # trainlint: ignore[{finding.code}]"
    start = lines.to_client(Position(row, column))
    return types.TextEdit(types.Range(start, start if known else lines.to_client(Position(row, len(line) + 1))), text)


def _row_for_comment(lines: Lines, row: int) -> int:
    """The first row from this one on that may end in a comment: none does inside of a string or before a continued row."""
    closed = {number for first, last in _strings(lines.text) for number in range(first, last)}
    while row < lines.count and (row in closed or lines.line(row - 1).endswith("\\")):
        row += 1
    return row


def _strings(text: str) -> Iterator[tuple[int, int]]:
    """First and last rows of the strings of more than one row, as far as the text can be read."""
    opened: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            name = tokenize.tok_name[token.type]
            if name.endswith("STRING_START"):
                opened.append(token.start[0])
            elif name.endswith("STRING_END"):
                yield opened.pop(), token.end[0]
            elif name == "STRING" and token.end[0] > token.start[0]:
                yield token.start[0], token.end[0]
    except (tokenize.TokenError, SyntaxError):
        return
