"""What a fault costs: the program with it against the program without it, all other confirmed faults fixed in both.

Faults mask each other: of five in one small network, curing any one alone may change nothing. So each is measured against the
program in which all confirmed faults are fixed that have a fix. The edits are applied in memory; randomness is aligned, so that
an edit without effect measures exactly 0.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from threading import Lock

from trainlint.editing.text import Overlap, apply_edits
from trainlint.engine.repair import without_conflicts
from trainlint.findings import Applicability
from trainlint.observations import Observation
from trainlint.probe.runner import Observed, Program, Request, observe
from trainlint.source.reading import UnreadableFile, read
from trainlint.verdicts import Cost, Outcome, Verdict

GATE = 0.2
"""Share of its loss that the fixed program must have lost for a difference to mean something."""
SMALL, LARGE = 0.02, 0.2
"""Between these, a difference is measured under further seeds as well."""
SEEDS = 3
SMALL_NETWORK = 50_000_000
"""Parameters up to which two programs run at once, each on half of the cores: both have room in memory."""
START = 1.5
"""How much longer than the last one a run may take."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The verdicts with their costs, and the losses of the program with everything fixed."""

    verdicts: tuple[Verdict, ...]
    fixed_losses: tuple[float, ...] = ()
    original_losses: tuple[float, ...] = ()
    """Those of the program as it is, in the same measure."""


@dataclass(slots=True)
class _Bench:
    program: Program
    request: Request
    deadline: float
    tick: Callable[[], None]
    phase: Callable[[str], None]
    wanted: int
    """How many runs are needed, further seeds apart."""
    typical: float
    """Seconds that one run takes."""
    curves: dict[tuple[frozenset[int], int], tuple[float, ...] | str] = field(default_factory=dict)
    running: dict[tuple[frozenset[int], int], Lock] = field(default_factory=dict)
    """Held while a curve is made, so that none is made twice."""
    begun: int = 0
    given_up: bool = False
    """Nobody waits for the curves any more: what runs is ended, and nothing is begun."""

    def curve(self, verdicts: Sequence[Verdict], fixed: frozenset[int], seed: int) -> "tuple[float, ...] | str | None":
        """The losses of the program with these faults fixed, what went wrong instead, or None where there is no time."""
        key = (fixed, seed)
        with self.running.setdefault(key, Lock()):
            if self.given_up:
                raise CancelledError
            if key not in self.curves:
                left = self.deadline - time.monotonic()
                if left < self.typical * START:
                    return None
                self.curves[key] = self._run([verdicts[index] for index in sorted(fixed)], seed, left)
        return self.curves[key]

    def _run(self, fixed: Sequence[Verdict], seed: int, seconds: float) -> "tuple[float, ...] | str":
        try:
            sources = _sources(fixed)
        except (Overlap, UnreadableFile) as error:
            return f"its edits cannot be applied: {str(error) or 'they overlap'}"
        begun = time.monotonic()
        self.begun += 1
        self.phase(f"measuring what the faults cost, run {self.begun} of {max(self.begun, self.wanted)}")
        observed = observe(self.program, self.request, seconds=seconds, sources=sources, light=True, seed=seed, on_tick=self._ticked)
        self.typical = max(self.typical * 0.5, time.monotonic() - begun)
        return _losses(observed)

    def _ticked(self) -> None:
        if self.given_up:
            raise CancelledError
        self.tick()


def with_costs(
    verdicts: tuple[Verdict, ...],
    program: Program,
    request: Request,
    observed: Observed,
    *,
    deadline: float,
    tick: Callable[[], None] = lambda: None,
    phase: Callable[[str], None] = lambda phase: None,  # noqa: ARG005
) -> Costs:
    """Measures the costs, those first that weigh most, as long as there is time before `deadline` (of the monotonic clock)."""
    chosen = _chosen(verdicts)
    marked = tuple(_without_fix(verdict) if verdict not in chosen else verdict for verdict in verdicts)
    if not chosen or observed.observation is None:
        return Costs(marked)
    wanted = len(chosen) + 1 if len(chosen) > 1 else 1
    bench = _Bench(program, request, deadline, tick, phase, wanted, observed.outcome.seconds)
    everything = frozenset(range(len(chosen)))
    order = sorted(range(len(chosen)), key=lambda index: -chosen[index].finding.severity)
    original = _comparable(observed.observation)
    with ThreadPoolExecutor(_at_once(observed.observation)) as pool:
        try:
            all_fixed = pool.submit(bench.curve, chosen, everything, request.seed)
            alone = [(index, pool.submit(bench.curve, chosen, everything - {index}, request.seed)) for index in order if len(chosen) > 1]
            fixed = all_fixed.result()
            if not isinstance(fixed, tuple):
                pool.shutdown(cancel_futures=True)
                note = f"cost not measured: the program with its faults fixed could not be compared: {fixed}" if fixed else _NO_TIME
                return Costs(tuple(replace(v, cost_note=note) if v in chosen else v for v in marked))
            curves = {index: curve.result() for index, curve in alone} or {0: original}
            costs = dict(zip(curves, pool.map(lambda index: _costed(bench, chosen, index, curves[index], fixed), curves), strict=True))
        finally:
            bench.given_up = True  # by Ctrl-C, say: the pool waits for what runs
    by_verdict = {id(chosen[index]): verdict for index, verdict in costs.items()}
    return Costs(tuple(by_verdict.get(id(verdict), verdict) for verdict in marked), fixed, original)


def _at_once(observation: Observation) -> int:
    small = sum(network.parameters for network in observation.networks) <= SMALL_NETWORK
    return 2 if small and observation.surroundings.device == "cpu" else 1


_NO_TIME = "cost not measured: the time was over"


def _chosen(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The confirmed ones whose fixes can be applied together."""
    fixable = [v for v in verdicts if v.outcome is Outcome.CONFIRMED and v.finding.fix is not None and v.finding.fix.edits]
    fixable = [v for v in fixable if v.finding.fix is not None and v.finding.fix.applicability is not Applicability.DISPLAY_ONLY]
    together = {id(finding) for finding in without_conflicts(verdict.finding for verdict in fixable)}
    return [verdict for verdict in fixable if id(verdict.finding) in together]


def _without_fix(verdict: Verdict) -> Verdict:
    if verdict.outcome is not Outcome.CONFIRMED:
        return verdict
    return replace(verdict, cost_note="cost not measured: there is no fix that could be applied")


def _costed(bench: _Bench, chosen: list[Verdict], index: int, alone: "tuple[float, ...] | str | None", fixed: tuple[float, ...]) -> Verdict:
    verdict = chosen[index]
    if alone is None:
        return replace(verdict, cost_note=_NO_TIME)
    if isinstance(alone, str) or not alone:
        return replace(verdict, cost_note=f"with it alone the program cannot train: {alone or 'no loss'}")
    cost = _cost([(alone, fixed)])
    everything, seed = frozenset(range(len(chosen))), bench.request.seed
    if SMALL <= abs(cost.difference) <= LARGE:
        pairs = [(alone, fixed)]
        for further in range(seed + 1, seed + SEEDS):
            one, other = bench.curve(chosen, everything - {index}, further), bench.curve(chosen, everything, further)
            if isinstance(one, tuple) and isinstance(other, tuple):
                pairs.append((one, other))
        cost = _cost(pairs)
    return replace(verdict, cost=cost)


def _cost(pairs: Sequence[tuple[tuple[float, ...], tuple[float, ...]]]) -> Cost:
    """The mean over seeds of the difference of the last losses."""
    with_fault, without = fmean(_last(one) for one, _ in pairs), fmean(_last(other) for _, other in pairs)
    difference = with_fault - without if math.isfinite(with_fault) else math.inf
    first = fmean(min(other[0], fmean(other[:3])) for _, other in pairs)  # the first alone, where the next shoot up
    steps = min(len(curve) for pair in pairs for curve in pair)
    informative = without <= (1 - GATE) * first
    return Cost(difference, with_fault, without, steps, len(pairs), informative=informative, losses=pairs[0][0])


def _last(curve: tuple[float, ...]) -> float:
    return fmean(curve[-5:])


def _sources(fixed: Sequence[Verdict]) -> Mapping[Path, str]:
    edits = [edit for verdict in fixed if verdict.finding.fix for edit in verdict.finding.fix.edits]
    sources = {}
    for path in {edit.span.path for edit in edits}:
        sources[path] = apply_edits(read(path), [edit for edit in edits if edit.span.path == path])
    return sources


def _losses(observed: Observed) -> "tuple[float, ...] | str":
    observation = observed.observation
    if observation is None:
        return observed.failure or f"it {observed.outcome.described()}"
    losses = _comparable(observation)
    if observation.ending.failure is not None and observation.ending.steps < observation.ending.wanted_steps:
        failure = observation.ending.failure
        return f"it raised {failure.kind}: {failure.message.splitlines()[0] if failure.message else ''}"
    return losses or "it made no step"


def _comparable(observation: Observation) -> tuple[float, ...]:
    """The losses at each step: cross-entropy at the logits where the targets are classes, else what the program computed."""
    trained = [loss for loss in observation.losses if loss.trained and loss.class_losses]
    busiest = max(trained, key=lambda loss: loss.trained, default=None)
    if busiest is not None and len(busiest.class_losses) >= observation.ending.steps * 0.9:
        return busiest.class_losses
    return observation.loss_curve
