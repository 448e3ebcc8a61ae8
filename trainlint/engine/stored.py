"""A report as plain data that can be stored, and back."""

from pathlib import Path
from typing import Any

from trainlint.engine.report import Report
from trainlint.findings import Applicability, Category, Confidence, Edit, Evidence, Finding, Fix, Position, Severity, Span
from trainlint.program.unfollowed import Unfollowed


def plain(report: Report) -> dict[str, Any]:
    """The report without its texts, in lists and texts alone."""
    return {
        "findings": [_plain_finding(finding) for finding in report.findings],
        "followed": report.followed,
        "unfollowed": [[str(loop.path), loop.row, loop.reason] for loop in report.unfollowed],
    }


def restored(data: Any) -> Report | None:
    """The report that `plain` was given, without its texts; None where the data is of another form."""
    try:
        return Report(
            tuple(_finding(each) for each in data["findings"]),
            followed=data["followed"],
            unfollowed=tuple(Unfollowed(Path(path), row, reason) for path, row, reason in data["unfollowed"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _plain_finding(finding: Finding) -> list[Any]:
    return [
        finding.code,
        finding.name,
        finding.message,
        finding.category.value,
        int(finding.confidence),
        _plain_span(finding.span),
        [[_plain_span(evidence.span), evidence.message] for evidence in finding.evidence],
        None if finding.fix is None else _plain_fix(finding.fix),
        None if finding.severity_set is None else int(finding.severity_set),
    ]


def _plain_fix(fix: Fix) -> list[Any]:
    return [fix.title, [[_plain_span(edit.span), edit.replacement] for edit in fix.edits], fix.applicability.value, fix.reason]


def _plain_span(span: Span) -> list[Any]:
    return [str(span.path), span.start.row, span.start.column, span.end.row, span.end.column]


def _finding(data: list[Any]) -> Finding:
    code, name, message, category, confidence, span, evidence, fix, severity = data
    return Finding(
        code,
        name,
        message,
        Category(category),
        Confidence(confidence),
        _span(span),
        tuple(Evidence(_span(each), said) for each, said in evidence),
        None if fix is None else _fix(fix),
        None if severity is None else Severity(severity),
    )


def _fix(data: list[Any]) -> Fix:
    title, edits, applicability, reason = data
    return Fix(title, tuple(Edit(_span(span), text) for span, text in edits), Applicability(applicability), reason)


def _span(data: list[Any]) -> Span:
    path, first, start, last, end = data
    return Span(Path(path), Position(first, start), Position(last, end))
