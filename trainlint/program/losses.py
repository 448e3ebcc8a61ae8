"""Questions about losses: what reaches their input and their target."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.knowledge.facts import Kind, Loader, Loss, Role, Takes
from trainlint.program.events import Draw, Forward, LossComputed, Singular
from trainlint.program.joins import join
from trainlint.program.run import Run
from trainlint.program.traces import Zero
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Data, Either, Iteration, Tensor, Value
from trainlint.source import ir

Shape = tuple[int | None, ...]


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


def spread(call: LossCall) -> tuple[Shape, Shape] | None:
    """The sizes of an input and a target that an elementwise loss spreads over each other: (N, 1) against (N,)."""
    given, target = call.input, call.target
    if given is None or target is None or given.number or target.number:
        return None
    one, other = _sizes(given, target), _sizes(target, given)
    if one is None or other is None:
        return None
    long, short = (one, other) if len(one) > len(other) else (other, one)
    if len(long) != 2 or len(short) != 1 or long[1] != 1 or 1 in {long[0], short[0]}:
        return None
    return one, other


def _sizes(tensor: Tensor, other: Tensor) -> Shape | None:
    """The sizes of a tensor. A layer of one unit gives rows of one number to a batch, which it has if the other one is a batch."""
    if tensor.shape is not None:
        return tensor.shape
    batch = {event for event in other.deps if isinstance(event, Draw)}
    one_unit = tensor.units == 1 and tensor.kind in _OUTPUTS and _ends_in_rows(tensor)
    return (None, 1) if one_unit and batch & tensor.deps and any(_is_loader(event.source) for event in batch) else None


def _ends_in_rows(tensor: Tensor) -> bool:
    """Whether the last weighted layer of each network that it came out of is a linear one; a convolution gives maps."""
    last = [
        next((call.role for call in reversed(event.layers) if call.role in _WEIGHTED), None)
        for event in tensor.deps
        if isinstance(event, Forward)
    ]
    return Role.CONVOLUTION not in last


_WEIGHTED = frozenset({Role.LINEAR, Role.CONVOLUTION, Role.RECURRENT})


def _is_loader(source: Value | None) -> bool:
    if isinstance(source, Iteration):
        return any(_is_loader(each) for each in source.sources)
    return isinstance(source, Data) and isinstance(source.fact, Loader)


_OUTPUTS = frozenset({Kind.AFFINE, Kind.SIGMOID, Kind.TANH, Kind.RECTIFIED, Kind.POSITIVE})


def is_batch(call: LossCall) -> bool:
    """Whether the first axis of the input is that of a batch."""
    given, target = call.input, call.target
    if given is None:
        return False
    if given.shape is not None:
        return len(given.shape) > 1
    if target is not None and target.shape is not None and target.kind is Kind.CLASS_IDS:
        return len(target.shape) > 0
    return any(isinstance(event, Draw) and _is_loader(event.source) for event in given.deps)
