"""Questions about gradient clipping: which steps go without it, and through what their gradients came."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.knowledge.facts import Role
from trainlint.program.events import Answer, Backward, Clip, Forward, LayerCall, Pass, Step, Touch, Truncated, Update
from trainlint.program.gradients import covers
from trainlint.program.inputs import NORMALIZING, WEIGHTED
from trainlint.program.run import Run, exclude_each_other, same_pass
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Iteration, Known, Object, Optimizer, Tensor


@dataclass(frozen=True, slots=True)
class UnclippedStep:
    """A step of an optimizer with no clipping anywhere in the program."""

    run: Run
    step: Step
    backward: Backward
    layers: tuple[LayerCall, ...]
    """The layers that the gradients came through."""
    scaled: bool
    """Gradients of half precision are scaled."""

    @property
    def repeated(self) -> LayerCall | None:
        """A layer whose weights are applied twenty times or more in one forward pass."""
        return next((call for call in self.layers if call.role in WEIGHTED and times(call.loops[len(self.step.loops) :]) >= MANY), None)

    @property
    def deep_and_plain(self) -> bool:
        """Whether the gradients came through many weighted layers in a row and no normalization."""
        if self.first(*NORMALIZING) is not None:
            return False
        count = sum(
            times(call.layer.born) / max(1, len(call.layer.born)) if isinstance(call.layer, Object) else 1
            for call in self.layers
            if call.role in WEIGHTED
        )
        return count >= MANY

    def first(self, *roles: Role) -> LayerCall | None:
        """The first of these layers."""
        return next((call for call in self.layers if call.role in roles), None)

    @property
    def family(self) -> str | None:
        """The optimizer's family."""
        optimizer = self.step.optimizer
        return optimizer.fact.family if isinstance(optimizer, Optimizer) and optimizer.fact is not None else None

    @property
    def learning_rate(self) -> float | None:
        """The learning rate, as far as the program says it."""
        optimizer = self.step.optimizer
        if not isinstance(optimizer, Optimizer):
            return None
        given = optimizer.arguments.get("lr")
        if given is None:
            return optimizer.fact.lr if optimizer.fact is not None else None
        return float(given.value) if isinstance(given, Known) and isinstance(given.value, int | float) else None


MANY = 20


def times(passes: tuple[Pass, ...]) -> int:
    """How often a place inside these loops is reached, as far as `range` says it."""
    product = 1
    for each in passes:
        iterable = each.loop.iterable
        bound = iterable.sources[0] if isinstance(iterable, Iteration) and iterable.kind == "range" and len(iterable.sources) == 1 else None
        if isinstance(bound, Known) and isinstance(bound.value, int):
            product *= bound.value
    return product


def unclipped_steps(program: TrainingProgram) -> Iterator[UnclippedStep]:
    """The steps after a backward pass, in programs in which nothing clips and nothing may have clipped."""
    if any(True for _ in program.each(Clip)):
        return
    for run in program.runs:
        if any(True for _ in run.of(Truncated)):
            continue
        for step in run.of(Step):
            backward = next(
                (event for event in reversed(run.events[: step.index]) if type(event) is Backward and same_pass(step, event)), None
            )
            if (
                backward is None
                or backward.loss is None
                or not step.loops
                or step.closure
                or _clips_itself(step)
                or _may_be_clipped(run, step, backward)
            ):
                continue
            layers = tuple(call for event in backward.loss.deps if type(event) is Forward for call in event.layers if not _is_cut(call))
            scaled = any(not exclude_each_other(update, step) for update in run.of(Update))
            yield UnclippedStep(run, step, backward, layers, scaled)


def _clips_itself(step: Step) -> bool:
    return isinstance(step.optimizer, Optimizer) and step.optimizer.fact is not None and step.optimizer.fact.clips


def _is_cut(call: LayerCall) -> bool:
    """Whether no gradient flows through the layer."""
    return isinstance(call.output, Tensor) and call.output.graph is False


def _may_be_clipped(run: Run, step: Step, backward: Backward) -> bool:
    """Whether a call that cannot be followed got hold of the optimizer or its network between backward and step."""
    for event in run.between(backward, step):
        if type(event) is Touch and any(covers(value, step.optimizer) is not Answer.NO for value in event.touched):
            return True
    return False
