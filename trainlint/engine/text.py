"""A check of a program that is a text alone."""

from dataclasses import replace
from pathlib import Path

from trainlint.engine.analysis import settings_for
from trainlint.engine.report import Report
from trainlint.engine.selection import Selection
from trainlint.engine.session import Session
from trainlint.findings import Fix, Span

TEXT = Path("<text>")
_NOWHERE = Path("/<nowhere>/<nowhere>/<text>").absolute()


def check_text(text: str, selection: Selection | None = None) -> Report:
    """What the selected rules find in a program that is in no file, and therefore beside none."""
    report = Session().check(_NOWHERE, {_NOWHERE: text}, resolution=settings_for(selection), most_importers=0)

    def moved(span: Span) -> Span:
        return replace(span, path=TEXT)

    def moved_fix(fix: Fix | None) -> Fix | None:
        return fix and replace(fix, edits=tuple(replace(edit, span=moved(edit.span)) for edit in fix.edits))

    return replace(
        report,
        findings=tuple(
            replace(
                finding,
                span=moved(finding.span),
                evidence=tuple(replace(e, span=moved(e.span)) for e in finding.evidence),
                fix=moved_fix(finding.fix),
            )
            for finding in report.findings
        ),
        unfollowed=tuple(replace(loop, path=TEXT) for loop in report.unfollowed),
        internal_errors=tuple(replace(error, path=TEXT) for error in report.internal_errors),
        sources={TEXT: text},
    )
