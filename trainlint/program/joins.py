"""Joining values: what a cell holds where several paths of a run meet."""

from collections.abc import Iterable
from typing import Any

from trainlint.knowledge.facts import Layer, Loss
from trainlint.program.values import (
    Class,
    Data,
    Either,
    Function,
    Known,
    Library,
    Method,
    Object,
    Optimizer,
    Scheduler,
    Tensor,
    Unknown,
    Value,
    union,
)

MAX_OPTIONS = 3
"""How many values an `Either` holds; of more, only their origin is kept, or the first of a kind that stands for the others."""
_ALIKE = (Class, Data, Function, Object, Optimizer, Scheduler)
"""What programs choose one of by a setting: a network, an optimizer, a data set. The choice is made once, and any of them is a program."""


def one_of(values: Iterable[Value]) -> Value:
    """The value of something that is any of these."""
    joined: Value = join(values)
    return joined


def join(values: Iterable[Any]) -> Any:
    """The value of a cell that may hold any of these; typestates (frozensets) and item tuples join memberwise."""
    options: list[Any] = []
    for value in values:
        for option in value.options if isinstance(value, Either) else (value,):
            kind = type(option)
            for place, other in enumerate(options):
                if option is other or (kind in _COMPARED and type(other) is kind and _same(option, other)):
                    if isinstance(option, Known) and option.soft:
                        # What is a default on one path decides nothing.
                        options[place] = option
                    break
            else:
                options.append(option)
    if len(options) == 1:
        return options[0]
    first = options[0]
    if isinstance(first, frozenset):
        return frozenset().union(*options)
    if isinstance(first, tuple):
        return _join_items(options)
    if not isinstance(first, Value):
        return True if any(options) else first
    tensors = [option for option in options if isinstance(option, Tensor)]
    if len(tensors) == len(options):
        return _join_tensors(tensors)
    unknowns = [option for option in options if isinstance(option, Unknown)]
    if len(unknowns) == len(options):
        held = frozenset[Value]().union(*(option.holds for option in unknowns))
        return Unknown(union(options), unknowns[0].uses, held, cut=all(option.cut for option in unknowns))
    if len(options) <= MAX_OPTIONS:
        return Either(tuple(options))
    chosen = [option for option in options if isinstance(option, _ALIKE) and not (isinstance(option, Object) and _stands_alone(option))]
    if len({type(option) for option in chosen}) == 1 and all(option in chosen or _is_none(option) for option in options):
        none = [option for option in options if option not in chosen]
        return Either((*chosen[: MAX_OPTIONS - len(none)], *none))
    holds = frozenset(option for option in options if isinstance(option, Object | Optimizer))
    return Unknown(union(options), holds=holds)


def _stands_alone(value: Object) -> bool:
    """Whether it says nothing of others in its place: a layer or loss of a library, or what is no network at all, such as a sample."""
    return not value.module or (value.cls is None and isinstance(value.fact, Layer | Loss))


def _is_none(value: Value) -> bool:
    return isinstance(value, Known) and value.value is None


_COMPARED = {Known, Library, Method}
"""What may be the same value though it was made twice."""


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Known) and isinstance(other, Known):
        return type(one.value) is type(other.value) and one.value == other.value and one.deps == other.deps
    if isinstance(one, Library) and isinstance(other, Library):
        return one.name == other.name
    return isinstance(one, Method) and isinstance(other, Method) and one.receiver is other.receiver and one.function == other.function


def _join_items(options: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    longest = max(options, key=len)
    columns = ([items[i] for items in options if i < len(items)] for i in range(len(longest)))
    return tuple(column[0] if all(c is column[0] for c in column) else join(column) for column in columns)


def _join_tensors(tensors: list[Tensor]) -> Tensor:
    first, *rest = tensors

    def agreed(name: str) -> Any:
        value = getattr(first, name)
        return value if all(getattr(tensor, name) == value for tensor in rest) else None

    kind, scale = agreed("kind"), agreed("scale")
    return Tensor(
        union(tensors),
        graph=agreed("graph"),
        kind=kind,
        kind_node=first.kind_node if kind else None,
        axis=agreed("axis"),
        units=agreed("units"),
        scale=scale,
        scale_node=first.scale_node if scale else None,
        dropout=first.dropout if all(tensor.dropout for tensor in tensors) else None,
        classes=agreed("classes"),
        number=bool(agreed("number")),
        made=agreed("made"),
        parameter=agreed("parameter"),
        drawn=bool(agreed("drawn")),
        trace=agreed("trace"),
        shape=_joined_shape(tensors),
        cut=first.cut if all(tensor.cut for tensor in tensors) else None,
    )


def _joined_shape(tensors: list[Tensor]) -> tuple[int | None, ...] | None:
    """The sizes that all of them have; None where they differ in number."""
    first = tensors[0].shape
    if first is None or any(tensor.shape is None or len(tensor.shape) != len(first) for tensor in tensors):
        return None
    return tuple(
        sizes[0] if all(size == sizes[0] for size in sizes) else None for sizes in zip(*(t.shape or () for t in tensors), strict=True)
    )
