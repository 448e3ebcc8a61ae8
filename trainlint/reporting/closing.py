"""The last words of a check: what it found, and how much of the program that rests on."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from trainlint.engine.report import Report
from trainlint.findings import Applicability, Finding, Severity
from trainlint.reporting.places import shown_path

if TYPE_CHECKING:
    from trainlint.program.unfollowed import Unfollowed


def closing(report: Report, *, verbose: bool) -> Iterator[str]:
    """One line; before it, where asked for, each loop that was not followed and each failure of trainlint itself."""
    if verbose:
        for loop in report.unfollowed:
            yield f"{_where(loop, report)}: training loop not followed: {loop.reason}"
        for error in report.internal_errors:
            yield f"{shown_path(error.path)}: {error.part} failed: {error.message}"
            yield from error.traceback.splitlines()
    more = " (--verbose says which and why)" if not verbose and (report.unfollowed or report.internal_errors) else ""
    yield f"{_found(report)}{_fixable(report)} Checked {number(report.files, 'file')}{_loops(report)}{more}."


def _where(loop: "Unfollowed", report: Report) -> str:
    cells = report.notebooks.get(loop.path)
    if cells is None:
        return f"{shown_path(loop.path)}:{loop.row}"
    cell, row = cells.locate(loop.row)
    return f"{shown_path(loop.path)}:cell {cell}:{row}"


def _found(report: Report) -> str:
    counts = Counter(finding.severity for finding in report.findings)
    parts = [number(counts[severity], severity.name.lower()) for severity in sorted(Severity, reverse=True) if counts[severity]]
    return f"Found {', '.join(parts)}." if parts else "No findings."


def _fixable(report: Report) -> str:
    """How many of the findings `--fix` would take care of."""
    counts = Counter(finding.fix.applicability for finding in report.findings if finding.fix is not None)
    safe, unsafe = counts[Applicability.SAFE], counts[Applicability.UNSAFE]
    if not safe and not unsafe:
        return ""
    if not unsafe:
        return f" {safe} fixable with --fix."
    return f" {f'{safe} fixable with --fix, {unsafe} more' if safe else f'{unsafe} fixable'} with --fix --unsafe-fixes."


def fixed(applied: Collection[Finding], *, would: bool = False) -> str:
    """What was fixed, or would be."""
    files = {edit.span.path for finding in applied if finding.fix is not None for edit in finding.fix.edits}
    if not applied:
        return "Nothing to fix."
    return f"{'Would fix' if would else 'Fixed'} {number(len(applied), 'finding')} in {number(len(files), 'file')}."


def _loops(report: Report) -> str:
    unfollowed = len(report.unfollowed)
    if not report.followed and not unfollowed:
        return ", found no training loop"
    lost = f", could not follow {unfollowed}" if unfollowed else ""
    return f", followed {number(report.followed, 'training loop')}{lost}"


def number(count: int, noun: str) -> str:
    """A count with its noun: "1 file", "2 files"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
