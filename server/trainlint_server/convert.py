"""Findings of trainlint as diagnostics and edits of the protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types

from trainlint.engine.report import Report
from trainlint.findings import Edit, Finding, Severity, Span
from trainlint_server.checker import Result
from trainlint_server.documents import Documents
from trainlint_server.positions import Lines

SOURCE = "trainlint"
SEVERITY: Mapping[Severity, types.DiagnosticSeverity] = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
INTERNAL_ERROR = "TL003"
"""A failing rule is a line of the log: the author of the text can do nothing about it."""


@dataclass
class Converter:
    """Translates what one result says: its places are those of the texts that were checked."""

    documents: Documents
    report: Report
    _lines: dict[Path, Lines] = field(default_factory=dict)

    def diagnostic(self, finding: Finding) -> types.Diagnostic:
        """A finding, with its evidence as related places and, in `data`, what the protocol has no word for."""
        return types.Diagnostic(
            range=self.range(finding.span),
            severity=SEVERITY[finding.severity],
            code=finding.code,
            source=SOURCE,
            message=finding.message,
            related_information=[
                types.DiagnosticRelatedInformation(self.location(evidence.span), evidence.message) for evidence in finding.evidence
            ],
            data={
                "code": finding.code,
                "name": finding.name,
                "category": finding.category.value,
                "confidence": finding.confidence.name.lower(),
            },
        )

    def location(self, span: Span) -> types.Location:
        """Where a span stands, its file included."""
        return types.Location(self.documents.uri_of(span.path), self.range(span))

    def range(self, span: Span) -> types.Range:
        """Where a span stands in its file."""
        lines = self.lines(span.path)
        return types.Range(lines.to_client(span.start), lines.to_client(span.end))

    def lines(self, path: Path) -> Lines:
        """The text of a file as it was checked."""
        known = self._lines.get(path)
        if known is None:
            text = self.report.sources.get(path)
            document = next((document for document in self.documents if document.path == path), None)
            if text is None:
                known = document.lines if document else Lines("", self.documents.encoding)
            else:
                known = document.lines if document and document.text == text else Lines(text, self.documents.encoding)
            self._lines[path] = known
        return known

    def text_edit(self, edit: Edit) -> types.TextEdit:
        """An edit of a fix."""
        return types.TextEdit(self.range(edit.span), edit.replacement)


def findings_of(result: Result) -> list[Finding]:
    """The findings that stand in the text itself; what stands in other files is shown there."""
    return [finding for finding in result.report.findings if finding.span.path == result.document.path and finding.code != INTERNAL_ERROR]
