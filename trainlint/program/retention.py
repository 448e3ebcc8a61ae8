"""Questions about memory: which graphs outlive the pass that built them."""

from collections.abc import Iterator

from trainlint.program.events import Backward, Forward, Pass, Retain
from trainlint.program.run import Run, shared_loop
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Mapping, Sequence, Tensor, Unknown, Value


def retentions(program: TrainingProgram) -> Iterator[tuple[Run, Retain, Backward]]:
    """What is kept over passes with its graph, and the backward pass after which nobody needs that graph."""
    for run in program.runs:
        backwards = list(run.of(Backward))
        for kept in run.of(Retain):
            backward = next((each for each in backwards if _uses_up(kept, each)), None)
            if backward is not None and not _is_backwarded(kept, backwards):
                yield run, kept, backward


def _uses_up(kept: Retain, backward: Backward) -> bool:
    """Whether the backward pass, in the same pass of the loop, is that of the kept value."""
    if not kept.loops or kept.value is None or backward.loss is None:
        return False
    growing = _growing_pass(kept)
    if growing not in backward.loops or (
        # What was computed in this pass itself is no older sum, though data of an earlier pass went into it.
        isinstance(kept.holder, Tensor) and any(growing in event.loops for event in _forwards(kept.holder))
    ):
        return False
    if _is_part(backward.loss, kept.value):
        return True
    if not isinstance(kept.value, Tensor) or kept.value.number or not _forwards(kept.value) & _forwards(backward.loss):
        return False
    return kept.value.graph is True


def _growing_pass(kept: Retain) -> Pass:
    """The pass of the loop over which it grows; a short loop over losses by name may stand between."""
    shared = shared_loop(kept.earlier, kept) if kept.earlier is not None else None
    return shared[1] if shared is not None else kept.loops[-1]


def _is_part(value: Value | None, whole: Value) -> bool:
    """Whether the value is the whole or an item of it: `output["loss"]`."""
    if isinstance(whole, Mapping | Sequence):
        items = whole.cells.values() if isinstance(whole, Mapping) else whole.items
        return any(item is value for item in items)
    while value is not None and value is not whole:
        value = value.owner if isinstance(value, Unknown) else None
    return value is not None


def _is_backwarded(kept: Retain, backwards: list[Backward]) -> bool:
    """Whether a later backward pass goes through the sum: through this pass's value and an earlier one's together."""
    value = kept.value
    if value is None or kept.earlier is None:
        return True
    now = _forwards(value)
    later = [each for each in backwards if each.index > kept.index and each.loss is not None]
    return any(each.loss is not None and now & _forwards(each.loss) and kept.earlier in each.loss.deps for each in later)


def _forwards(value: Value) -> frozenset[Forward]:
    return frozenset(event for event in value.deps if type(event) is Forward)
