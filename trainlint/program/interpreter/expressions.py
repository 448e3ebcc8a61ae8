"""Evaluating expressions, except for operators and calls."""

from collections.abc import Callable

from trainlint.knowledge.facts import Layer
from trainlint.program.events import Draw, Loop, Pass
from trainlint.program.interpreter import iteration, networks
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.assignment import assign
from trainlint.program.interpreter.attributes import attribute
from trainlint.program.interpreter.builtins import BUILTINS
from trainlint.program.interpreter.definitions import define_lambda
from trainlint.program.interpreter.machine import EVALUATE, Machine
from trainlint.program.interpreter.tensors import select
from trainlint.program.interpreter.truth import narrow, truth
from trainlint.program.interpreter.unknowns import member
from trainlint.program.interpreter.variables import bind_name
from trainlint.program.joins import join, one_of
from trainlint.program.values import (
    NOTHING,
    Data,
    Either,
    Known,
    Library,
    Mapping,
    Object,
    Parameters,
    Scope,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
    union,
)
from trainlint.source import ir

MAX_EXACT = 4
"""How many items of a comprehension are made one by one; more are like the first two."""


def _constant(machine: Machine, node: ir.Constant) -> Value:
    return Known(node.value)


def _name(machine: Machine, node: ir.Name) -> Value:
    return lookup(machine.scope, node.id)


def lookup(scope: Scope, name: str) -> Value:
    """What a name means: local, enclosing, module, builtin. A name that is not found may come from a star import."""
    module = scope.module
    current: Scope | None = module.scope if name in scope.globals_ else scope
    while current is not None:
        value = current.cells.get(name)
        if value is not None:
            return value
        current = current.parent
        while current is not None and current.is_class:
            current = current.parent
    if name in BUILTINS and not module.star_unresolved:
        return Library(f"builtins.{name}")
    return Library(f"builtins.{name}") if name in BUILTINS else Unknown()


def _attribute(machine: Machine, node: ir.Attribute) -> Value:
    return attribute(machine, machine.evaluate(node.value), node.attr, node)


def _subscript(machine: Machine, node: ir.Subscript) -> Value:
    holder = node.value
    if isinstance(holder, ir.Attribute) and holder.attr == "__dict__":  # models.__dict__[name] is models.name
        index = machine.evaluate(node.index)
        if isinstance(index, Known) and isinstance(index.value, str):
            return attribute(machine, machine.evaluate(holder.value), index.value, holder)
    owner = machine.evaluate(holder)
    index = machine.evaluate(node.index)
    return subscript(machine, owner, index, node)


def subscript(machine: Machine, owner: Value, index: Value, node: ir.Subscript) -> Value:
    """`owner[index]`."""
    if isinstance(owner, Either):
        return one_of([subscript(machine, option, index, node) for option in owner.options])
    if isinstance(owner, Tensor):
        return select(owner, node, index)
    key = index.value if isinstance(index, Known) else None
    if isinstance(owner, Mapping):
        if isinstance(key, str | int) and key in owner.cells:
            return owner.cells[key]  # type: ignore[no-any-return]
        if owner.default is not None:
            return _made_by_default(machine, owner, key if isinstance(key, str | int) else _ANY, node)
        if key is None and owner.cells and not owner.open:
            return one_of(owner.cells.values())
        return Unknown(owner.deps | index.deps)
    if isinstance(owner, Object) and owner.module and isinstance(owner.fact, Layer):
        part = networks.part(machine, owner, index, node)
        if part is not None:
            return part
    if isinstance(key, int) and not isinstance(key, bool):
        return iteration.item(machine, owner, key)
    if isinstance(owner, Unknown):
        if isinstance(key, str):
            return member(machine, owner, f"[{key!r}]")
        inner = member(machine, owner, "[]")
        return iteration.marked(inner, index.deps) if index.deps else inner
    if isinstance(owner, Sequence):
        if isinstance(node.index, ir.Slice):
            return _slice(machine, owner, node.index)
        return iteration.marked(join(owner.items), index.deps) if owner.items else Unknown(owner.deps | index.deps)
    if isinstance(owner, Object) and key is not None and key in owner.cells:
        return owner.cells[key]  # type: ignore[no-any-return]
    if isinstance(owner, Object | Data):
        from trainlint.program.interpreter import data

        return iteration.marked(data.subscript(machine, owner, index), index.deps)
    if isinstance(owner, Parameters):
        return owner
    return Unknown(owner.deps | index.deps)


def _made_by_default(machine: Machine, owner: Mapping, key: str | int, node: ir.Subscript) -> Value:
    """The value of a key that a `defaultdict` lacks; keys that are not known share one."""
    if key not in owner.cells:
        assert owner.default is not None
        machine.write(owner.cells, key, machine.call(owner.default, Arguments(), node))
    made: Value = owner.cells[key]
    return made


_ANY = "<any>"


def _slice(machine: Machine, owner: Sequence, node: ir.Slice) -> Value:
    bounds = [None if part is None else machine.evaluate(part) for part in (node.lower, node.upper, node.step)]
    if all(bound is None or (isinstance(bound, Known) and isinstance(bound.value, int)) for bound in bounds) and not owner.open:
        numbers = [bound.value if isinstance(bound, Known) else None for bound in bounds]
        if numbers[2] != 0:
            return sequence(owner.kind, owner.items[slice(*numbers)], born=machine.loops)
    return sequence(owner.kind, owner.items, more=True, born=machine.loops)


def _slice_value(machine: Machine, node: ir.Slice) -> Value:
    return Unknown(union(machine.evaluate(part) for part in (node.lower, node.upper, node.step) if part is not None), cut=True)


def _sequence(machine: Machine, node: ir.Sequence) -> Value:
    items: list[Value] = []
    open_ = False
    for item in node.items:
        if isinstance(item, ir.Starred):
            value = machine.evaluate(item.value)
            if isinstance(value, Sequence):
                items.extend(value.items)
                open_ |= value.open
            elif isinstance(value, Parameters):
                items.append(value)
            else:
                items.append(iteration.element(machine, value, None))
                open_ = True
        else:
            items.append(machine.evaluate(item))
    return sequence(node.kind, tuple(items), more=open_, born=machine.loops)


def _dict(machine: Machine, node: ir.Dict) -> Value:
    mapping = Mapping({}, born=machine.loops)
    for key_node, value_node in node.items:
        value = machine.evaluate(value_node)
        if key_node is None:
            if isinstance(value, Mapping):
                mapping.cells.update(value.cells)
                mapping.open |= value.open
            else:
                mapping.open = True
            continue
        key = machine.evaluate(key_node)
        if isinstance(key, Known) and isinstance(key.value, str | int):
            mapping.cells[key.value] = value
        else:
            mapping.cells[f"<{len(mapping.cells)}>"] = value
            mapping.open = True
    return mapping


def _if_expression(machine: Machine, node: ir.IfExpression) -> Value:
    value = machine.evaluate(node.test)
    decided = truth(machine, value)
    if decided is not None:
        return machine.evaluate(node.body if decided else node.orelse)

    def arm(expression: ir.Expr, *, outcome: bool) -> Callable[[], Value]:
        def run() -> Value:
            with narrow(machine, node.test, value, outcome=outcome):
                return machine.evaluate(expression)

        return run

    return machine.choose([arm(node.body, outcome=True), arm(node.orelse, outcome=False)])


def _comprehension(machine: Machine, node: ir.Comprehension) -> Value:
    outer = machine.frame
    scope = Scope({}, outer.scope, outer.scope.module, outer.scope.function)
    results: list[Value] = []
    keys: list[Value] = []
    state: dict[str, bool | str] = {"open": False}

    def run(level: int) -> None:
        if level == len(node.generators):
            if node.value is not None:
                keys.append(machine.evaluate(node.element))
                results.append(machine.evaluate(node.value))
            else:
                results.append(machine.evaluate(node.element))
            return
        generator = node.generators[level]
        iterable = machine.evaluate(generator.iterable)
        iteration.consume(machine, iterable, generator.iterable)
        items = iteration.unrolled(iterable) or _counted(iterable)
        exact = items is not None and len(items) <= MAX_EXACT
        loop, loops = Loop(node, iterable=iterable, exact=exact), machine.loops
        passes = items if items is not None and exact else (None, None)
        state["open"] = state["open"] or ("repeated" if items is None or len(items) > MAX_EXACT else False)
        for number, item in enumerate(passes):
            machine.loops = (*loops, Pass(loop, number + 1))
            draw = machine.emit(Draw(node, source=iterable, loop=loop))
            assign(
                machine, generator.target, iteration.drawn(item, draw) if item is not None else iteration.element(machine, iterable, draw)
            )
            tests = [machine.evaluate(condition) for condition in generator.conditions]
            decisions = [truth(machine, test) for test in tests]
            if False not in decisions:
                state["open"] = True if None in decisions else state["open"]
                events, mark = len(machine.events), machine.heap.mark()
                run(level + 1)
                quiet = len(machine.events) == events and machine.heap.mark() == mark
                if not exact and quiet and not (results and isinstance(results[-1], Object)):
                    break
        machine.loops = loops

    outer_scope, outer.scope = outer.scope, scope
    try:
        run(0)
    finally:
        outer.scope = outer_scope
    if node.kind == "dict":
        known = {
            key.value: value
            for key, value in zip(keys, results, strict=True)
            if isinstance(key, Known) and isinstance(key.value, str | int)
        }
        rest = {f"<{i}>": value for i, value in enumerate(results)} if len(known) < len(results) else {}
        return Mapping(known or rest, open=bool(state["open"] or rest), born=machine.loops)
    return sequence("set" if node.kind == "set" else "list", tuple(results), more=state["open"], born=machine.loops)


def _counted(iterable: Value) -> tuple[Value, ...] | None:
    """The numbers of a short `range` whose bounds are known."""
    from trainlint.program.values import Iteration

    if isinstance(iterable, Iteration) and iterable.kind == "range":
        bounds = [source.value for source in iterable.sources if isinstance(source, Known) and isinstance(source.value, int)]
        if len(bounds) == len(iterable.sources) and 0 not in bounds[2:]:
            numbers = range(*bounds)
            if 0 < len(numbers) <= MAX_EXACT:
                return tuple(Known(number) for number in numbers)
    return None


def _formatted(machine: Machine, node: ir.FormattedString) -> Value:
    return Unknown(union([machine.evaluate(value) for value in node.values]), cut=True)


def _named(machine: Machine, node: ir.NamedExpression) -> Value:
    value = machine.evaluate(node.value)
    bind_name(machine, node.target.id, value)
    return value


def _await(machine: Machine, node: ir.Await) -> Value:
    return machine.evaluate(node.value)


def _yield(machine: Machine, node: ir.Yield) -> Value:
    value = NOTHING if node.value is None else machine.evaluate(node.value)
    frame = machine.frame
    if node.is_from:
        value = iteration.element(machine, value, None)
    if frame.on_yield is not None:
        return frame.on_yield(value)
    frame.yields.append(value)
    return Unknown()


def _starred(machine: Machine, node: ir.Starred) -> Value:
    return machine.evaluate(node.value)


EVALUATE.update(
    {
        ir.Constant: _constant,
        ir.Name: _name,
        ir.Attribute: _attribute,
        ir.Subscript: _subscript,
        ir.Slice: _slice_value,
        ir.Sequence: _sequence,
        ir.Dict: _dict,
        ir.IfExpression: _if_expression,
        ir.Comprehension: _comprehension,
        ir.FormattedString: _formatted,
        ir.NamedExpression: _named,
        ir.Await: _await,
        ir.Yield: _yield,
        ir.Starred: _starred,
        ir.Lambda: define_lambda,
    }
)
