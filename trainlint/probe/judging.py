"""Every judge is asked about a run; what it says meets the findings of the analyzer, and what nobody had found becomes a finding."""

from collections.abc import Iterable, Sequence

from trainlint.engine.catalogue import find
from trainlint.findings import Confidence, Evidence, Finding
from trainlint.observations import Observation, Place
from trainlint.probe.reach import is_reached
from trainlint.probe.sources import meets, span_of
from trainlint.rule import Rule
from trainlint.verdicts import Outcome, Ruling, Verdict, inconclusive

ANALYSIS, RUN = "analysis", "run"
_GRAVITY = (Outcome.CONFIRMED, Outcome.INCONCLUSIVE, Outcome.NOT_REPRODUCED)


def verdicts(findings: Iterable[Finding], observation: Observation, rules: Sequence[type[Rule]]) -> tuple[Verdict, ...]:
    """A verdict on each finding, then those on what the run alone has shown, in the order of their places."""
    rulings = {rule.code: tuple(rule().judge(observation)) for rule in rules}
    judged: list[Verdict] = []
    met: set[int] = set()
    for finding in findings:
        own = rulings.get(finding.code, ())
        meeting = [ruling for ruling in own if _meets(ruling, finding, observation)]
        met.update(id(ruling) for ruling in meeting)
        worst = min(meeting, key=_gravest, default=None)
        judged.append(Verdict(finding, worst or _unsettled(finding, own, observation), ANALYSIS))
    for rule in rules:
        for ruling in rulings[rule.code]:
            place = ruling.place or (ruling.related[0][0] if ruling.related else None)
            if ruling.outcome is Outcome.CONFIRMED and ruling.message and id(ruling) not in met and place is not None:
                judged.append(Verdict(_found(rule, ruling, place), ruling, RUN))
    judged = [verdict for verdict in judged if not is_explained(verdict, judged)]
    once = {(verdict.finding.code, verdict.finding.span): verdict for verdict in reversed(judged)}
    return tuple(sorted(once.values(), key=lambda verdict: (verdict.finding.span, verdict.finding.code)))


def is_explained(verdict: Verdict, others: Iterable[Verdict]) -> bool:
    """Whether a confirmed fault of the program itself is the cause of what the run has shown."""
    causes = [other for other in others if other.outcome is Outcome.CONFIRMED and not other.finding.code.startswith("TL9")]
    if verdict.found_by == RUN and any(other.finding.name in _CAUSES.get(verdict.finding.name, ()) for other in causes):
        return True
    if verdict.found_by != RUN or verdict.finding.name not in _CONSEQUENCES:
        return False
    return any(other.finding.fails_build and other.finding.name not in _HARMLESS_TO_TRAINING for other in causes)


_CONSEQUENCES = frozenset(
    "loss-not-decreasing non-finite-values vanishing-gradients exploding-gradients dead-units saturated-units update-ratio "
    "initial-loss-off cannot-overfit-one-batch parameters-never-updated".split()
)
"""What any grave fault may bring about: one cause, one finding."""
_CAUSES = {
    "evaluation-in-train-mode": frozenset({"train-mode-in-evaluation", "inert-flag", "uncalled-method"}),
    "update-ratio": frozenset({"learning-rate-out-of-range"}),
    "samples-mixed": frozenset({"softmax-over-wrong-axis"}),
}
"""What says more about the same mechanism."""
_HARMLESS_TO_TRAINING = frozenset({"evaluation-in-train-mode", "evaluation-builds-graph", "batchnorm-after-dropout", "retained-graph"})


def unobserved(findings: Iterable[Finding], reason: str) -> tuple[Verdict, ...]:
    """The verdicts where no step was observed."""
    return tuple(Verdict(finding, inconclusive(None, reason), ANALYSIS) for finding in findings)


def _gravest(ruling: Ruling) -> tuple[int, float]:
    """The confirmed first, of those the one with the largest measure."""
    return _GRAVITY.index(ruling.outcome), -abs(ruling.value or 0.0)


def _meets(ruling: Ruling, finding: Finding, observation: Observation) -> bool:
    spans = (finding.span, *(evidence.span for evidence in finding.evidence))
    place = ruling.place
    return is_reached(spans, observation) if place is None else any(meets(place, span) for span in spans)


def _unsettled(finding: Finding, rulings: tuple[Ruling, ...], observation: Observation) -> Ruling:
    ending = observation.ending
    if ending.failure is not None:
        return inconclusive(None, f"the program raised {ending.failure.kind} after {ending.steps} steps, before it came here")
    if rulings:
        return inconclusive(None, f"this place was not reached within {ending.steps} steps")
    if find(finding.code).judge is Rule.judge:
        return inconclusive(None, "this is about how the program is written: no measurement of a run settles it")
    return inconclusive(None, f"nothing that settles `{finding.name}` was seen within {ending.steps} steps")


def _found(rule: type[Rule], ruling: Ruling, place: Place) -> Finding:
    return Finding(
        code=rule.code,
        name=rule.name,
        message=ruling.message or rule.summary(),
        category=ruling.category or rule.category,
        confidence=Confidence.HIGH,
        span=span_of(place),
        evidence=tuple(Evidence(span_of(where), what) for where, what in ruling.related if where != place),
    )
