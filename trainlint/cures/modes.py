"""Recipes for evaluations: the mode of the network, and the graph that they do not need."""

from collections.abc import Iterator

from trainlint.cures.changes import Change, InsertAfter, InsertBefore, Named, Wrap
from trainlint.cures.surroundings import around
from trainlint.program.events import Backward, Draw, Forward, Mode, ModeSet
from trainlint.program.networks import related
from trainlint.program.receivers import network_of
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Value, union
from trainlint.source import ir
from trainlint.source.walk import descendants


def evaluated_in_place(program: TrainingProgram, run: Run, forward: Forward) -> Iterator[tuple[Change, ...]]:
    """Ways to switch a network to evaluation mode around an evaluation, and back where training goes on without doing so."""
    network = network_of(forward)
    if network is None:
        return
    for place in _places(program, forward):
        outer = _with_contexts(program, place)
        into, back = InsertBefore(outer, (network, ".eval()")), InsertAfter(outer, (network, ".train()"))
        yield (into, back) if _trains_on(run, forward) else (into,)


def without_graph(program: TrainingProgram, forward: Forward) -> Iterator[tuple[Change, ...]]:
    """Ways to have an evaluation record no graph."""
    for place in _places(program, forward):
        yield (Wrap(place, (Named("torch.no_grad", imported=True), "()")),)


def _places(program: TrainingProgram, forward: Forward) -> Iterator[ir.Node]:
    """The loop over the data that are evaluated, then the evaluating statement alone; nothing that trains as well."""
    training = {event.node for _, event in program.each(Backward)}
    training |= {event.node for _, event in program.each(Forward) if event.trained}
    if forward.loops:
        loop = forward.loops[-1].loop
        drawn = any(type(event) is Draw and event.loop is loop for event in union(forward.inputs))
        if drawn and not loop.virtual and isinstance(loop.node, ir.For | ir.While) and training.isdisjoint(descendants((loop.node,))):
            yield loop.node
    if forward.node not in training:
        yield forward.node


def _with_contexts(program: TrainingProgram, place: ir.Node) -> ir.Node:
    """The place, or the outermost `with` around it that holds nothing else: `with torch.no_grad():`."""
    for outer in around(program, place):
        if not isinstance(outer, ir.With) or len(outer.body) > 1:
            break
        place = outer
    return place


def _trains_on(run: Run, forward: Forward) -> bool:
    """Whether the network is trained after the evaluation before anything sets its mode."""
    for event in run.events[forward.index + 1 :]:
        if type(event) is ModeSet and _concerns(event.module, forward) and event.mode is Mode.TRAIN:
            return False
        if type(event) is Forward and event.trained and _concerns(event.module, forward):
            return True
    return False


def _concerns(module: Value | None, forward: Forward) -> bool:
    return module is not None and forward.module is not None and related(module, forward.module)
