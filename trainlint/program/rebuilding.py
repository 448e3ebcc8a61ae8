"""Questions about optimizers that are constructed again and again."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.program.events import Answer, Construct, Event, Pass, Step, Touch, WeightsUsed
from trainlint.program.gradients import covers
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Known, Optimizer

if TYPE_CHECKING:
    from trainlint.source import ir


def rebuilt(program: TrainingProgram) -> Iterator[tuple[Run, Optimizer, Step]]:
    """The optimizers with a memory that every epoch or batch constructs anew for a network that goes on training."""
    seen: set[ir.Node] = set()
    for run in program.runs:
        last: dict[ir.Node, Construct] = {}
        for event in run.of(Construct):
            first = last.get(event.node)
            last[event.node] = event
            if first is None or event.node in seen or not isinstance(event.made, Optimizer) or not isinstance(first.made, Optimizer):
                continue
            passes = _repeated_by(first, event)
            if passes is None or not _remembers(event.made) or not _is_the_same(first.made, event.made):
                continue
            step = _step_of(run, event, passes[1])
            if step is not None and not _starts_anew(run, event, passes[1]):
                seen.add(event.node)
                yield run, event.made, step


def _repeated_by(first: Construct, second: Construct) -> tuple[Pass, Pass] | None:
    """The passes of the loop that constructs it twice, if that is the innermost loop around it."""
    if len(first.loops) != len(second.loops) or not second.loops or first.loops[:-1] != second.loops[:-1]:
        return None
    one, other = first.loops[-1], second.loops[-1]
    return (one, other) if one.loop is other.loop and one is not other and not one.loop.virtual and not one.loop.exact else None


def _remembers(optimizer: Optimizer) -> bool:
    """Whether it has a memory that is lost: moments, or a momentum."""
    if optimizer.fact is None:
        return False
    if optimizer.fact.family in {"adam", "adagrad"}:
        return True
    momentum = optimizer.arguments.get("momentum")
    return optimizer.fact.family == "sgd" and isinstance(momentum, Known) and bool(momentum.value)


def _is_the_same(first: Optimizer, second: Optimizer) -> bool:
    """Whether both hold the same parameters at the same learning rate: otherwise it is rebuilt for that."""
    one, other = first.parameters, second.parameters
    if one is None or other is None or not one.modules or one.modules != other.modules or not (one.complete and other.complete):
        return False
    rates = [optimizer.arguments.get("lr") for optimizer in (first, second)]
    values = [rate.value if isinstance(rate, Known) else id(rate) if rate is not None else None for rate in rates]
    return values[0] == values[1]


def _step_of(run: Run, construct: Construct, within: Pass) -> Step | None:
    """Its step in the same pass, in at most one more loop, if both happen in every pass; more loops are a task or fold of its own."""
    depth = construct.loops.index(within) + 1
    least = min((len(event.guards) for event in run.events if within in event.loops), default=0)
    if len(construct.guards) > least:
        return None
    for step in run.of(Step):
        if step.optimizer is construct.made and within in step.loops:
            return step if len(step.loops) <= depth + 1 else None
    return None


def _starts_anew(run: Run, construct: Construct, within: Pass) -> bool:
    """Whether the pass loads or resets the network's weights, or hands it to a call that may."""
    optimizer = construct.made
    for event in run.among(WeightsUsed, Touch):
        if within not in event.loops:
            continue
        if type(event) is WeightsUsed and event.module is not None and covers(event.module, optimizer) is not Answer.NO:
            return True
        if type(event) is Touch and event.index < construct.index and _touches(event, construct):
            return True
    return False


def _touches(event: Event, construct: Construct) -> bool:
    return isinstance(event, Touch) and any(covers(value, construct.made) is not Answer.NO for value in event.touched)
