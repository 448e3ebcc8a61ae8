"""Questions about updates: what happens to the gradients of an optimizer between two of its steps, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isinf
from typing import Any

from trainlint.program.events import (
    Answer,
    Backward,
    Clear,
    Clip,
    Event,
    Forward,
    GradientRead,
    LossScaled,
    Step,
    Touch,
    Truncated,
    Uncalled,
    Unscale,
)
from trainlint.program.gradients import covers, held
from trainlint.program.networks import parts
from trainlint.program.run import Run
from trainlint.program.values import Known, Library, Object, Optimizer, Value

PROTOCOL = (Backward, Clear, Clip, GradientRead, LossScaled, Step, Touch, Truncated, Uncalled, Unscale)
"""What the life of a gradient is made of."""


@dataclass(frozen=True, slots=True)
class Update:
    """A step of an optimizer, and what happened to gradients since it stepped before."""

    run: Run
    step: Step
    before: tuple[Event, ...]
    """The events of the protocol since the previous step of the same optimizer, oldest first."""
    previous: Step | None

    def last(self, kind: type[Event]) -> Event | None:
        """The last event of a kind before the step."""
        return next((event for event in reversed(self.before) if type(event) is kind), None)

    @property
    def scaled(self) -> Answer:
        """Whether all backward passes before the step, or none, go through a loss that a GradScaler has scaled."""
        answers = {is_scaled(self.run, event) for event in self.before if type(event) is Backward}
        return Answer.UNKNOWN if len(answers) != 1 else Answer.YES if True in answers else Answer.NO


def updates(run: Run) -> "tuple[Update, ...]":
    """The steps of a run, each with what leads up to it."""
    known = run.memory.get("updates")
    if known is None:
        known = run.memory["updates"] = tuple(_updates(run))
    return known


def _updates(run: Run) -> Iterable[Update]:
    protocol = run.among(*PROTOCOL)
    last: dict[Value | None, tuple[int, Step]] = {}
    for position, event in enumerate(protocol):
        if type(event) is Step:
            start, previous = last.get(event.optimizer, (-1, None))
            yield Update(run, event, protocol[start + 1 : position], previous)
            last[event.optimizer] = (position, event)


def certain(run: Run, event: Event, when: Event) -> bool:
    """Whether the event happens in every pass in which the other one does: no undecided branch is around it alone."""
    if event.guards == when.guards[: len(event.guards)]:
        return True
    guards = tuple(guard for guard in event.guards if guard[0] not in run.dispatches)
    return guards == tuple(guard for guard in when.guards if guard[0] not in run.dispatches)[: len(guards)]


def is_scaled(run: Run, backward: Backward) -> bool:
    """Whether the loss is one that a GradScaler has just scaled, or was computed from it."""
    if backward.loss is None:
        return False
    for event in reversed(run.among(LossScaled, Backward)):
        if event.index >= backward.index:
            continue
        if type(event) is Backward:
            return False
        if type(event) is LossScaled and (event.loss is backward.loss or _forwards(event.loss) & _forwards(backward.loss)):
            return not is_switched_off(event.scaler)
    return False


def _forwards(value: Value | None) -> set[Event]:
    return {event for event in value.deps if type(event) is Forward} if value is not None else set()


def is_switched_off(scaler: Value | None) -> bool:
    """Whether a GradScaler is constructed with `enabled=False`."""
    enabled = scaler.arguments.get("enabled") if isinstance(scaler, Object) else None
    return isinstance(enabled, Known) and enabled.value is False and not enabled.soft


def limits(clip: Clip) -> bool:
    """Whether it clips by a call that is meant to: one without a limit, or with an infinite one, measures a norm."""
    limit = clip.limit
    if limit is None:
        return False
    if isinstance(limit, Library):
        return not limit.name.endswith(".inf")
    return not (isinstance(limit, Known) and isinstance(limit.value, float) and isinf(limit.value))


def reaches(backward: Backward, optimizer: Value | None) -> Answer:
    """Whether the backward pass fills gradients that the optimizer (or whoever is cleared) holds."""
    through = [event for event in backward.loss.deps if type(event) is Forward] if backward.loss is not None else []
    if not through:
        return Answer.UNKNOWN
    answers = {covers(event.module, optimizer) for event in through}
    return Answer.YES if Answer.YES in answers else Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO


def clears_all(clear: Clear, optimizer: Value | None) -> bool:
    """Whether nothing that the optimizer holds keeps its gradient."""
    if clear.target is optimizer:
        return True
    own, other = held(optimizer), held(clear.target)
    if own is None or other is None or not own.complete or not own.modules or isinstance(clear.target, Optimizer):
        return False
    inside: set[Any] = {part for module in other.modules for part in parts(module)}
    return own.modules <= inside
