"""Applies the fixes of findings, again and again until there is nothing left to apply, and only then writes files."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from trainlint.engine.report import Report
from trainlint.findings import Applicability, Edit, Finding, Fix

MAX_PASSES = 16
"""Fixes that get into each other's way are applied one after the other, so many times at most."""

Check: TypeAlias = Callable[[Mapping[Path, str]], Report]
"""A check of everything, where some files say something else than on the disk."""


@dataclass(slots=True)
class Repair:
    """What applying fixes makes of some files, before anything is written."""

    report: Report
    """What is found afterwards."""
    texts: dict[Path, str] = field(default_factory=dict)
    """The new texts of the files that changed."""
    before: dict[Path, str] = field(default_factory=dict)
    """What the texts of these files were."""
    applied: list[Finding] = field(default_factory=list)
    """The findings that were cured, in the order in which they were."""

    def forget(self, path: Path) -> None:
        """The file stays as it was."""
        self.texts.pop(path, None)
        self.applied = [finding for finding in self.applied if all(edit.span.path != path for edit in _edits(finding))]


def repair(check: Check, read: Callable[[Path], str], files: Collection[Path], *, unsafe: bool) -> Repair:
    """Applies what is applicable of the fixes that a check offers, in these files alone.

    A fix that does not silence its finding is taken back and not tried again, and so is one after which a file does not parse.
    """
    applicable = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    result = Repair(check({}))
    alone: set[tuple[str, Path]] = set()
    futile: set[tuple[str, Path, str]] = set()
    for _ in range(MAX_PASSES):
        offered = [each for each in fixable(result.report.findings, files, applicable) if _mark(each, result.report) not in futile]
        chosen = without_conflicts(_few(offered, alone))
        if not chosen:
            break
        texts = {**result.texts}
        for path in dict.fromkeys(edit.span.path for finding in chosen for edit in _edits(finding)):
            if path not in result.before:
                result.before[path] = read(path)
            texts[path] = _edited(texts.get(path, result.before[path]), path, chosen)
        report = check(texts)
        failed = _not_cured(result.report, report, chosen)
        if failed:
            # Any of them may be to blame: they are tried again one by one, and one that fails alone is left.
            futile |= {_mark(finding, result.report) for finding in chosen if len(chosen) == 1}
            alone |= failed
            continue
        result.report, result.texts = report, texts
        result.applied += chosen
    result.texts = {path: text for path, text in result.texts.items() if text != result.before[path]}
    return result


def fixable(findings: Iterable[Finding], files: Collection[Path], applicable: Collection[Applicability]) -> list[Finding]:
    """The findings whose fix may be applied, and changes these files alone."""
    return [
        finding
        for finding in findings
        if finding.fix is not None
        and finding.fix.edits
        and finding.fix.applicability in applicable
        and all(edit.span.path in files for edit in finding.fix.edits)
    ]


def without_conflicts(findings: Iterable[Finding]) -> list[Finding]:
    """The findings whose fixes can be applied together, those first that come first; a fix is applied whole or not at all."""
    taken: list[Edit] = []
    chosen: list[Finding] = []
    for finding in findings:
        edits = _edits(finding)
        if not any(_touch(edit, other) for edit in edits for other in taken):
            taken += edits
            chosen.append(finding)
    return chosen


def _edits(finding: Finding) -> tuple[Edit, ...]:
    fix: Fix | None = finding.fix
    return fix.edits if fix is not None else ()


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap or meet: of two insertions at one place, nobody knows which should come first."""
    return one.span.path == other.span.path and one.span.start <= other.span.end and other.span.start <= one.span.end


def _edited(text: str, path: Path, findings: Iterable[Finding]) -> str:
    from trainlint.editing.text import apply_edits

    return apply_edits(text, (edit for finding in findings for edit in _edits(finding) if edit.span.path == path))


def _kind(finding: Finding) -> tuple[str, Path]:
    return finding.code, finding.span.path


def _few(findings: list[Finding], alone: Collection[tuple[str, Path]]) -> list[Finding]:
    """The findings without those of some kinds; where there are no others, one of these."""
    return [finding for finding in findings if _kind(finding) not in alone] or findings[:1]


def _mark(finding: Finding, report: Report) -> tuple[str, Path, str]:
    """What tells a finding from others though its row may have moved."""
    rows = report.sources.get(finding.span.path, "").splitlines()
    row = finding.span.start.row - 1
    return finding.code, finding.span.path, rows[row] if row < len(rows) else ""


def _not_cured(before: Report, after: Report, chosen: Iterable[Finding]) -> set[tuple[str, Path]]:
    """The kinds of findings that did not become fewer by as many as were to be cured, or after whose cure a file does not parse."""
    was, now = Counter(map(_kind, before.findings)), Counter(map(_kind, after.findings))
    broken = {path for (code, path), count in now.items() if code == "TL001" and count > was[code, path]}
    cured = Counter(map(_kind, chosen))
    futile = {kind for kind, count in cured.items() if now[kind] > was[kind] - count}
    return futile | {_kind(finding) for finding in chosen if any(edit.span.path in broken for edit in _edits(finding))}
