"""Questions about clearing: gradients that are set to zero before the step that was meant to use them."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.program.events import Answer, Backward, Clear, GradientRead, Skip, Step, Touch, Truncated
from trainlint.program.gradients import covers
from trainlint.program.run import Run, exclude_each_other, same_pass
from trainlint.program.training_program import TrainingProgram
from trainlint.program.updates import Update, certain, clears_all, reaches, updates


@dataclass(frozen=True, slots=True)
class Lost:
    """Gradients that were computed and cleared, and the step that comes too late for them."""

    run: Run
    clear: Clear
    backward: Backward
    step: Step


def cleared_before_step(program: TrainingProgram) -> Iterator[Lost]:
    """The steps before which all gradients are cleared, with no backward pass in between, in every run and pass."""
    found: dict[object, Lost] = {}
    fitting: set[object] = set()
    for run in program.runs:
        for update in updates(run):
            lost = _lost(update)
            if lost is None:
                # A first step before anything was computed says nothing of the others.
                if update.previous is not None or update.last(Backward) is not None:
                    fitting.add(update.step.node)
            else:
                found.setdefault(update.step.node, lost)
    for place, lost in found.items():
        if place not in fitting:
            yield lost


def _lost(update: Update) -> Lost | None:
    step = update.step
    for position in range(len(update.before) - 1, -1, -1):
        event = update.before[position]
        if isinstance(event, Backward | Truncated | GradientRead):
            return None
        if type(event) is Touch and _may_write(event, step):
            return None
        if type(event) is Clear and clears_all(event, step.optimizer) and certain(update.run, event, step) and _is_near(event, step):
            backward = _filled(update, position, event)
            return None if backward is None else Lost(update.run, event, backward, step)
    return None


def _is_near(clear: Clear, step: Step) -> bool:
    """Whether both are repeated by the same innermost loop: in one pass, or the step in the pass after."""
    return same_pass(clear, step) or (bool(clear.loops and step.loops) and clear.loops[-1].loop is step.loops[-1].loop)


def _filled(update: Update, position: int, clear: Clear) -> Backward | None:
    """The backward pass whose gradients are cleared unused, if nothing has read them before."""
    for event in reversed(update.before[:position]):
        if type(event) is GradientRead or (type(event) is Touch and _may_write(event, update.step)):
            return None
        if type(event) is Backward:
            fits = same_pass(event, clear) and not exclude_each_other(event, clear)
            return event if fits and reaches(event, update.step.optimizer) is not Answer.NO else None
    return None


def _may_write(event: Touch, step: Step) -> bool:
    """Whether a call that cannot be followed got hold of the optimizer or its network: it may have put gradients there."""
    return any(covers(value, step.optimizer) is not Answer.NO for value in event.touched)


def broken_accumulations(program: TrainingProgram) -> Iterator[Lost]:
    """The steps that come every so many passes, where every pass clears what the passes before have added."""
    found: dict[object, Lost] = {}
    fitting: set[object] = set()
    for run in program.runs:
        for update in updates(run):
            if not _is_periodic(run, update.step):
                continue
            lost = _cleared_every_pass(update)
            if lost is None:
                fitting.add(update.step.node)
            else:
                found.setdefault(update.step.node, lost)
    for place, lost in found.items():
        if place not in fitting:
            yield lost


def _is_periodic(run: Run, step: Step) -> bool:
    return any(branching in run.periodic for branching, _ in step.guards)


def _cleared_every_pass(update: Update) -> Lost | None:
    run, step = update.run, update.step
    backward = update.last(Backward)
    if type(backward) is not Backward or not step.loops or not same_pass(step, backward) or reaches(backward, step.optimizer) is Answer.NO:
        return None
    guards = step.guards[len(backward.guards) :]
    if not certain(run, backward, step) or not any(branching in run.periodic for branching, _ in guards):
        return None
    inside = step.loops[-1]
    for event in run.among(Clear, Skip, Truncated):
        if type(event) is Truncated or (type(event) is Skip and inside in event.loops and event.index < step.index):
            return None
        if type(event) is Skip and inside in event.loops:
            break
        if (
            type(event) is Clear
            and event.loops
            and event.loops[-1] is inside
            and clears_all(event, step.optimizer)
            and certain(run, event, backward)
            and not (event.index > step.index and event.guards == step.guards)
            and not backward.index < event.index < step.index
        ):
            return Lost(run, event, backward, step)
    return None


def inverted_accumulations(program: TrainingProgram) -> Iterator[tuple[Run, Step, Backward]]:
    """The steps in all passes but every n-th, after a backward pass in every one: the remainder was meant to be compared with 0."""
    found: dict[object, tuple[Run, Step, Backward]] = {}
    fitting: set[object] = set()
    for run in program.runs:
        steps = list(run.of(Step))
        for update in updates(run):
            step, backward = update.step, update.last(Backward)
            if type(backward) is not Backward or not same_pass(step, backward) or not certain(run, backward, step):
                continue
            inside = [guard for guard in step.guards[len(backward.guards) :] if guard[0] in run.periodic]
            if not inside:
                continue
            branching, arm = inside[0]
            alternating = any((branching, 1 - arm) in other.guards for other in steps)
            if (run.periodic[branching] == "most") is (arm == 0) and not alternating:
                found.setdefault(step.node, (run, step, backward))
            else:
                fitting.add(step.node)
    for place, each in found.items():
        if place not in fitting:
            yield each
