"""Questions about when gradients are clipped: after the step, before the backward pass, or while they are scaled."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from trainlint.program.events import Answer, Backward, Clear, Clip, Event, GradientRead, Step, Truncated, Unscale
from trainlint.program.gradients import covers
from trainlint.program.run import Run, exclude_each_other, same_pass
from trainlint.program.training_program import TrainingProgram
from trainlint.program.updates import PROTOCOL, certain, is_switched_off, limits, updates
from trainlint.program.values import Value

if TYPE_CHECKING:
    from trainlint.source import ir


class Order(Enum):
    """Where a clip stands in the pass of a loop."""

    FITTING = "between backward and step, or not known"
    AFTER_STEP = "after the step that used the gradients"
    BEFORE_BACKWARD = "before the backward pass that makes the gradients"


@dataclass(frozen=True, slots=True)
class UselessClip:
    """A clip of gradients that no step uses."""

    run: Run
    clip: Clip
    order: Order
    other: Event
    """The step that it comes after, or the backward pass that it comes before."""


def useless_clips(program: TrainingProgram) -> Iterator[UselessClip]:
    """The clips that come too late or too early in every run and pass."""
    found: dict[ir.Node, list[UselessClip]] = {}
    fitting: set[ir.Node] = set()
    for run in program.runs:
        for each in _clips(run):
            if each.order is Order.FITTING:
                fitting.add(each.clip.node)
            else:
                found.setdefault(each.clip.node, []).append(each)
    for place, clips in found.items():
        if place not in fitting:
            # The second pass knows what came before the clip.
            yield clips[-1]


def _clips(run: Run) -> Iterator[UselessClip]:
    protocol = run.among(*PROTOCOL)
    steps = {step.optimizer for step in run.of(Step)}
    alone = next(iter(steps)) if len(steps) == 1 else None
    for position, clip in enumerate(protocol):
        if type(clip) is not Clip or not limits(clip):
            continue
        step, fresh = _before(run, protocol[:position], clip, alone)
        if fresh:
            yield UselessClip(run, clip, Order.FITTING, clip)
            continue
        order, other = _after(protocol[position + 1 :], clip, alone)
        if order is Order.FITTING:
            yield UselessClip(run, clip, order, clip)
        elif step is not None and same_pass(step, clip):
            yield UselessClip(run, clip, Order.AFTER_STEP, step)
        elif other is not None and same_pass(clip, other):
            yield UselessClip(run, clip, Order.BEFORE_BACKWARD, other)


def _covers(clip: Clip, target: Value | None, alone: Value | None) -> bool:
    """Whether the clip is about what this optimizer steps; with one optimizer in the run it can only be that one."""
    answer = covers(clip.target, target)
    return answer is Answer.YES or (answer is Answer.UNKNOWN and alone is not None and target is alone)


def _before(run: Run, events: tuple[Event, ...], clip: Clip, alone: Value | None) -> tuple[Step | None, bool]:
    """The step that has used the gradients before the clip, and whether there may be gradients that none has used."""
    for event in reversed(events):
        if isinstance(event, Backward | Truncated) or (type(event) is GradientRead and event.assigned):
            return None, True
        if type(event) is Step and _covers(clip, event.optimizer, alone) and certain(run, event, clip):
            return event, False
        if type(event) is Clear and covers(event.target, clip.target) is Answer.YES and certain(run, event, clip):
            return next(
                (
                    each
                    for each in reversed(events)
                    if type(each) is Step and _covers(clip, each.optimizer, alone) and certain(run, each, clip)
                ),
                None,
            ), False
    return None, False


def _after(events: tuple[Event, ...], clip: Clip, alone: Value | None) -> tuple[Order | None, Backward | None]:
    """The backward pass that follows before the next step; FITTING where a step comes first, or another clip after that pass."""
    backward: Backward | None = None
    for event in events:
        if type(event) is Backward:
            backward = event
        elif type(event) is Truncated:
            return Order.FITTING, None
        elif type(event) is Step and _covers(clip, event.optimizer, alone):
            return (None if backward is not None else Order.FITTING), backward
        elif (
            type(event) is Clip
            and backward is not None
            and event.node is not clip.node
            and covers(event.target, clip.target) is not Answer.NO
        ):
            return Order.FITTING, None
    return None, None


def clips_of_scaled_gradients(program: TrainingProgram) -> Iterator[tuple[Run, Clip, Step]]:
    """The clips between backward and a step through a GradScaler that nothing has unscaled the gradients for."""
    found: dict[ir.Node, tuple[Run, Clip, Step]] = {}
    unscaled: set[ir.Node] = set()
    for run in program.runs:
        for update in updates(run):
            step = update.step
            if step.scaler is None or is_switched_off(step.scaler):
                continue
            for clip in update.before:
                if type(clip) is not Clip or not limits(clip):
                    continue
                if exclude_each_other(clip, step) or not same_pass(clip, step) or covers(clip.target, step.optimizer) is Answer.NO:
                    continue
                between = [event for event in update.before if event.index < clip.index]
                if not any(type(event) is Backward for event in between):
                    continue
                if any(type(event) is Unscale and covers(event.optimizer, step.optimizer) is not Answer.NO for event in between):
                    unscaled.add(clip.node)
                else:
                    found[clip.node] = (run, clip, step)
    for place, each in found.items():
        if place not in unscaled:
            yield each
