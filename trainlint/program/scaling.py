"""Questions about mixed precision: whether loss, step and scale go through the same GradScaler."""

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING

from trainlint.program.events import Answer, Backward, LossScaled, Step, Touch, Truncated, Unscale
from trainlint.program.events import Update as ScaleUpdate
from trainlint.program.gradients import covers
from trainlint.program.run import Run, exclude_each_other
from trainlint.program.training_program import TrainingProgram
from trainlint.program.updates import Update, is_switched_off, updates
from trainlint.program.values import Optimizer

if TYPE_CHECKING:
    from trainlint.source import ir


class Misuse(Enum):
    """What is wrong between a scaler and an optimizer's step."""

    NOT_THROUGH_SCALER = "the optimizer steps on gradients that are still scaled up: its step does not go through the scaler"
    LOSS_NOT_SCALED = "the step goes through the scaler, and the loss did not: nothing scales it before `backward()`"
    NO_UPDATE = "the scaler is never updated: its scale stays as it was at the start"


def misuses(program: TrainingProgram) -> Iterator[tuple[Run, Step, Misuse, tuple[Backward, ...]]]:
    """The steps that a scaler's protocol forbids, in every run and pass in which they happen."""
    found: dict[ir.Node, tuple[Run, Step, Misuse, tuple[Backward, ...]]] = {}
    fitting: set[ir.Node] = set()
    updated = any(True for _ in program.each(ScaleUpdate))
    scales = any(True for _ in program.each(LossScaled))
    if not scales and not any(step.scaler is not None for _, step in program.each(Step)):
        return
    for run in program.runs:
        for update in updates(run):
            step = update.step
            backwards = tuple(event for event in update.before if type(event) is Backward and not exclude_each_other(event, step))
            misuse = _misuse(update, updated=updated, scales=scales)
            if misuse is None:
                # Before the first step there is nothing that an update could follow.
                if updated or step.scaler is None or update.previous is not None:
                    fitting.add(step.node)
            elif backwards:
                found.setdefault(step.node, (run, step, misuse, backwards))
    for place, each in found.items():
        if place not in fitting:
            yield each


def _misuse(update: Update, *, updated: bool, scales: bool) -> Misuse | None:
    step, scaled = update.step, update.scaled
    if any(type(event) is Truncated for event in update.before):
        return None
    if step.scaler is None:
        unscaled = any(type(event) is Unscale for event in update.before)
        plain = isinstance(step.optimizer, Optimizer) and step.optimizer.fact is not None and not step.closure
        return Misuse.NOT_THROUGH_SCALER if scaled is Answer.YES and plain and not unscaled else None
    if is_switched_off(step.scaler):
        return None
    if any(type(event) is Backward and event.node is step.node for event in update.before):
        # One call does it all, and scales by itself.
        return None
    if scaled is Answer.NO and not scales:
        return Misuse.LOSS_NOT_SCALED
    touched = any(
        type(event) is Touch and any(covers(value, step.optimizer) is not Answer.NO for value in event.touched) for event in update.before
    )
    return Misuse.NO_UPDATE if not updated and update.previous is not None and not touched else None
