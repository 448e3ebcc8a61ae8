"""One probe from beginning to end: read the program, run it, judge, and measure what the faults cost."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.engine.report import Report, notebooks_in
from trainlint.engine.usage import UsageError
from trainlint.observations import Observation
from trainlint.probe.analysing import Analyst
from trainlint.probe.containment.outcome import Containment
from trainlint.probe.counterfactual import Costs, with_costs
from trainlint.probe.interpreters import Interpreter
from trainlint.probe.judging import unobserved, verdicts
from trainlint.probe.runner import Observed, Program, Progress, Request, observe, unwatched
from trainlint.probe.surroundings import in_words
from trainlint.probe.unstepped import why_nothing
from trainlint.source.reading import UnreadableFile, read
from trainlint.verdicts import Outcome, Verdict

if TYPE_CHECKING:
    from trainlint.rule import Rule
    from trainlint.settings.resolution import Resolution

TELLING = 4.0
"""Seconds that are kept for judging and telling; of a short probe, a twentieth of its time."""


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """Everything that a probe tells."""

    program: Program
    interpreter: Interpreter
    request: Request
    timeout: float
    verdicts: tuple[Verdict, ...]
    observed: Observed
    analysis: Report
    """What the analyzer said, and the texts of the files in which verdicts stand."""
    seconds: float
    fixed_losses: tuple[float, ...] = ()
    """The loss at each step with every confirmed fault fixed that can be."""
    original_losses: tuple[float, ...] = ()
    """That of the program as it is, in the same measure: cross-entropy at the logits where the targets are classes."""
    notes: tuple[str, ...] = ()
    """What a reader has to know to take the verdicts for what they are."""

    @property
    def observation(self) -> Observation | None:
        """What the run as it is has shown."""
        return self.observed.observation

    @property
    def steps(self) -> int:
        """How many steps were observed."""
        return self.observation.ending.steps if self.observation else 0

    def count(self, outcome: Outcome) -> int:
        """How many verdicts came out so."""
        return sum(verdict.outcome is outcome for verdict in self.verdicts)


@dataclass(slots=True)
class Watch:
    """Who is told how far a probe is."""

    phase: Callable[[str], None] = lambda phase: None  # noqa: ARG005
    progress: Progress = unwatched
    tick: Callable[[], None] = field(default=lambda: None)


def probe(
    program: Program,
    interpreter: Interpreter,
    request: Request,
    resolution: "Resolution",
    *,
    timeout: float = 120.0,
    started: float | None = None,
    counterfactual: bool = True,
    watch: Watch | None = None,
) -> ProbeReport:
    """Runs a program and judges it. Raises UsageError where there is nothing to run.

    `timeout` holds for everything together, from `started` on (of the monotonic clock; by default from now on): the runs, the
    analysis beside the first of them, and the judging.
    """
    started, watch = time.monotonic() if started is None else started, watch or Watch()
    deadline = started + timeout - min(TELLING, timeout / 20)
    if not program.script.is_file():
        raise UsageError(f"there is no file `{program.shown}`")
    rules = _rules_for([program.script], resolution)
    analyst = Analyst(resolution)
    analyst.begin([program.script])
    try:
        watch.phase("running the program")
        observed = observe(program, request, seconds=deadline - time.monotonic(), progress=watch.progress, on_tick=watch.tick)
        observed = _looked_at_again(observed, program, request, deadline, watch)
        watch.phase("reading the program")
        files = [program.script, *_files_of(observed.observation, program)]
        analysis, late = analyst.report(files, until=deadline, tick=watch.tick)
    finally:
        analyst.end()
    watch.phase("judging")
    if len(files) > 1:
        rules = _rules_for(files, resolution)
    findings = tuple(finding for finding in analysis.findings if not finding.code.startswith("TL0"))
    observation = observed.observation
    if observation is None or not _stepped(observation):
        judged = verdicts(findings, observation, rules) if observation is not None else ()
        kept = tuple(verdict for verdict in judged if verdict.outcome is Outcome.CONFIRMED)
        known = {verdict.finding for verdict in kept}
        reason = why_nothing(observed, program)
        judged = kept + unobserved([finding for finding in findings if finding not in known], reason)
    else:
        judged = verdicts(findings, observation, rules)
    costs = Costs(judged)
    if counterfactual and observation is not None:
        costs = with_costs(judged, program, request, observed, deadline=deadline, tick=watch.tick, phase=watch.phase)
    judged = costs.verdicts
    return ProbeReport(
        program,
        interpreter,
        request,
        timeout,
        judged,
        observed,
        _with_texts(analysis, judged, observation),
        time.monotonic() - started,
        fixed_losses=costs.fixed_losses,
        original_losses=costs.original_losses,
        notes=(*_notes(observed, request), *([late] if late else [])),
    )


def _looked_at_again(observed: Observed, program: Program, request: Request, deadline: float, watch: Watch) -> Observed:
    """The observation, completed by what takes a run of its own: the first value that is not finite, and learning one batch."""
    observation = observed.observation
    if observation is None:
        return observed
    if observation.non_finite is not None and deadline - time.monotonic() > observed.outcome.seconds * 2:
        watch.phase("looking for the first value that is not finite")
        again = observe(program, request, seconds=deadline - time.monotonic(), finite=True, light=True, on_tick=watch.tick)
        if again.observation is not None and again.observation.non_finite is not None:
            observation = replace(observation, non_finite=again.observation.non_finite)
    if request.overfit and deadline - time.monotonic() > observed.outcome.seconds:
        watch.phase("learning one batch by heart")
        seconds = deadline - time.monotonic()
        again = observe(program, replace(request, steps=_BY_HEART), seconds=seconds, light=True, overfit=True, on_tick=watch.tick)
        if again.observation is not None and again.observation.overfit:
            observation = replace(observation, overfit=again.observation.overfit)
    return replace(observed, observation=observation)


_BY_HEART = 150
"""Steps on one batch: sound small networks may need more than the forty of a plain run."""


def _stepped(observation: Observation) -> bool:
    return observation.ending.steps > 0


def _rules_for(files: Sequence[Path], resolution: "Resolution") -> "tuple[type[Rule], ...]":
    """The rules to be judged. Raises UsageError for one that is misspelt."""
    from trainlint.engine.policy import Policy

    policy = Policy(resolution, [file.resolve() for file in files])
    policy.validate()
    return policy.rules


def _files_of(observation: Observation | None, program: Program) -> list[Path]:
    """The files of the project that places of the observation lie in, but for the script itself."""
    if observation is None:
        return []
    places = [
        *(layer.constructed for layer in observation.layers),
        *(loss.place for loss in observation.losses),
        *(forward.place for forward in observation.forwards),
        *(optimizer.stepped for optimizer in observation.optimizers),
        *(backward.place for backward in observation.backwards),
    ]
    paths = [Path(path) for path in sorted({place.path for place in places if place})]
    folder, script = program.folder.resolve(), program.script.resolve()
    return [path for path in paths if path.is_relative_to(folder) and path.is_file() and path != script]


def _with_texts(analysis: Report, judged: Iterable[Verdict], observation: Observation | None) -> Report:
    """The analysis, with the text of every file that a verdict or the program's failure stands in."""
    texts = dict(analysis.sources)
    findings = [verdict.finding for verdict in judged]
    paths = [span.path for finding in findings for span in (finding.span, *(evidence.span for evidence in finding.evidence))]
    failure = observation.ending.failure if observation is not None else None
    if failure is not None and failure.place is not None:
        paths.append(Path(failure.place.path))
    for path in paths:
        if path not in texts:
            with suppress(UnreadableFile):
                texts[path] = read(path)
    return replace(analysis, sources=texts, notebooks=notebooks_in(texts))


def _notes(observed: Observed, request: Request) -> tuple[str, ...]:
    notes: list[str] = []
    if request.processes > 1:
        notes.append(f"the first of {request.processes} processes ran alone, as all of its world")
    observation = observed.observation
    if observation is not None:
        notes += [words if kind == "note" else f"{kind}: {words}" for kind, words in in_words(observation.incidents)]
        if not observation.surroundings.columns:
            notes.append(f"Python {observation.surroundings.python} knows rows alone: columns come from the source")
    if not observed.outcome.compared and observed.outcome.containment is not Containment.NAMESPACES:
        notes.append("the project folder holds more files than could be compared: what changed in the rest is not known")
    if observed.outcome.changes:
        changes = ", ".join(f"{change.path} ({change.how})" for change in observed.outcome.changes[:5])
        notes.append(f"these files of the project are not as they were before: {changes}")
    return tuple(notes)
