"""Findings for programs: rows in the shape that Ruff made common, as one array or one to a line."""

import json
import os
from collections.abc import Iterator

from trainlint.engine.report import Report
from trainlint.findings import Finding, Fix, Position, Span
from trainlint.reporting.places import Place


def json_rows(report: Report) -> str:
    """The array as text, ASCII alone."""
    return json.dumps([_row(finding, report) for finding in report.findings], indent=2)


def json_lines(report: Report) -> Iterator[str]:
    """Each row as a text of one line."""
    for finding in report.findings:
        yield json.dumps(_row(finding, report))


def _row(finding: Finding, report: Report) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "category": finding.category.value,
        **place_row(finding.span, report),
        "evidence": [{**place_row(evidence.span, report), "message": evidence.message} for evidence in finding.evidence],
        "fix": _fix(finding.fix, report),
        "url": None,
    }


def _fix(fix: Fix | None, report: Report) -> dict[str, object] | None:
    if fix is None:
        return None
    return {
        "applicability": fix.applicability.value,
        "message": fix.title,
        "edits": [{"content": edit.replacement, **place_row(edit.span, report)} for edit in fix.edits],
    }


def place_row(span: Span, report: Report) -> dict[str, object]:
    """Where a span stands, as the fields of a row."""
    place = Place.of(span, report)
    return {
        "cell": place.cell,
        "filename": os.fspath(place.path),
        "location": _position(place.start),
        "end_location": _position(place.end),
    }


def _position(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}
