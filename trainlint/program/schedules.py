"""Questions about learning-rate schedulers: when they step, and whose learning rate they set."""

from collections.abc import Iterator
from enum import Enum

from trainlint.knowledge.facts import Scheduler as SchedulerFact
from trainlint.program.events import Answer, Construct, Event, Schedule, Step, Touch, Truncated
from trainlint.program.gradients import covers
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.updates import certain
from trainlint.program.values import Known, Optimizer, Scheduler, Value
from trainlint.source import ir


def ahead_of_optimizer(program: TrainingProgram) -> Iterator[tuple[Run, Schedule, Step]]:
    """The schedulers whose first step comes before the first step of their optimizer, in the same pass of a loop."""
    found: dict[ir.Node, tuple[Run, Schedule, Step]] = {}
    fitting: set[ir.Node] = set()
    for run in program.runs:
        first: dict[Value | None, Schedule] = {}
        for event in run.of(Schedule):
            first.setdefault(event.scheduler, event)
        for scheduler, event in first.items():
            step = _step_after(run, event, scheduler) if isinstance(scheduler, Scheduler) and _is_judged(scheduler.fact, event) else None
            if step is None:
                fitting.add(event.node)
            else:
                found.setdefault(event.node, (run, event, step))
    for place, each in found.items():
        if place not in fitting:
            yield each


def _is_judged(fact: SchedulerFact | None, event: Schedule) -> bool:
    """A torch scheduler that counts by itself: one that is told the epoch sets the learning rate of that epoch."""
    return fact is not None and fact.from_torch and not fact.needs_metric and event.argument is None and bool(event.loops)


def _step_after(run: Run, event: Schedule, scheduler: Scheduler) -> Step | None:
    """The first step of the scheduler's optimizer, if it comes later in the same pass and nothing may have stepped before."""
    optimizer = scheduler.optimizer
    if not isinstance(optimizer, Optimizer):
        return None
    for other in run.among(Step, Touch, Truncated):
        if type(other) is Step and _may_be(other.optimizer, optimizer):
            after = other.index > event.index and event.loops[-1] in other.loops and certain(run, event, other)
            return other if after and other.optimizer is optimizer else None
        if other.index < event.index and (
            type(other) is Truncated or (type(other) is Touch and optimizer in other.touched and other.loops)
        ):
            return None
    return None


def _may_be(one: Value | None, optimizer: Optimizer) -> bool:
    return one is optimizer or (not isinstance(one, Optimizer) and covers(one, optimizer) is not Answer.NO)


class Mismatch(Enum):
    """What is wrong between a scheduler and the optimizers of the program."""

    NEVER_STEPPED = "the scheduler sets the learning rate of an optimizer that never steps"
    TWICE = "two equal schedulers set the learning rate of one optimizer, and none that of the other"


def wrong_optimizers(program: TrainingProgram) -> Iterator[tuple[Run, ir.Node, ir.Node, Mismatch]]:
    """The schedulers that were given the wrong optimizer, each with the place of the right one."""
    stepped = {step.optimizer for _, step in program.each(Step)}
    if not all(isinstance(optimizer, Optimizer) for optimizer in stepped):
        return
    touched = {value for _, touch in program.each(Touch) for value in touch.touched}
    for run in program.runs:
        made = [event for event in run.of(Construct) if isinstance(event.made, Scheduler) and isinstance(event.made.optimizer, Optimizer)]
        scheduled = {event.scheduler for event in run.of(Schedule)}
        seen: dict[tuple[object, ...], Construct] = {}
        for event in made:
            scheduler = event.made
            assert isinstance(scheduler, Scheduler)
            optimizer = scheduler.optimizer
            if scheduler not in scheduled or optimizer in touched:
                continue
            right = _right_one(run, scheduler, stepped)
            if right is None:
                continue
            if optimizer not in stepped:
                yield run, event.node, right.node, Mismatch.NEVER_STEPPED
                continue
            key = (scheduler.name, optimizer, *_settings(scheduler), event.loops)
            if key in seen and seen[key].node is not event.node and not _exclusive(seen[key], event):
                yield run, event.node, right.node, Mismatch.TWICE
            seen[key] = event


def _right_one(run: Run, scheduler: Scheduler, stepped: set[Value | None]) -> Optimizer | None:
    """An optimizer that steps beside the scheduler and has none of its own."""
    has = {event.made.optimizer for event in run.of(Construct) if isinstance(event.made, Scheduler)}
    ahead = [event for event in run.of(Schedule) if event.scheduler is scheduler]
    for step in run.of(Step):
        other = step.optimizer
        if isinstance(other, Optimizer) and other not in has and other in stepped and any(_together(event, step) for event in ahead):
            return other
    return None


def _together(one: Event, other: Event) -> bool:
    return bool(one.loops) and one.loops[0] in other.loops


def _settings(scheduler: Scheduler) -> tuple[object, ...]:
    return tuple(
        sorted(
            (name, repr(value.value) if isinstance(value, Known) else id(value))
            for name, value in scheduler.arguments.items()
            if value is not scheduler.optimizer
        )
    )


def _exclusive(one: Event, other: Event) -> bool:
    return one.guards != other.guards


def without_metric(program: TrainingProgram) -> Iterator[tuple[Run, Schedule]]:
    """The steps of schedulers that watch a metric, without one."""
    found: dict[ir.Node, tuple[Run, Schedule]] = {}
    other: set[ir.Node] = set()
    for run, event in program.each(Schedule):
        scheduler = event.scheduler
        if isinstance(scheduler, Scheduler) and scheduler.fact is not None and scheduler.fact.needs_metric and event.argument is None:
            found.setdefault(event.node, (run, event))
        else:
            other.add(event.node)
    yield from (each for place, each in found.items() if place not in other)
