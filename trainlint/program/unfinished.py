"""Questions about loops in which a half of the update is missing: no step after the backward pass, or no backward pass before the step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.program.events import (
    Answer,
    Backward,
    Clear,
    Forward,
    GradientRead,
    LossComputed,
    Step,
    Touch,
    Truncated,
    Uncalled,
)
from trainlint.program.gradients import covers
from trainlint.program.run import Run, shared_loop
from trainlint.program.training_program import TrainingProgram
from trainlint.program.updates import Update, reaches, updates
from trainlint.program.values import Object, Optimizer, Value

if TYPE_CHECKING:
    from trainlint.source import ir


def without_step(program: TrainingProgram) -> Iterator[tuple[Run, Backward, Clear]]:
    """The backward passes whose gradients are cleared in the next pass of the loop, where nothing in the program steps on them."""
    found: dict[ir.Node, tuple[Run, Backward, Clear]] = {}
    steps = [step for _, step in program.each(Step)]
    for run in program.runs:
        last: dict[tuple[ir.Node, Value | None], Clear] = {}
        for clear in run.of(Clear):
            key = (clear.node, clear.target)
            first, last[key] = last.get(key), clear
            if first is None or shared_loop(first, clear) is None or clear.node in found:
                continue
            backward = _unused(run, first, clear)
            if backward is not None and all(covers(clear.target, step.optimizer) is Answer.NO for step in steps):
                found[clear.node] = (run, backward, clear)
    # One backward pass is one fault, however much is cleared after it.
    yield from {backward.node: (run, backward, clear) for run, backward, clear in found.values()}.values()


def _unused(run: Run, first: Clear, clear: Clear) -> Backward | None:
    """The backward pass between two clearings of which nothing else may have used the gradients."""
    if not isinstance(clear.target, Optimizer | Object):
        return None
    backward: Backward | None = None
    for event in run.among(Backward, GradientRead, Touch, Truncated, Uncalled):
        if not first.index < event.index < clear.index:
            continue
        if type(event) is Backward:
            backward = event if backward is None and reaches(event, clear.target) is Answer.YES else backward
        elif type(event) is Uncalled:
            if event.method == "step":
                return None
        elif type(event) is Touch:
            if any(covers(clear.target, value) is not Answer.NO for value in event.touched):
                return None
        else:
            return None
    return backward


def without_backward(program: TrainingProgram) -> Iterator[tuple[Run, Step, LossComputed | Forward]]:
    """The steps that a loop repeats with a loss in between, and no backward pass."""
    found: dict[ir.Node, tuple[Run, Step, LossComputed | Forward]] = {}
    fitting: set[ir.Node] = set()
    for run in program.runs:
        for update in updates(run):
            if update.previous is None or shared_loop(update.previous, update.step) is None:
                continue
            loss = _never_backwarded(update)
            if loss is None:
                fitting.add(update.step.node)
            else:
                found.setdefault(update.step.node, (run, update.step, loss))
    for place, each in found.items():
        if place not in fitting:
            yield each


def _never_backwarded(update: Update) -> LossComputed | Forward | None:
    """What was computed by the stepped network since the previous step, where nothing may have gone backward through it."""
    run, step, previous = update.run, update.step, update.previous
    if previous is None or step.closure or not isinstance(step.optimizer, Optimizer):
        return None
    if any(isinstance(event, Backward | GradientRead | Truncated | Uncalled) for event in update.before):
        return None
    if any(
        type(event) is Touch and any(covers(value, step.optimizer) is not Answer.NO for value in event.touched) for event in update.before
    ):
        return None
    forwards = [event for event in run.of(Forward) if previous.index < event.index < step.index]
    own = [event for event in forwards if covers(event.module, step.optimizer) is not Answer.NO]
    if not own or any(event.escaped or event.returned for event in own):
        return None
    losses = [event for event in run.of(LossComputed) if previous.index < event.index < step.index]
    return next((loss for loss in losses if loss.input is not None and any(event in loss.input.deps for event in own)), None)
