"""Findings for people: each with its line, and with the places that it rests on."""

import textwrap
from collections.abc import Iterator

from trainlint.engine.report import Report
from trainlint.findings import Confidence, Finding, Severity
from trainlint.reporting.excerpt import excerpt
from trainlint.reporting.places import Place
from trainlint.reporting.terminal import Terminal

STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def full(report: Report, terminal: Terminal) -> Iterator[str]:
    """The lines of a report, a blank one after each finding."""
    for finding in report.findings:
        yield from _finding(finding, report, terminal)
        yield ""


def _finding(finding: Finding, report: Report, terminal: Terminal) -> Iterator[str]:
    style = STYLES[finding.severity]
    doubt = "" if finding.confidence is Confidence.HIGH else f" ({finding.confidence.name.lower()} confidence)"
    heading = f"{terminal.paint(finding.severity.name.lower(), style)} {finding.code} {terminal.paint(finding.name, 'bold')}{doubt}"
    yield f"{Place.of(finding.span, report)}: {heading}"
    yield from _wrapped(finding.message, terminal)
    yield from excerpt(finding.span, report, terminal, mark="^", style=style)
    for evidence in finding.evidence:
        yield from _wrapped(f"{Place.of(evidence.span, report)}: {evidence.message}", terminal)
        yield from excerpt(evidence.span, report, terminal, mark="-", style="cyan")
    if finding.fix:
        yield from _wrapped(f"fix ({finding.fix.applicability.value}): {finding.fix.title}", terminal)


def _wrapped(text: str, terminal: Terminal) -> list[str]:
    if terminal.width is None:
        return [f"  {text}"]
    wrapper = textwrap.TextWrapper(
        max(terminal.width, 20), initial_indent="  ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
    return wrapper.wrap(text)
