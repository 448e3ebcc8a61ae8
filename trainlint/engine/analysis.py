"""One check: an abstract run of the files, every selected rule asked about it, and the answers as findings."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.engine.discovery import discover
from trainlint.engine.gate import may_train
from trainlint.engine.report import InternalError, Report
from trainlint.engine.selection import Selection
from trainlint.findings import Confidence, Evidence, Finding, Fix, Position, Span
from trainlint.settings.resolution import Resolution
from trainlint.source.texts import Texts

if TYPE_CHECKING:
    import os

    from trainlint.bindings.importers import ImportIndex
    from trainlint.cures.changes import Cure
    from trainlint.engine.policy import Policy
    from trainlint.program.training_program import TrainingProgram
    from trainlint.rule import Rule, Sighting
    from trainlint.source.ir import Node

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def unwatched(*_: object) -> None:
    """The progress of a check that nobody watches."""


TEXT = Path("<text>")
NOWHERE = Path("/<nowhere>/<nowhere>/<text>").absolute()
START = Position(1, 1)


def check(
    paths: "Iterable[str | os.PathLike[str]]",
    selection: Selection | None = None,
    progress: Progress = unwatched,
    resolution: Resolution | None = None,
    index: "ImportIndex | None" = None,
    *,
    suppress: bool = True,
) -> Report:
    """What the rules find in these files and folders. Neither they nor what they import is ever executed.

    The settings are those of `resolution`; without it no configuration file is read, and `selection` alone says what runs.
    `index` holds the texts where they are not those on the disk, and what is known from an earlier check.
    """
    resolution = resolution or settings_for(selection)
    places = [Path(path) for path in paths]
    files = discover(places, resolution)
    texts = index.texts if index is not None else Texts()
    trains = any(may_train(file, texts) for file in files)
    if not trains and not any(resolution.of_file(file).names_rules for file in files):
        return Report(files=len(files))
    from trainlint.engine.policy import Policy

    policy = Policy(resolution, files)
    policy.validate()  # a misspelt rule is an error whether or not there is anything to check
    if not trains:
        return Report(files=len(files))
    with uncollected():
        return judge(_analysed(places, files, progress, index), files, policy.rules, progress, texts, policy, suppress=suppress)


def settings_for(selection: Selection | None) -> Resolution:
    """The settings that say no more than a selection does."""
    selection = selection or Selection()
    return Resolution({name: getattr(selection, name) for name in ("select", "ignore", "preview", "extend_select")}, isolated=True)


def abstract_run(
    paths: "Iterable[str | os.PathLike[str]]", progress: Progress = unwatched, resolution: Resolution | None = None
) -> "TrainingProgram | None":
    """What happens in these files and folders, before any rule is asked; None where nothing trains."""
    places = [Path(path) for path in paths]
    files = discover(places, resolution)
    if not any(may_train(file) for file in files):
        return None
    with uncollected():
        return _analysed(places, files, progress)


def _analysed(places: Iterable[Path], files: Sequence[Path], progress: Progress, index: "ImportIndex | None" = None) -> "TrainingProgram":
    from trainlint.program.analysis import analyse

    folders = [place for place in places if place.is_dir()]
    read = count()
    return analyse(files, folders, lambda file: progress(f"reading {file.name}", next(read), len(files)), index)


def check_text(text: str, selection: Selection | None = None) -> Report:
    """What the selected rules find in a program that is in no file, and therefore beside none."""
    from trainlint.engine.session import Session

    report = Session().check(NOWHERE, {NOWHERE: text}, resolution=settings_for(selection), most_importers=0)

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


@contextmanager
def uncollected() -> Iterator[None]:
    """Without garbage collection: the trees of a program are many small objects, all of them alive until the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def judge(
    program: "TrainingProgram",
    paths: Iterable[Path],
    rules: "Iterable[type[Rule]]",
    progress: Progress = unwatched,
    texts: Texts | None = None,
    policy: "Policy | None" = None,
    *,
    suppress: bool = True,
) -> Report:
    """What these rules say about an abstract run, as far as it concerns these files, and as far as the policy wants to hear it.

    Without `suppress`, suppression comments mean nothing.
    """
    rules, judgement = tuple(rules), _Judgement(program, tuple(paths), texts or Texts(), policy)
    for done, rule in enumerate(rules):
        progress("asking the rules", done, len(rules))
        judgement.ask(rule)
    judgement.work_out_fixes()
    judgement.tool_findings({rule.code for rule in rules})
    if suppress:
        judgement.suppress(rules)
    found = judgement.findings if policy is None else [kept for finding in judgement.findings if (kept := policy.shown(finding))]
    findings = _in_order(found)
    shown = {span.path for finding in findings for span in (finding.span, *(evidence.span for evidence in finding.evidence))}
    return Report(
        findings=findings,
        files=len(judgement.paths),
        followed=program.loops_followed,
        unfollowed=program.unfollowed,
        internal_errors=tuple(judgement.internal_errors),
        sources={path: program.files[path].text for path in shown if path in program.files},
    )


@dataclass(slots=True)
class _Judgement:
    program: "TrainingProgram"
    paths: tuple[Path, ...]
    texts: Texts
    policy: "Policy | None" = None
    findings: list[Finding] = field(default_factory=list)
    cures: "dict[Finding, tuple[Cure, ...]]" = field(default_factory=dict)
    internal_errors: list[InternalError] = field(default_factory=list)

    def ask(self, rule: "type[Rule]") -> None:
        """Keeps what the rule sees in the selected files, up to where it fails, if it does."""
        try:
            for asked, files in self.policy.asked(rule) if self.policy else [(rule(), frozenset(self.paths))]:
                for sighting in asked.check(self.program):
                    finding = self._finding(rule, sighting)
                    if self.policy:
                        wanted = self.policy.place(finding) in files
                    else:
                        places = (finding.span, *(evidence.span for evidence in finding.evidence))
                        wanted = finding.confidence > Confidence.LOW and any(place.path in files for place in places)
                    if wanted:
                        self.findings.append(finding)
                        if sighting.fix:
                            self.cures.setdefault(finding, sighting.fix if isinstance(sighting.fix, tuple) else (sighting.fix,))
        except Exception as error:  # noqa: BLE001 - whatever a rule does wrong, the others still run
            self._failed(f"`{rule.name}`", error)

    def _failed(self, part: str, error: Exception) -> None:
        import traceback

        trace = "".join(traceback.format_exception(error))
        message = f"{type(error).__name__}: {error}"
        self.internal_errors.append(InternalError(self._file_in_hand(error), part, message, trace))

    def work_out_fixes(self) -> None:
        """Gives the findings the fixes that their cures make; where a place is found twice, the account with a cure comes first."""
        if not self.cures:
            return
        from trainlint.editing.realization import Realization

        realization = Realization(self.program.files)
        try:
            fixes = {finding: realization.fix(*cures) for finding, cures in self.cures.items()}
        except Exception as error:  # noqa: BLE001 - a finding without its fix is better than none
            self._failed("the fixes", error)
        else:
            found = sorted(self.findings, key=lambda finding: fixes.get(finding) is None)
            self.findings = [replace(finding, fix=fixes.get(finding)) for finding in found]

    def _finding(self, rule: "type[Rule]", sighting: "Sighting") -> Finding:
        return Finding(
            code=rule.code,
            name=rule.name,
            message=sighting.message,
            category=sighting.category or rule.category,
            confidence=sighting.confidence,
            span=self._span(sighting.place),
            evidence=tuple(Evidence(self._span(place), message) for place, message in sighting.evidence),
        )

    def _span(self, place: "Node") -> Span:
        return self.program.files[place.chunk.path].span(place)

    def _file_in_hand(self, error: Exception) -> Path:
        """The file of the last node that the failing code held; the first file of the check where it held none."""
        import traceback

        from trainlint.source.ir import Node

        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        nodes = [value for frame in reversed(frames) for value in frame.f_locals.values() if isinstance(value, Node)]
        return nodes[0].chunk.path if nodes else self.paths[0]

    def tool_findings(self, codes: set[str]) -> None:
        """What trainlint says about itself: files that it could not read or parse, and parts of it that failed."""
        from trainlint.rules.tool.internal_error import InternalError as InternalErrorRule
        from trainlint.rules.tool.syntax_error import SyntaxError as SyntaxErrorRule
        from trainlint.rules.tool.unreadable_file import UnreadableFile as UnreadableFileRule

        if UnreadableFileRule.code in codes:
            for path, reason in self.program.unreadable:
                if path in self.paths:
                    self._report(UnreadableFileRule, path, START, f"this file {reason}")
        if SyntaxErrorRule.code in codes:
            for path in self.paths:
                errors = self.program.files[path].syntax_errors if path in self.program.files else ()
                if errors and may_train(path, self.texts):  # what is beside training code is no concern of trainlint's
                    for error in errors:
                        self._report(SyntaxErrorRule, path, Position(error.row, error.column), error.message)
        for path, message in self.program.failures:
            self.internal_errors.append(InternalError(path, "the abstract run", message, ""))
        for failure in self.internal_errors:
            self._report(InternalErrorRule, failure.path, START, f"{failure.part} failed on this file: {failure.message}")

    def suppress(self, rules: "tuple[type[Rule], ...]") -> None:
        """Drops what comments suppress, and says which of them suppress nothing, in files of which everything is known."""
        from trainlint.engine.suppression import Suppressions
        from trainlint.rules.tool.unused_suppression import UnusedSuppression

        suppressions = Suppressions(self.texts, self.paths)
        self.findings = [finding for finding in self.findings if not suppressions.suppress(finding)]
        if UnusedSuppression not in rules or self.internal_errors:
            return
        unknown = {loop.path for loop in self.program.unfollowed}
        known = {path for path in self.paths if path in self.program.files and not self.program.files[path].syntax_errors} - unknown

        def runs(path: Path, rule: "type[Rule]") -> bool:
            return path in known and (self.policy.runs(path, rule) if self.policy else rule in rules)

        self.findings += suppressions.unused(UnusedSuppression, runs)

    def _report(self, rule: "type[Rule]", path: Path, start: Position, message: str) -> None:
        self.findings.append(Finding(rule.code, rule.name, message, rule.category, Confidence.HIGH, Span(path, start, start)))


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, however many ways through the program lead to it, the gravest and surest account first."""
    by_gravity = sorted(findings, key=lambda finding: (finding.severity, finding.confidence), reverse=True)
    once = {(finding.code, finding.span): finding for finding in reversed(by_gravity)}
    return tuple(sorted(once.values(), key=lambda finding: (finding.span, finding.code)))
