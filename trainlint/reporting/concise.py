"""Findings one to a line, for searching and for editors' error lists."""

from collections.abc import Iterator

from trainlint.engine.report import Report
from trainlint.findings import Applicability
from trainlint.reporting.places import Place
from trainlint.reporting.terminal import Terminal


def concise(report: Report, terminal: Terminal) -> Iterator[str]:
    """`path:row:column: code name: message` for each finding; `[*]` marks those that `--fix` cures."""
    for finding in report.findings:
        curable = finding.fix is not None and finding.fix.edits and finding.fix.applicability is Applicability.SAFE
        mark = f" [{terminal.paint('*', 'cyan')}]" if curable else ""
        yield f"{Place.of(finding.span, report)}: {terminal.paint(finding.code, 'bold')} {finding.name}:{mark} {finding.message}"
