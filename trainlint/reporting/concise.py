"""Findings one to a line, for searching and for editors' error lists."""

from collections.abc import Iterator

from trainlint.engine.report import Report
from trainlint.reporting.excerpt import place


def concise(report: Report) -> Iterator[str]:
    """`path:row:column: code name: message` for each finding."""
    for finding in report.findings:
        yield f"{place(finding.span)}: {finding.code} {finding.name}: {finding.message}"
