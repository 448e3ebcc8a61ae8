"""Questions about gradients: what clears them between two steps of an optimizer."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.program.events import Answer, Backward, Clear, Event, Step, Touch, Truncated, Uncalled
from trainlint.program.networks import is_weighted, parts, related
from trainlint.program.run import Run, exclude_each_other, shared_loop
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object, Optimizer, Parameters, Tensor, Value
from trainlint.source import ir


@dataclass(frozen=True, slots=True)
class StepPair:
    """The same step in one pass of a loop and in the next, and what happens in between."""

    run: Run
    first: Step
    second: Step
    backward: Backward
    """The first backward pass in between."""
    cleared: Answer
    """Whether the gradients of the optimizer's parameters are cleared on some path in between."""
    clears_others: bool
    """Gradients of other parameters are cleared in between."""
    own: tuple[Backward, ...]
    """The backward passes that the second step follows, with no other step among them, in their order."""

    @property
    def out_of_sight(self) -> bool:
        """Whether what the loop that repeats the step does between its passes is not known."""
        loop = self.second.loops[-1].loop
        return loop.virtual and not loop.known


def step_pairs(program: TrainingProgram) -> dict[ir.Node, list[StepPair]]:
    """Every step that a loop repeats with a backward pass in between, by its place."""
    found: dict[ir.Node, list[StepPair]] = {}
    for run in program.runs:
        for pair in pairs_in(run):
            found.setdefault(pair.second.node, []).append(pair)
    return {place: _innermost(pairs) for place, pairs in found.items()}


def _innermost(pairs: list[StepPair]) -> list[StepPair]:
    """The pairs that the innermost loop around the step repeats, if it does: what an outer loop clears comes too late for them."""
    inner = [pair for pair in pairs if pair.first.loops[-1].loop is pair.second.loops[-1].loop]
    return inner or pairs


def pairs_in(run: Run) -> Iterator[StepPair]:
    """The steps of one run that a loop repeats."""
    last: dict[tuple[ir.Node, Value | None], Step] = {}
    for step in run.of(Step):
        key = (step.node, step.optimizer)
        first, last[key] = last.get(key), step
        if first is None or shared_loop(first, step) is None:
            continue
        between = tuple(event for event in run.between(first, step) if not exclude_each_other(event, step))
        backward = next((event for event in between if type(event) is Backward), None)
        if backward is not None:
            targets = [event.target for event in between if type(event) is Clear]
            answers = [cleared for event in between if (cleared := may_clear(event, step.optimizer)) is not None]
            answers.append(covered(targets, step.optimizer))
            cleared = Answer.YES if Answer.YES in answers else Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO
            yield StepPair(run, first, step, backward, cleared, bool(targets), _own_backwards(between))


def _own_backwards(before_step: tuple[Event, ...]) -> tuple[Backward, ...]:
    found: list[Backward] = []
    for event in reversed(before_step):
        if type(event) is Backward:
            found.insert(0, event)
        elif type(event) is Step and found:
            break
    return tuple(found)


def may_clear(event: Event, optimizer: Value | None) -> Answer | None:
    """Whether something that cannot be followed may clear the optimizer's gradients; None for events that have nothing to do with it."""
    if type(event) is Uncalled and event.method == "zero_grad":
        return Answer.UNKNOWN
    if type(event) is Truncated:
        return Answer.UNKNOWN
    if type(event) is Touch:
        if optimizer in event.touched:
            return Answer.UNKNOWN
        if isinstance(optimizer, Optimizer) and optimizer.parameters is not None:
            return Answer.UNKNOWN if any(related(one, other) for one in optimizer.parameters.modules for other in event.touched) else None
        return Answer.UNKNOWN if any(isinstance(value, Object) and value.module for value in event.touched) else None
    return None


def covered(targets: "list[Value | None]", optimizer: Value | None) -> Answer:
    """Whether clearing these clears everything that the optimizer holds."""
    answers = {covers(target, optimizer) for target in targets}
    if Answer.YES not in answers:
        return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO
    whose = held(optimizer)
    modules = [target for target in targets if isinstance(target, Object)]
    if whose is None or not whose.complete or len(modules) < len(targets):
        return Answer.YES
    # Networks alone were cleared: a layer with weights that is in none of them keeps its gradients.
    inside = {part for target in modules for part in parts(target)}
    for whole in whose.modules:
        if whole not in inside and any(part not in inside and is_weighted(part) for part in parts(whole)) and not _owned(whole, modules):
            return Answer.NO
    return Answer.YES


def _owned(whole: Value, modules: list[Object]) -> bool:
    return any(related(whole, target) and not any(part is target for part in parts(whole)) for target in modules)


def held(value: Value | None) -> Parameters | None:
    """The parameters that something steps, clears or clips, as far as they are known."""
    if isinstance(value, Optimizer):
        return value.parameters
    if isinstance(value, Parameters):
        return value
    if isinstance(value, Object) and value.module:
        return Parameters(frozenset((value,)))
    if isinstance(value, Tensor) and value.parameter is not None:
        return Parameters(frozenset((value.parameter,)), complete=value.drawn)
    return None


def covers(target: Value | None, optimizer: Value | None) -> Answer:
    """Whether clearing the target clears what the optimizer holds."""
    if target is optimizer:
        return Answer.YES
    if target is None or optimizer is None:
        return Answer.UNKNOWN
    own, other = held(optimizer), held(target)
    if isinstance(target, Optimizer) and isinstance(optimizer, Optimizer) and (own is None or other is None):
        return Answer.NO
    if own is not None and target in own.modules:
        return Answer.YES
    if own is None or other is None:
        return Answer.UNKNOWN
    if any(related(one, each) for one in own.modules for each in other.modules):
        return Answer.YES
    if isinstance(target, Tensor):
        return Answer.NO if own.complete else Answer.UNKNOWN
    foreign = isinstance(target, Object) and target.foreign
    return Answer.NO if own.complete and own.modules and other.complete and not foreign else Answer.UNKNOWN
