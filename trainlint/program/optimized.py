"""Questions about what is trained: networks whose gradients are computed and that no optimizer moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainlint.knowledge import facts
from trainlint.program.events import Backward, Construct, Forward, GradMode, GroupsUsed, Mode, Replace, Step, Touch, WeightsUsed
from trainlint.program.networks import is_weighted, parts
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object, Optimizer, Parameters, Tensor, Unknown, Value

if TYPE_CHECKING:
    from trainlint.source import ir


@dataclass(frozen=True, slots=True)
class Replaced:
    """A part that a network got after its optimizer was constructed."""

    run: Run
    replace: Replace
    construct: Construct
    step: Step


def replaced_parts(program: TrainingProgram) -> Iterator[Replaced]:
    """The weighted parts that networks got after their optimizer was given the parameters, and that no optimizer was given later."""
    seen: set[ir.Node] = set()
    for run in program.runs:
        for event in run.of(Replace):
            if event.node in seen or not _is_trainable(event.module):
                continue
            construct = _last_given(run, event)
            if construct is None or _is_given_later(run, event):
                continue
            step = next((each for each in run.of(Step) if each.index > event.index and each.optimizer is construct.made), None)
            if step is not None and _is_trained(run, event):
                seen.add(event.node)
                yield Replaced(run, event, construct, step)


def _is_trainable(module: Value | None) -> bool:
    return module is not None and any(_has_weights(part) for part in parts(module))


def _has_weights(part: Value) -> bool:
    """Whether it holds parameters of its own."""
    if is_weighted(part):
        return True
    return isinstance(part, Object) and any(isinstance(each, Tensor) and each.made == "parameter" for each in part.cells.values())


def _last_given(run: Run, event: Replace) -> Construct | None:
    """The optimizer that holds the network that gets the part."""
    found = [
        each
        for each in run.of(Construct)
        if each.index < event.index and isinstance(each.made, Optimizer) and any(event.owner is part for part in _held_parts(each.made))
    ]
    return found[-1] if found else None


def _held_parts(optimizer: Optimizer) -> set[Value]:
    held = optimizer.parameters.modules if optimizer.parameters is not None else ()
    return {part for module in held for part in parts(module)}


def _is_given_later(run: Run, event: Replace) -> bool:
    """Whether an optimizer is constructed or extended after it, or may be in a call that cannot be followed."""
    inside = set(parts(event.module)) if event.module is not None else set()
    for each in run.among(Construct, GroupsUsed, Touch, Replace):
        if each.index <= event.index:
            continue
        if (
            type(each) is Construct
            and isinstance(each.made, Optimizer)
            and (each.made.parameters is None or inside & _held_parts(each.made))
        ):
            return True
        if type(each) is GroupsUsed and each.added is not None:
            return True
        if type(each) is Touch and each.touched & inside:
            return True
        if type(each) is Replace and each.node is not event.node and each.owner is event.owner and each.module is not event.module:
            # Put back, or replaced once more.
            return True
    return False


def _is_trained(run: Run, event: Replace) -> bool:
    inside = set(parts(event.module)) if event.module is not None else set()
    return any(
        each.index > event.index
        and each.trained
        and each.module is not None
        and (each.module in inside or inside & set(parts(each.module)))
        for each in run.of(Forward)
    )


def left_out(program: TrainingProgram) -> Iterator[tuple[Run, Forward, Object, Step]]:
    """The networks with random weights that a backward pass goes through and no optimizer of the program holds."""
    given = [event.made for _, event in program.each(Construct) if isinstance(event.made, Optimizer)]
    stepped = [step.optimizer for _, step in program.each(Step)]
    if not given or any(not _is_known(optimizer) for optimizer in (*given, *stepped)):
        return
    held = {part for optimizer in given for part in _held_parts(optimizer)}
    spared = set(_handled(program))
    seen: set[Value] = set()
    for run in program.runs:
        steps = list(run.of(Step))
        backwards = [event for event in run.of(Backward) if event.loss is not None]
        for forward in run.of(Forward):
            module = forward.module
            if not forward.trained or forward.cut or not isinstance(module, Object) or module in seen or module in held or module in spared:
                continue
            if forward.grad != {GradMode.ON} or any(mode is not Mode.TRAIN for mode, _ in forward.modes) or not _carries(forward):
                continue
            seen.add(module)
            backward = next((each for each in backwards if each.loss is not None and forward in each.loss.deps), None)
            step = next((each for each in steps if backward is not None and each.index > backward.index), None)
            if step is not None and _is_all_random(module, held, spared, forward.still):
                yield run, forward, module, step


def _is_known(optimizer: Value | None) -> bool:
    return isinstance(optimizer, Optimizer) and optimizer.parameters is not None and optimizer.parameters.complete


def _carries(forward: Forward) -> bool:
    return isinstance(forward.output, Tensor) and forward.output.graph is True


def _is_all_random(module: Object, held: set[Value], spared: set[Value], still: frozenset[Value]) -> bool:
    """Whether all of it is in sight, was made by its constructors, has weights, and nothing froze, loaded, shared or handed it on."""
    weighted = False
    for part in parts(module):
        if part in held or part in spared or part in still or isinstance(part, Unknown):
            return False
        if isinstance(part, Object):
            if part.foreign or isinstance(part.fact, facts.Network) or (part.cls is not None and not part.cls.resolved):
                return False
            weighted |= _has_weights(part)
    return weighted


def _handled(program: TrainingProgram) -> Iterator[Value]:
    """What was loaded, given to calls that cannot be followed, or added to an optimizer later."""
    for run in program.runs:
        for event in run.among(WeightsUsed, Touch, GroupsUsed, Replace):
            if type(event) is WeightsUsed and event.module is not None:
                yield from parts(event.module)
            elif type(event) is Touch:
                for value in event.touched:
                    yield from parts(value)
            elif type(event) is GroupsUsed and isinstance(event.added, Parameters):
                for value in event.added.modules:
                    yield from parts(value)
            elif type(event) is Replace and event.module is not None:
                yield from parts(event.module)
