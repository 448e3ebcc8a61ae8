"""Giving values to names, attributes, items and patterns of them."""

from dataclasses import replace

from trainlint.program.interpreter import iteration
from trainlint.program.interpreter.acts import clear, freeze
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.operators import either_graph
from trainlint.program.interpreter.unknowns import member
from trainlint.program.values import (
    Either,
    Known,
    Mapping,
    Object,
    Optimizer,
    Scope,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from trainlint.source import ir


def bind_name(machine: Machine, name: str, value: Value) -> None:
    """Gives a variable of the current scope a value."""
    frame = machine.frames[-1]
    scope = frame.scope
    if name in scope.globals_ or name in scope.nonlocals:
        machine.write(home(scope, name).cells, name, value)
    elif len(machine.guards) == frame.depth and not machine.loop_frames and scope.function is not None:
        # Nothing inside this call will be rolled back, and what is rolled back around it forgets its variables altogether.
        scope.cells[name] = value
    else:
        machine.heap.write(scope.cells, name, value)


def home(scope: Scope, name: str) -> Scope:
    """The scope whose variable an assignment to `name` changes."""
    if name in scope.globals_:
        return scope.module.scope
    if name in scope.nonlocals:
        outer = scope.parent
        while outer is not None and (outer.is_class or name not in outer.cells):
            outer = outer.parent
        return outer or scope
    return scope


def assign(machine: Machine, target: ir.Expr, value: Value) -> None:
    """`target = value`, for any target."""
    if isinstance(target, ir.Name):
        bind_name(machine, target.id, value)
    elif isinstance(target, ir.Attribute):
        set_attribute(machine, machine.evaluate(target.value), target.attr, value, target)
    elif isinstance(target, ir.Subscript):
        set_item(machine, target, value)
    elif isinstance(target, ir.Sequence):
        _unpack(machine, target.items, value)
    elif isinstance(target, ir.Starred):
        assign(machine, target.value, value)


def _unpack(machine: Machine, targets: tuple[ir.Expr, ...], value: Value) -> None:
    star = next((i for i, target in enumerate(targets) if isinstance(target, ir.Starred)), None)
    if star is None:
        for i, target in enumerate(targets):
            assign(machine, target, iteration.item(machine, value, i))
        return
    after = len(targets) - star - 1
    for i, target in enumerate(targets[:star]):
        assign(machine, target, iteration.item(machine, value, i))
    known = value.items[star : len(value.items) - after] if isinstance(value, Sequence) and not value.open else ()
    assign(machine, targets[star], sequence("list", known, more=not known, born=machine.loops))
    for i in range(after):
        assign(machine, targets[star + 1 + i], iteration.item(machine, value, i - after))


def set_attribute(machine: Machine, owner: Value, name: str, value: Value, node: ir.Attribute) -> None:
    """`owner.name = value`."""
    for each in owner.options if isinstance(owner, Either) else (owner,):
        if isinstance(each, Object):
            if each.module and isinstance(value, Object) and value.module and value.foreign and "<owner>" not in value.cells:
                machine.write(value.cells, "<owner>", each)
            if each.foreign:
                member(machine, each, name)
            machine.write(each.cells, name, value)
        elif (
            isinstance(each, Tensor) and name == "requires_grad" and each.drawn and each.parameter is not None and isinstance(value, Known)
        ):
            freeze(machine, each.parameter, frozen=value.value is False)
        elif name == "grad" and isinstance(each, Tensor | Unknown):
            clear(machine, each, node)
        elif isinstance(each, Unknown | Optimizer):
            # What it was before is unknown, not unset: a branch that does not assign leaves it so.
            member(machine, each, name)
            machine.write(each.cells, name, value)


def set_item(machine: Machine, target: ir.Subscript, value: Value) -> None:
    """`owner[index] = value`."""
    owner, index = machine.evaluate(target.value), machine.evaluate(target.index)
    if isinstance(owner, Mapping):
        if isinstance(index, Known) and isinstance(index.value, str | int):
            machine.write(owner.cells, index.value, value)
        else:
            owner.open = True
    elif isinstance(owner, Sequence):
        if isinstance(index, Known) and isinstance(index.value, int) and -len(owner.items) <= index.value < len(owner.items):
            items = list(owner.items)
            items[index.value] = value
            machine.write(owner.cells, "items", tuple(items))
        else:
            machine.write(owner.cells, "open", True)
    elif isinstance(owner, Tensor) and isinstance(target.value, ir.Name | ir.Attribute) and isinstance(value, Tensor | Unknown):
        # `outputs[:, t] = scores`: from now on the tensor comes from these, too.
        graph = either_graph(owner.graph, value.graph if isinstance(value, Tensor) else False if value.cut else None)
        written = replace(owner, deps=owner.deps | value.deps, graph=graph, kind=None, kind_node=None, scale=None, made=None)
        assign(machine, target.value, written)
    elif isinstance(owner, Unknown) and isinstance(index, Known):
        member(machine, owner, f"[{index.value!r}]")
        machine.write(owner.cells, f"[{index.value!r}]", value)
    elif isinstance(owner, Object) and isinstance(index, Known) and isinstance(index.value, str | int):
        machine.write(owner.cells, index.value, value)
