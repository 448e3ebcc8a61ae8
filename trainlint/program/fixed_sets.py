"""Questions about data that are one tensor: what a network is measured on besides the batches that it is trained on."""

from collections.abc import Iterator

from trainlint.program.events import Draw, Forward
from trainlint.program.pipelines import loaders
from trainlint.program.run import Run
from trainlint.program.values import Data, Mapping, Object, Sequence, Tensor, Value, union


def measured_on(run: Run) -> Iterator[Forward]:
    """The passes that measure a network on one tensor, made outside of all loops, which its training does not read.

    Where the training data are not in sight as tensors, a tensor that looks like others may be a part of them: no answer.
    """
    held: dict[Value, set[int] | None] = {}
    for forward in run.of(Forward):
        if forward.trained and forward.module is not None:
            known = held.setdefault(forward.module, set())
            more = _read_by(forward)
            held[forward.module] = None if known is None or more is None else known | more
    first = {module: min(each.index for each in run.of(Forward) if each.trained and each.module is module) for module in held}
    for forward in run.of(Forward):
        if forward.trained or not forward.scored or forward.module is None or forward.index < first.get(forward.module, forward.index + 1):
            continue
        read = held.get(forward.module)
        if read and forward.inputs and all(_is_fixed(value) and id(value) not in read for value in forward.inputs):
            yield forward


def is_drawn(forward: Forward) -> bool:
    """Whether the pass is applied to what some loop draws, not to a whole data set."""
    return any(type(event) is Draw for event in union(forward.inputs))


def _is_fixed(value: Value) -> bool:
    return isinstance(value, Tensor) and value.made is None and value.graph is not True and not value.number and not value.deps


def _read_by(forward: Forward) -> set[int] | None:
    """The identities of the tensors that a training pass reads, those of its whole data set; None where some may be out of sight."""
    if not is_drawn(forward):
        return {id(value) for value in forward.inputs} if forward.inputs and all(_is_fixed(value) for value in forward.inputs) else None
    found: set[int] = set()
    for event in union(forward.inputs):
        if type(event) is Draw:
            inside = {id(each) for loader in loaders(event.source) for each in _tensors(loader)}
            if not inside:
                return None
            found |= inside
    return found


def _tensors(value: Value, depth: int = 0) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif depth < _DEEPEST:
        held: tuple[object, ...] = ()
        if isinstance(value, Data):
            held = tuple(value.arguments.values())
        elif isinstance(value, Object | Mapping):
            held = tuple(value.cells.values())
        elif isinstance(value, Sequence):
            held = value.items
        for each in held:
            if isinstance(each, Value):
                yield from _tensors(each, depth + 1)


_DEEPEST = 4
