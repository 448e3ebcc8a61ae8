"""Questions about losses: what reaches their input and their target."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.knowledge.facts import Kind, Loss, Takes
from trainlint.program.events import Draw, Forward, LossComputed, Singular
from trainlint.program.joins import join
from trainlint.program.run import Run
from trainlint.program.traces import Zero
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Either, Tensor, Value
from trainlint.source import ir


@dataclass(frozen=True, slots=True)
class LossCall:
    """A loss, its input and its target, where these could be followed."""

    run: Run
    fact: Loss
    event: LossComputed
    input: Tensor | None
    target: Tensor | None

    @property
    def place(self) -> ir.Node:
        """The argument that is the input."""
        return self.event.input_node or self.event.node

    @property
    def declares_brier(self) -> bool:
        """Whether the code that computes it says, by name or description, that the Brier score is meant."""
        return any("brier" in f"{definition.name} {definition.docstring}".lower() for definition in self.event.within)

    @property
    def kind_place(self) -> ir.Node:
        """Where the input became what it is."""
        return (self.input.kind_node if self.input is not None else None) or self.place


def loss_calls(program: TrainingProgram, *takes: Takes) -> Iterator[LossCall]:
    """The calls of losses that take one of these."""
    for run, event in program.each(LossComputed):
        if event.fact is not None and event.fact.takes in takes:
            yield LossCall(run, event.fact, event, tensor(event.input), tensor(event.target))


def tensor(value: Value | None) -> Tensor | None:
    """The value, if it is a tensor on every path."""
    if isinstance(value, Either) and all(isinstance(option, Tensor) for option in value.options):
        joined: Tensor = join(value.options)
        return joined
    return value if isinstance(value, Tensor) else None


PROBABILITIES = frozenset({Kind.SOFTMAX, Kind.SIGMOID})
LABELS = frozenset({Kind.CLASS_IDS, Kind.ONE_HOT})


def is_computed(value: Value | None) -> bool:
    """Whether it comes out of a network, graph and all."""
    found = tensor(value)
    return found is not None and found.graph is True and any(type(event) is Forward for event in found.deps)


def is_data(value: Value | None) -> bool:
    """Whether it is data that no network has touched: drawn from somewhere, or made without a graph."""
    found = tensor(value)
    if found is None or found.graph is not False or any(type(event) in {Forward, LossComputed} for event in found.deps):
        return False
    return found.kind in LABELS or any(type(event) is Draw for event in found.deps)


@dataclass(frozen=True, slots=True)
class Singularity:
    """A log or root of what can be 0, in training."""

    run: Run
    event: Singular
    why: str
    origin: ir.Node | None
    """Where its argument became such a number, if elsewhere."""


_WHY = {
    Kind.SOFTMAX: "a probability, which can round to 0",
    Kind.SIGMOID: "a probability, which can round to 0",
    Kind.RECTIFIED: "the output of a rectifier",
    Zero.PROBABILITY: "a probability, which can round to 0",
    Zero.SQUARES: "a sum of squares",
    Zero.REMAINDER: "what a square leaves of 1",
    Zero.RECTIFIED: "the output of a rectifier",
}


def singularities(program: TrainingProgram, operation: str) -> Iterator[Singularity]:
    """The logs ("log") or roots ("sqrt") of what can be 0 that a gradient goes through in training."""
    for run, event in program.each(Singular):
        if event.operation != operation or not event.trained or not isinstance(event.input, Tensor):
            continue
        trace = event.input.trace
        of_trace = trace is not None and trace.zero is not None
        zero = trace.zero if trace is not None and of_trace else event.input.kind
        origin = trace.zero_node if trace is not None and of_trace else event.input.kind_node
        why = _WHY.get(zero, "a probability") if zero is not None else "a probability: the log of 1 minus it is taken, too"
        yield Singularity(run, event, why, origin if origin is not event.node else None)
