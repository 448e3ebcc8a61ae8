"""Elements and items of values: what a loop draws, what unpacking and indexing find."""

from dataclasses import replace

from trainlint.program.containers import listed
from trainlint.program.events import Draw, Exhausted
from trainlint.program.interpreter import data, tracing
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.unknowns import member
from trainlint.program.joins import join, one_of
from trainlint.program.values import (
    MAX_NESTING,
    NONE,
    Data,
    Deps,
    Either,
    Iteration,
    Known,
    Mapping,
    Object,
    Parameters,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from trainlint.source import ir

MAX_UNROLLED = 6
MAX_MODULES = 3
"""As many of a container of modules: each may hold containers of its own, and the run of a network is the product of them all."""


def unrolled(iterable: Value) -> tuple[Value, ...] | None:
    """The items of a list that is known item by item, which a loop runs through exactly."""
    items: tuple[Value, ...] | None = None
    if isinstance(iterable, Sequence) and not iterable.open and len(iterable.items) <= MAX_UNROLLED:
        # What `list(model.parameters())` holds is many parameters.
        items = None if any(isinstance(item, Parameters) for item in iterable.items) else iterable.items
    elif isinstance(iterable, Known) and isinstance(iterable.value, tuple | list) and 0 < len(iterable.value) <= MAX_UNROLLED:
        items = tuple(Known(value, iterable.soft) for value in iterable.value)
    elif isinstance(iterable, Mapping) and not iterable.open and 0 < len(iterable.cells) <= MAX_UNROLLED:
        items = tuple(Known(key) for key in iterable.cells)
    elif isinstance(iterable, Object) and (modules := listed(iterable)) is not None and 0 < len(modules) <= MAX_MODULES:
        items = modules
    elif isinstance(iterable, Iteration):
        parts = [unrolled(source) for source in iterable.sources]
        if iterable.kind == "enumerate" and parts[0] is not None:
            items = tuple(sequence("tuple", (Known(i), value)) for i, value in enumerate(parts[0]))
        elif iterable.kind == "zip" and parts and all(part is not None for part in parts):
            items = tuple(sequence("tuple", row) for row in zip(*[part for part in parts if part is not None], strict=False))
        elif iterable.kind == "items" and isinstance(source := iterable.sources[0], Mapping) and parts[0] is not None:
            items = tuple(sequence("tuple", (key, source.cells[key.value])) for key in parts[0] if isinstance(key, Known))
        elif iterable.kind == "values" and isinstance(source := iterable.sources[0], Mapping) and parts[0] is not None:
            items = tuple(source.cells.values())
        elif iterable.kind == "range":
            items = _hardly_any(iterable)
        elif iterable.kind in {"iter", "sorted"}:
            items = parts[0]
        elif iterable.kind == "reversed" and parts[0] is not None:
            items = parts[0][::-1]
    return items


def _hardly_any(iterable: Iteration) -> tuple[Value, ...] | None:
    """The numbers of a `range` that is written out and has one or none."""
    bounds = [
        source.value for source in iterable.sources if isinstance(source, Known) and not source.soft and isinstance(source.value, int)
    ]
    if len(bounds) < len(iterable.sources) or 0 in bounds[2:]:
        return None
    numbers = range(*bounds)
    return tuple(Known(number) for number in numbers) if len(numbers) <= 1 else None


def consume(machine: Machine, iterable: Value, node: ir.Node) -> None:
    """Draws everything from an iterator over parameters; what comes after that finds nothing."""
    if isinstance(iterable, Parameters):
        if not iterable.once:
            return
    elif not isinstance(iterable, Iteration) or iterable.kind not in _ITERATORS or not _over_parameters(iterable):
        return
    earlier, loops = machine.consumed.get(iterable, (None, None))
    if earlier is None:
        machine.write(machine.consumed, iterable, (node, machine.loops))
    elif earlier is not node or loops != machine.loops:
        # One call with several meanings of its receiver draws once.
        machine.emit(Exhausted(node, parameters=iterable, earlier=earlier))


_ITERATORS = {"chain", "iter", "zip", "enumerate", "items"}


def _over_parameters(iterable: Iteration) -> bool:
    return all(isinstance(each, Parameters) or (isinstance(each, Iteration) and _over_parameters(each)) for each in iterable.sources)


def element(machine: Machine, iterable: Value, draw: Draw | None) -> Value:
    """What one pass of a loop over the value draws, marked as coming from that draw."""
    deps = frozenset((draw,)) if draw is not None else NONE
    if isinstance(iterable, Iteration):
        return _iteration_element(machine, iterable, draw)
    if isinstance(iterable, Either):
        return one_of([element(machine, option, draw) for option in iterable.options])
    if isinstance(iterable, Sequence):
        items = [element(machine, item, draw) if isinstance(item, Parameters) else item for item in iterable.items]
        return marked(one_of(items), deps) if items else Unknown(iterable.deps | deps)
    if isinstance(iterable, Mapping):
        return Unknown(deps)
    if isinstance(iterable, Tensor):
        return replace(iterable, deps=iterable.deps | deps, shape=iterable.shape[1:] if iterable.shape else None)
    if isinstance(iterable, Parameters):
        return (
            Tensor(graph=True, parameter=next(iter(iterable.modules), None), drawn=True)
            if len(iterable.modules) == 1
            else Tensor(graph=True)
        )
    if isinstance(iterable, Data):
        return marked(data.batch(machine, iterable), deps)
    if isinstance(iterable, Object):
        return marked(data.object_element(machine, iterable), deps)
    if isinstance(iterable, Unknown):
        child = Unknown(iterable.deps | deps, iterable.uses.member("[]") if iterable.uses else None, iterable.holds, iterable)
        child.cut = iterable.cut
        return child
    return Unknown(iterable.deps | deps)


def _iteration_element(machine: Machine, iterable: Iteration, draw: Draw | None) -> Value:
    kind, sources = iterable.kind, iterable.sources
    if kind == "range":
        return Tensor(frozenset((draw,)) if draw is not None else NONE, graph=False, number=True)
    if kind == "enumerate":
        return sequence(
            "tuple", (Tensor(frozenset((draw,)) if draw else NONE, graph=False, number=True), element(machine, sources[0], draw))
        )
    if kind == "zip":
        return sequence("tuple", tuple(element(machine, source, draw) for source in sources))
    source = sources[0]
    if kind == "items":
        if isinstance(source, Mapping):
            return sequence("tuple", (Unknown(), join(source.cells.values()) if source.cells else Unknown()))
        return sequence("tuple", (Unknown(), element(machine, source, draw)))
    if kind == "values":
        return join(source.cells.values()) if isinstance(source, Mapping) and source.cells else element(machine, source, draw)
    if kind == "yields":
        return marked(join(sources), frozenset((draw,)) if draw is not None else NONE)
    return element(machine, source, draw)


def marked(value: Value, deps: Deps, depth: int = 0) -> Value:
    """The value, also computed from these events."""
    if not deps or depth > MAX_NESTING:
        return value
    if isinstance(value, Tensor):
        return replace(value, deps=value.deps | deps)
    if isinstance(value, Unknown):
        child = replace(value, deps=value.deps | deps, cells={})
        if child.owner is None:
            child.owner = value
        return child
    if isinstance(value, Sequence):
        return Sequence(value.kind, {**value.cells, "items": tuple(marked(each, deps, depth + 1) for each in value.items)}, value.born)
    if isinstance(value, Mapping):
        return Mapping({key: marked(each, deps, depth + 1) for key, each in value.cells.items()}, value.open, value.born)
    if isinstance(value, Either):
        return Either(tuple(marked(each, deps, depth + 1) for each in value.options))
    if isinstance(value, Known):
        return Known(value.value, value.soft, value.deps | deps)
    return value


def drawn(value: Value, draw: Draw) -> Value:
    """An item of a list that a loop runs through; networks and unknown values keep their identity."""
    if isinstance(value, Tensor) or (isinstance(value, Sequence) and any(isinstance(each, Tensor) for each in value.items)):
        return marked(value, frozenset((draw,)))
    return value


def item(machine: Machine, value: Value, index: int) -> Value:
    """Item number `index` of the value."""
    if isinstance(value, Sequence):
        items = value.items
        if -len(items) <= index < len(items) and not (value.open and index < 0):
            return items[index]
        return join(items) if items and value.open else Unknown(value.deps)
    if isinstance(value, Known) and isinstance(value.value, tuple | list | str):
        try:
            return Known(value.value[index], value.soft)
        except IndexError:
            return Unknown()
    if isinstance(value, Either):
        return one_of([item(machine, option, index) for option in value.options])
    if isinstance(value, Tensor):
        return tracing.row(value)
    if isinstance(value, Unknown):
        return member(machine, value, f"[{index}]")
    if isinstance(value, Iteration):
        return element(machine, value, None)
    if isinstance(value, Object) and index in value.cells:
        return value.cells[index]  # type: ignore[no-any-return]
    if isinstance(value, Object | Data):
        return data.subscript(machine, value)
    return Unknown(value.deps)


def part(value: Value) -> Value:
    """A part of some data, with an identity of its own."""
    return replace(value) if isinstance(value, Tensor) else Unknown(value.deps, owner=value)
