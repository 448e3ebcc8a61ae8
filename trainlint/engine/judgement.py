"""What the rules say about an abstract run, as findings with places, fixes and suppressions."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.engine.gate import may_train
from trainlint.engine.report import InternalError, Progress, Report, in_order, unwatched
from trainlint.findings import Confidence, Evidence, Finding, Position, Span
from trainlint.source.texts import Texts

if TYPE_CHECKING:
    from trainlint.cures.changes import Cure
    from trainlint.engine.policy import Policy
    from trainlint.program.training_program import TrainingProgram
    from trainlint.rule import Rule, Sighting
    from trainlint.source.ir import Node

START = Position(1, 1)


def judge(
    program: "TrainingProgram",
    paths: Iterable[Path],
    rules: "Iterable[type[Rule]]",
    progress: Progress = unwatched,
    texts: Texts | None = None,
    policy: "Policy | None" = None,
    *,
    suppress: bool = True,
    fixes: bool = True,
) -> Report:
    """What these rules say about an abstract run, as far as it concerns these files, and as far as the policy wants to hear it.

    Without `suppress`, suppression comments mean nothing. Without `fixes`, which take their time, no finding has one.
    """
    rules, judgement = tuple(rules), _Judgement(program, tuple(paths), texts or Texts(), policy)
    for done, rule in enumerate(rules):
        progress("asking the rules", done, len(rules))
        judgement.ask(rule)
    judgement.prefer_cures()
    if fixes:
        judgement.work_out_fixes()
    judgement.tool_findings({rule.code for rule in rules})
    if suppress:
        judgement.suppress(rules)
    found = judgement.findings if policy is None else [kept for finding in judgement.findings if (kept := policy.shown(finding))]
    findings = in_order(found)
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

    def prefer_cures(self) -> None:
        """Where a place is found twice, the account with a cure comes first."""
        self.findings.sort(key=lambda finding: finding not in self.cures)

    def work_out_fixes(self) -> None:
        """Gives the findings the fixes that their cures make; where a place is found twice, the account with a fix comes first."""
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
