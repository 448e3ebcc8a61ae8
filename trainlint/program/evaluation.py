"""Questions about evaluation: which forward passes score a network on data that it is not trained on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.program.events import Answer, Backward, Draw, Event, Forward, Loop, LossComputed, Mode, ModeSet, Step
from trainlint.program.fixed_sets import is_drawn, measured_on
from trainlint.program.networks import MODE_DEPENDENT, holds
from trainlint.program.run import Run
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Deps, Iteration, Object, Tensor, Value, union

if TYPE_CHECKING:
    from trainlint.source.ir import Node


def evaluations(program: TrainingProgram) -> Iterator[tuple[Run, Forward]]:
    """The forward passes that are evaluation for certain.

    What comes out of such a pass reaches a score and no backward pass. It is applied to what the innermost loop around it
    draws, outside of any training pass, and no training pass draws from the same data; or it takes whole data sets at
    once, as the training does, and its loss compares with other targets; or it measures a network on one tensor that is there
    from the start and that its loader does not hold; or it takes, between training passes, a batch that `next` has drawn from
    a loader that nothing is trained on, and measures the network being trained against the labels in it; or its loss is
    averaged in a counted loop that trains nothing, as the loss of a network that is trained by the same code elsewhere.
    """
    found: list[tuple[Run, Forward]] | None = program.memory.get(evaluations)
    if found is None:
        found = program.memory[evaluations] = list(_evaluations(program))
    yield from found


def _evaluations(program: TrainingProgram) -> Iterator[tuple[Run, Forward]]:
    shows_backward = any(True for _ in program.each(Backward))
    for run in program.runs:
        trained = _trained_sources(run)
        whole = _of_whole_sets(run) | set(measured_on(run)) | set(_of_sampled_batches(run))
        stepping = {id(passed) for event in run.among(Backward, Step) for passed in event.loops}
        blind = any(not any(type(event) is Forward for event in each.loss.deps) for each in run.of(Backward) if each.loss is not None)
        for forward in run.of(Forward):
            if (
                (forward.escaped and blind)
                or forward.trained
                or forward.returned
                or _is_new(forward)
                or not _is_measured(forward)
                or (forward.escaped and not shows_backward)
            ):
                continue
            if forward in whole or _is_of_other_loader(run, forward, trained):
                yield run, forward
                continue
            loop = _data_loop(forward)
            if loop is None or loop.breaks_at_once or id(forward.loops[-1]) in stepping:
                continue
            if loop.iterable is not None and _sources(loop.iterable) & trained:
                continue
            yield run, forward


def _is_measured(forward: Forward) -> bool:
    """Whether what comes out is a score, or a decision about data (not about what comes next, as in a generator's loop)."""
    if forward.scored or not forward.decided or not forward.loops:
        return forward.scored
    iterable = forward.loops[-1].loop.iterable
    return iterable is not None and not (isinstance(iterable, Iteration) and iterable.kind == "range")


def _is_of_other_loader(run: Run, forward: Forward, trained: set[int]) -> bool:
    """Whether a network that is trained is measured against the labels of a batch drawn from elsewhere: `next(iter(test_loader))`."""
    around = [each.loop for each in forward.loops]
    drawn = [event for event in union(forward.inputs) if type(event) is Draw]
    draws = {event for event in drawn if event.loop is None}
    if not draws or any(event.loop in around for event in drawn if event.loop is not None):
        return False
    if any(each.source is None or each.loops[-1:] != forward.loops[-1:] or _sources(each.source) & trained for each in draws):
        return False
    compared = any(
        loss.input is not None and loss.target is not None and forward in loss.input.deps and draws & loss.target.deps
        for loss in run.of(LossComputed)
    )
    return compared and any(each.trained and each.module is forward.module for each in run.of(Forward))


def _is_new(forward: Forward) -> bool:
    """Whether the network was built in this very pass of the loop, so that nothing has been learned that could be evaluated."""
    return isinstance(forward.module, Object) and bool(forward.loops) and forward.loops[-1] in forward.module.born


def _data_loop(forward: Forward) -> Loop | None:
    """The innermost loop around the pass, if its input is what that loop draws."""
    if not forward.loops:
        return None
    loop = forward.loops[-1].loop
    for event in union(forward.inputs):
        if type(event) is Draw and event.loop is loop and event.loops[-1:] == forward.loops[-1:]:
            return loop
    return None


def _of_whole_sets(run: Run) -> set[Forward]:
    """The passes over one whole set while the network is trained on another: both losses meet the same targets in every epoch."""
    losses = [loss for loss in run.of(LossComputed) if loss.loops and isinstance(loss.target, Tensor)]
    trained_on = {id(loss.target) for loss in losses if loss.trained}
    networks = {forward.module for loss in losses if loss.trained for forward in _forwards(loss) if not is_drawn(forward)}
    if not networks:
        return set()
    epochs = {(loss.node, id(loss.target), loss.loops[0].loop, loss.loops[0].number) for loss in losses}
    return {
        forward
        for loss in losses
        if not loss.trained
        and id(loss.target) not in trained_on
        and {(loss.node, id(loss.target), loss.loops[0].loop, number) for number in (1, 2)} <= epochs
        for forward in _forwards(loss)
        if forward.module in networks and forward.loops == loss.loops and len(loss.loops) == 1 and not is_drawn(forward)
    }


def _of_sampled_batches(run: Run) -> Iterator[Forward]:
    """The passes of a loop that counts and trains nothing, measured by the very loss that the network is trained by elsewhere.

    `for k in range(200): losses[k] = model(*get_batch("val"))[1].item()`
    """
    training = {id(passed.loop) for event in run.among(Backward, Step) for passed in event.loops[-1:]}
    losses: dict[Forward, set[Node]] = {}
    for loss in run.of(LossComputed):
        for forward in _forwards(loss):
            losses.setdefault(forward, set()).add(loss.node)
    for forward in run.of(Forward):
        # A network may compute its loss by itself.
        inside = {event.node for event in union((forward.output,)) if type(event) is LossComputed} if forward.output is not None else set()
        if inside:
            losses[forward] = losses.get(forward, set()) | inside
    trained_by = {(forward.module, node) for forward, nodes in losses.items() if forward.trained for node in nodes}
    for forward, nodes in losses.items():
        if forward.trained or not forward.scored or not forward.loops or id(forward.loops[-1].loop) in training:
            continue
        if is_counted(forward.loops[-1].loop.iterable) and any((forward.module, node) in trained_by for node in nodes):
            yield forward


def is_counted(iterable: Value | None) -> bool:
    """Whether a loop over it counts its passes."""
    if isinstance(iterable, Iteration) and iterable.kind in {"enumerate", "iter"}:
        return is_counted(iterable.sources[0])
    return isinstance(iterable, Iteration) and iterable.kind == "range"


def _forwards(loss: LossComputed) -> Iterator[Forward]:
    """The passes that a loss is computed from."""
    for event in loss.input.deps if loss.input is not None else ():
        if type(event) is Forward:
            yield event


def _trained_sources(run: Run) -> set[int]:
    found: set[int] = set()
    for forward in run.of(Forward):
        if forward.trained:
            for event in union(forward.inputs):
                if type(event) is Draw and event.source is not None:
                    found |= _sources(event.source)
    return found


def _sources(value: Value) -> set[int]:
    """The identities of what is looped over, inside of enumerate, zip, tqdm and the like."""
    sources = getattr(value, "sources", None)
    if sources is None:
        return {id(value)}
    return {identity for source in sources for identity in _sources(source)} if getattr(value, "kind", "") != "range" else set()


def mode_layer(forward: Forward) -> Object | None:
    """A layer of the network that behaves differently in training mode, if there certainly is one.

    None also where the pass was followed, and goes through no such layer: `if is_training: x = self.dropout(x)`.
    """
    if forward.module is None:
        return None
    answer, layer = holds(forward.module)
    if answer is not Answer.YES or layer is None:
        return None
    if layer is forward.module:
        # Of a library's network, only what the program has put into it is followed: a new head.
        return layer
    followed = [call.layer for call in forward.layers if isinstance(call.layer, Object)]
    acts = any(call.role in MODE_DEPENDENT for call in forward.layers) or any(holds(each)[0] is not Answer.NO for each in followed)
    return layer if acts or not followed else None


def keeps_graph(forward: Forward) -> bool:
    """Whether what comes out carries a graph, as far as it could be followed into the network."""
    if isinstance(forward.output, Tensor):
        return forward.output.graph is True
    followed = [call.output for call in forward.layers]
    return not followed or any(not isinstance(each, Tensor) or each.graph is not False for each in followed)


class FirstInLoop:
    """Which pass is the first of its loop that a question is about: what is missing around the loop is one cause, and one finding."""

    def __init__(self) -> None:
        """No pass was asked about yet."""
        self._first: dict[Node, Node] = {}

    def __call__(self, forward: Forward) -> bool:
        """Whether no pass elsewhere in the same loop was asked about before."""
        return self._first.setdefault(forward.loops[-1].loop.node, forward.node) is forward.node


def modes(forward: Forward) -> frozenset[Mode]:
    """The modes that the network may be in."""
    return frozenset(mode for mode, _ in forward.modes)


def drawn_from(deps: Deps) -> Iterator[Event]:
    """The draws that a value comes from."""
    for event in deps:
        if type(event) is Draw:
            yield event


def switched_for_evaluation(run: Run, forward: Forward) -> ModeSet | None:
    """The `train()` that puts the network into training mode inside of this evaluation, or where an `eval()` was meant for it."""
    setters = [event for mode, event in forward.modes if mode is Mode.TRAIN and event is not None]
    if len(setters) < len(forward.modes):
        return None
    for setter in setters:
        between = [event for event in run.of(Forward) if setter.index < event.index < forward.index]
        if any(event.trained for event in between):
            continue
        if setter.loops[-1:] == forward.loops[-1:] or _overrides(run, setter):
            return setter
    return None


def _overrides(run: Run, setter: ModeSet) -> bool:
    """Whether the network was put into evaluation mode before, and nothing was computed in that mode."""
    for event in reversed(run.among(Forward, ModeSet)):
        if event.index < setter.index and getattr(event, "module", None) is setter.module:
            return type(event) is ModeSet and event.mode is Mode.EVAL
    return False
