"""Findings for programs: an array of rows in the shape that Ruff made common."""

import json
import os

from trainlint.engine.report import Report
from trainlint.findings import Finding, Fix, Position, Span


def json_rows(report: Report) -> str:
    """The array as text, ASCII alone."""
    return json.dumps([_row(finding) for finding in report.findings], indent=2)


def _row(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "category": finding.category.value,
        **_place(finding.span),
        "evidence": [{**_place(evidence.span), "message": evidence.message} for evidence in finding.evidence],
        "fix": _fix(finding.fix),
        "url": None,
    }


def _fix(fix: Fix | None) -> dict[str, object] | None:
    if fix is None:
        return None
    return {
        "applicability": fix.applicability.value,
        "message": fix.title,
        "edits": [{"content": edit.replacement, **_place(edit.span)} for edit in fix.edits],
    }


def _place(span: Span) -> dict[str, object]:
    return {"filename": os.fspath(span.path), "location": _position(span.start), "end_location": _position(span.end)}


def _position(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}
