"""Questions about losses: what reaches their input and their target."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.knowledge.facts import Kind, Loss, Takes
from trainlint.program.events import LossComputed
from trainlint.program.joins import join
from trainlint.program.run import Run
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
