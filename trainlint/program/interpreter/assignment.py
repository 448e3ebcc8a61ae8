"""Giving values to names, attributes, items and patterns of them."""

from dataclasses import replace

from trainlint.program.events import FlagSet, Forward, GradientRead, Mode, Replace
from trainlint.program.interpreter import acts, iteration
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.operators import either_graph
from trainlint.program.interpreter.unknowns import member
from trainlint.program.interpreter.variables import bind_name
from trainlint.program.values import (
    Either,
    Gradient,
    Known,
    Mapping,
    Object,
    Optimizer,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from trainlint.source import ir


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
            if each.module:
                _notice(machine, each, name, value, node)
            if each.module and isinstance(value, Object) and value.module and value.foreign and "<owner>" not in value.cells:
                machine.write(value.cells, "<owner>", each)
            if each.foreign:
                member(machine, each, name)
            machine.write(each.cells, name, value)
        elif (
            isinstance(each, Tensor) and name == "requires_grad" and each.drawn and each.parameter is not None and isinstance(value, Known)
        ):
            acts.freeze(machine, each.parameter, frozen=value.value is False)
        elif name == "requires_grad" and isinstance(each, Tensor) and each.graph is False and _is_true(value):
            if isinstance(node.value, ir.Name | ir.Attribute):
                assign(machine, node.value, trained_from_now(each))
        elif name == "grad" and isinstance(each, Tensor | Unknown):
            if not (isinstance(value, Known) and value.value is None):
                machine.emit(GradientRead(node, of=each, assigned=True))
            acts.clear(machine, each, node)
        elif name == "data" and (isinstance(value, Gradient) or (isinstance(value, Tensor) and value.made == "moved")):
            acts.step(machine, acts.mover(each), node)
        elif isinstance(each, Tensor) and is_misspelled(name):
            machine.emit(FlagSet(node, receiver=each, attribute=name, value=value))
        elif isinstance(each, Unknown | Optimizer):
            # What it was before is unknown, not unset: a branch that does not assign leaves it so.
            member(machine, each, name)
            machine.write(each.cells, name, value)


def _is_true(value: Value) -> bool:
    return isinstance(value, Known) and value.value is True


def trained_from_now(tensor: Tensor) -> Tensor:
    """A tensor whose `requires_grad` was switched on: it begins a graph of its own, whatever it was cut from."""
    return replace(tensor, graph=tensor.graph if _came_out(tensor) else True, made="parameter")


def _came_out(tensor: Tensor) -> bool:
    """Whether it came out of a network: then the switch hides that its graph is gone."""
    return any(type(event) is Forward for event in tensor.deps)


def _notice(machine: Machine, owner: Object, name: str, value: Value, node: ir.Node) -> None:
    """Records what an assignment to an attribute of a network changes, or seems to change, for its training."""
    if isinstance(value, Object) and value.module:
        _replace(machine, owner, value, node)
    elif name == "requires_grad" or is_misspelled(name):
        # A part of a network that is not in sight may be a parameter.
        part = owner.foreign and "<owner>" in owner.cells
        if not part and (owner.cls is None or owner.cls.attribute(name) is None):
            machine.emit(FlagSet(node, receiver=owner, attribute=name, value=value))
    elif name == "training" and isinstance(value, Known) and machine.frame.scope.cells.get("<self>") is not owner:
        wanted = Mode.TRAIN if value.value else Mode.EVAL
        if {mode for mode, _ in machine.mode_of(owner)}.isdisjoint({wanted, Mode.UNKNOWN}):
            machine.emit(FlagSet(node, receiver=owner, attribute=name, value=value))


def is_misspelled(name: str) -> bool:
    """Whether the attribute is meant to be `requires_grad`, which takes any other name without a word."""
    return name in {"require_grad", "require_grads", "requires_grads", "required_grad", "requires_gradient", "require_gradient"}


def _replace(machine: Machine, owner: Object, module: Object, node: ir.Node) -> None:
    """Records that a network gets a new part after an optimizer was given its parameters."""
    held = {each for optimizer in machine.optimizers if optimizer.parameters is not None for each in optimizer.parameters.modules}
    function = machine.frame.scope.function
    constructed = getattr(function, "name", "") == "__init__" and machine.frame.scope.cells.get("<self>") is owner
    if held and not constructed and any(owner is part for whole in held for part in (whole, *acts.parts(whole))):
        machine.emit(Replace(node, owner=owner, module=module))


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
        key = index.value
        if owner.module and isinstance(key, int):
            # `classifier[-1] = …`: the modules of a container are kept under the text of their number.
            names = [each for each in owner.cells if isinstance(each, str) and each.isdecimal()]
            key = names[key] if -len(names) <= key < len(names) else str(key)
        if owner.module and isinstance(value, Object) and value.module:
            _replace(machine, owner, value, target)
        machine.write(owner.cells, key, value)
