"""Questions about learning rates: those that a program writes down, and whether they are what the optimizer uses."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainlint.knowledge.facts import Network
from trainlint.program.events import Clip, Construct, GroupsUsed, Step, Touch
from trainlint.program.networks import is_weighted, parts
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Known, Object, Optimizer, Scheduler, Value
from trainlint.source import ir

_KEEPING = frozenset(
    "StepLR MultiStepLR ExponentialLR CosineAnnealingLR ReduceLROnPlateau PolynomialLR CosineAnnealingWarmRestarts".split()
)
"""The schedulers that begin with the learning rate of the optimizer and only lower it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The learning rate that an optimizer trains a network with, as the program writes it."""

    run: Run
    optimizer: Optimizer
    value: float
    place: ir.Node
    """The argument, or where it cannot be told the construction."""
    momentum: bool
    soft: bool
    """It is the default of a setting."""
    clipped: bool
    """The program clips gradients, which bounds the steps of plain SGD."""

    @property
    def family(self) -> str:
        """The optimizer's family."""
        return self.optimizer.fact.family if self.optimizer.fact is not None else ""


def written_rates(program: TrainingProgram) -> Iterator[Rate]:
    """The learning rates that are written down and that nothing changes, for optimizers that train networks."""
    clips = any(True for _ in program.each(Clip))
    for run in program.runs:
        for event in run.of(Construct):
            optimizer = event.made
            if not isinstance(optimizer, Optimizer) or optimizer.fact is None or not _trains_network(optimizer):
                continue
            given = optimizer.arguments.get("lr")
            if not isinstance(given, Known) or isinstance(given.value, bool) or not isinstance(given.value, int | float):
                continue
            if _is_changed(run, optimizer) or (given.soft and event.guards):
                # The default of a setting fits to the default of others, and not to each optimizer that may be chosen.
                continue
            if given.value == 0 and not any(step.optimizer is optimizer for step in run.of(Step)):
                # It clears gradients, and is not meant to step.
                continue
            momentum = optimizer.arguments.get("momentum")
            fast = isinstance(momentum, Known) and isinstance(momentum.value, int | float) and momentum.value >= 0.9
            yield Rate(run, optimizer, float(given.value), _place(optimizer), fast, given.soft, clips)


def _trains_network(optimizer: Optimizer) -> bool:
    """Whether it holds a network with several weighted layers, and not pixels, latents or a linear model."""
    held = optimizer.parameters
    if held is None or not held.modules:
        return False
    every = {part for module in held.modules for part in parts(module)}
    if any(isinstance(part, Object) and (part.foreign or isinstance(part.fact, Network)) for part in every):
        return True
    return sum(is_weighted(part) for part in every) > 1


def _is_changed(run: Run, optimizer: Value) -> bool:
    """Whether a schedule, or the program itself, may set another learning rate."""
    for event in run.among(Construct, GroupsUsed, Touch):
        if type(event) is Construct and isinstance(event.made, Scheduler):
            name = (event.made.name or "").rpartition(".")[2]
            if (event.made.optimizer is optimizer or not isinstance(event.made.optimizer, Optimizer)) and name not in _KEEPING:
                return True
        if type(event) is GroupsUsed and event.optimizer is optimizer and event.added is None:
            return True
        if type(event) is Touch and any(value is optimizer for value in event.touched):
            return True
    return False


def _place(optimizer: Optimizer) -> ir.Node:
    call = optimizer.node
    if isinstance(call, ir.Call) and optimizer.fact is not None:
        names = optimizer.fact.parameters
        position = names.index("lr") if "lr" in names else -1
        positional = [argument for argument in call.arguments if argument.keyword is None and not argument.star]
        for argument in call.arguments:
            if argument.keyword == "lr":
                return argument.value
        if 0 <= position < len(positional):
            return positional[position].value
    return call
