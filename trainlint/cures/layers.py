"""Recipes for layers and functions that are applied in a network and should not be."""

from collections.abc import Iterable, Iterator

from trainlint.cures.changes import Change, Named, RemoveItem, Replace
from trainlint.knowledge.facts import Layer, Role
from trainlint.program.events import Forward, LayerCall
from trainlint.program.networks import parts
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object
from trainlint.source import ir
from trainlint.source.walk import descendants


def without(program: TrainingProgram, place: ir.Node) -> Iterator[tuple[Change, ...]]:
    """Ways to leave out a layer without weights, by its constructor, or a function like one, by its call; the neatest first.

    `softmax(x)` becomes `x`; a layer is taken out of its `Sequential`; any other layer becomes an identity.
    """
    calls = [call for _, call in program.each(LayerCall) if call.defined is place]
    if not calls or not isinstance(place, ir.Expr):
        return
    if any(call.node is place for call in calls):
        arguments = {call.argument for call in calls}
        argument = arguments.pop() if len(arguments) == 1 else None
        if isinstance(argument, ir.Expr):
            yield (Replace(place, argument),)
        return
    for container in _containers(program, place):
        yield from ((RemoveItem(item),) for item in _items(container, place))
    yield (Replace(place, (Named("torch.nn.Identity", imported=True), "()")),)


def log_softmax_instead(program: TrainingProgram, place: ir.Node) -> Iterator[tuple[Change, ...]]:
    """Puts a log-softmax in the place of a softmax, by its constructor or its call."""
    calls = [call for _, call in program.each(LayerCall) if call.defined is place]
    if not calls or not isinstance(place, ir.Call):
        return
    function = place.function
    if all(call.node is not place for call in calls):
        yield (Replace(function, Named("torch.nn.LogSoftmax", imported=True)),)
    elif isinstance(function, ir.Attribute) and all(call.argument is function.value for call in calls):
        yield (Replace(function, (function.value, ".log_softmax")),)
    else:
        yield (Replace(function, Named("torch.nn.functional.log_softmax", imported=True)),)


def _containers(program: TrainingProgram, layer: ir.Node) -> Iterable[ir.Call]:
    """The constructors of the sequences that a layer is one of."""
    found: dict[ir.Node, dict[ir.Call, None]] | None = program.memory.get(_containers)
    if found is None:
        found = program.memory[_containers] = {}
        networks = dict.fromkeys(forward.module for _, forward in program.each(Forward) if forward.module is not None)
        for part in dict.fromkeys(part for network in networks for part in parts(network)):
            if not (isinstance(part, Object) and isinstance(part.fact, Layer) and part.fact.role is Role.SEQUENCE):
                continue
            for held in part.cells.values():
                if isinstance(held, Object) and isinstance(part.node, ir.Call):
                    found.setdefault(held.node, {})[part.node] = None
    return found.get(layer, ())


def _items(container: ir.Call, layer: ir.Node) -> Iterator[ir.Argument | ir.Expr]:
    """What of a container's arguments is the layer and nothing else: itself, or its pair with a name."""
    for argument in container.arguments:
        if argument.value is layer:
            yield argument
    for display in descendants(container.arguments):
        if isinstance(display, ir.Sequence) and display.kind != "set":
            for item in display.items:
                pair = isinstance(item, ir.Sequence) and len(item.items) == 2 and isinstance(item.items[0], ir.Constant)
                if item is layer or (pair and item.items[1] is layer):  # type: ignore[attr-defined]
                    yield item


__all__ = ["log_softmax_instead", "without"]
