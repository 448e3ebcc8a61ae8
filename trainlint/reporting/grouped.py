"""Findings file by file."""

from collections.abc import Iterator
from itertools import groupby

from trainlint.engine.report import Report
from trainlint.reporting.places import Place, shown_path
from trainlint.reporting.terminal import Terminal


def grouped(report: Report, terminal: Terminal) -> Iterator[str]:
    """Each file's path, with its findings below it and a blank line at the end."""
    for path, findings in groupby(report.findings, key=lambda finding: finding.span.path):
        yield f"{terminal.paint(shown_path(path), 'bold')}:"
        placed = [(Place.of(finding.span, report), finding) for finding in findings]
        widest = max(len(_where(place)) for place, _ in placed)
        for place, finding in placed:
            yield f"  {_where(place):<{widest}}  {finding.code} {finding.name}: {finding.message}"
        yield ""


def _where(place: Place) -> str:
    cell = "" if place.cell is None else f"cell {place.cell}:"
    return f"{cell}{place.start.row}:{place.start.column}"
