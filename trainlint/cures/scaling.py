"""Recipes for inputs that are not scaled or not centred: the same for all data that reach the network, or none."""

from collections.abc import Iterator

from trainlint.cures.changes import Change, InsertItem, Named, Replace
from trainlint.cures.surroundings import around
from trainlint.knowledge.facts import Scale
from trainlint.program.events import Forward
from trainlint.program.inputs import WEIGHTED
from trainlint.program.losses import tensor
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Tensor, Value
from trainlint.source import ir

NORMALIZE = "torchvision.transforms.Normalize"
HALF = "((0.5,), (0.5,))"
"""Mean and standard deviation that bring 0–1 to -1–1, whatever the number of channels."""


def divided(program: TrainingProgram, forward: Forward, divisor: str) -> tuple[Change, ...]:
    """Divides what the network is given, wherever it is given data of the same scale; nothing where it is given others too."""
    places: dict[ir.Expr, None] = {}
    scale: Scale | None = None
    for each in _passes_of(program, forward.module):
        data = _data(each)
        if data is None or data.scale is None or (scale is not None and (data.scale is Scale.UNIT) != (scale is Scale.UNIT)):
            return ()
        if not isinstance(each.argument, ir.Expr) or not isinstance(each.node, ir.Call):
            return ()
        scale = data.scale
        places[each.argument] = None
    return tuple(Replace(place, (place, f" / {divisor}")) for place in places)


def centred(program: TrainingProgram, forward: Forward) -> Iterator[tuple[Change, ...]]:
    """Ways to centre data of 0–1, in all pipelines that reach the network; nothing where it is given other data too."""
    places: dict[ir.Expr, None] = {}
    for each in _passes_of(program, forward.module):
        data = _data(each)
        if data is None or data.scale is not Scale.UNIT or not isinstance(data.scale_node, ir.Expr):
            return
        places[data.scale_node] = None
    changes = [_normalized(program, place) for place in places]
    if changes and all(change is not None for change in changes):
        yield tuple(change for change in changes if change is not None)


def _normalized(program: TrainingProgram, place: ir.Expr) -> Change | None:
    """A normalization after a transform, in the list that it is in or in one of its own; or after a division."""
    if isinstance(place, ir.BinaryOperation):
        return Replace(place, ("(", place, " - 0.5) / 0.5"))
    if not isinstance(place, ir.Call):
        return None
    parent = next(iter(around(program, place)), None)
    if isinstance(parent, ir.Sequence) and parent.kind == "list":
        return InsertItem(place, (Named(NORMALIZE, imported=True), HALF), after=True)
    if isinstance(parent, ir.Argument) and parent.keyword == "transform":
        compose = Named("torchvision.transforms.Compose", imported=True)
        return Replace(place, (compose, "([", place, ", ", Named(NORMALIZE, imported=True), HALF, "])"))
    return None


def _passes_of(program: TrainingProgram, module: Value | None) -> Iterator[Forward]:
    """The passes that apply a network, or another instance of it in another run."""
    node = getattr(module, "node", None)
    for _, each in program.each(Forward):
        if each.module is module or (node is not None and getattr(each.module, "node", None) is node):
            yield each


def _data(forward: Forward) -> Tensor | None:
    """What the first layer with weights gets."""
    first = next((call for call in forward.layers if call.role in WEIGHTED), None)
    if first is not None:
        return tensor(first.input)
    return next((found for value in forward.inputs if (found := tensor(value)) is not None), None)
