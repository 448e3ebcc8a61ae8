"""What a condition decides, and what a branch teaches about the values that it tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trainlint.knowledge.library import lookup
from trainlint.program.events import Mode
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import (
    Class,
    Data,
    Either,
    Function,
    Known,
    Library,
    Mapping,
    Method,
    Module,
    Object,
    Optimizer,
    Parameters,
    Scheduler,
    Sequence,
    Tensor,
    Training,
    Unknown,
    Value,
)
from trainlint.source import ir


def truth(machine: Machine, value: Value) -> bool | None:
    """Whether the value is true; None where that is not decided. The default of a setting decides nothing."""
    if isinstance(value, Known):
        return None if value.soft else bool(value.value)
    if isinstance(value, Sequence):
        return True if value.items else None if value.open else False
    if isinstance(value, Mapping):
        return True if value.cells else None if value.open else False
    if isinstance(value, Either):
        answers = {truth(machine, option) for option in value.options}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(value, Object):
        return True if not value.foreign else machine.assumed.get(value)
    if isinstance(value, Library) and lookup(value.name) is None:
        return machine.assumed.get(value)
    if isinstance(value, Method) and isinstance(value.function, str) and isinstance(value.receiver, Object) and not value.receiver.module:
        # An attribute of a library object that has no row.
        return machine.assumed.get(value)
    if isinstance(value, Optimizer | Scheduler | Function | Class | Library | Method | Module | Parameters | Data):
        return machine.assumed.get(value, True) if isinstance(value, Optimizer) and value.uses is not None else True
    return machine.assumed.get(value)


def is_periodic(value: Value) -> bool:
    """Whether the condition comes true every so many passes of a loop, or in all others: it is about a remainder."""
    if isinstance(value, Either):
        return any(is_periodic(option) for option in value.options)
    return isinstance(value, Tensor) and value.made in {"remainder", "period"}


def is_setting(value: Value) -> bool:
    """Whether the value is given to the program, which then only reads it: an argument, its default, an attribute of a configuration."""
    if isinstance(value, Known):
        return value.soft
    while isinstance(value, Unknown):
        if value.deps or value.holds or (value.uses is not None and value.uses.role is not None):
            return False
        if value.owner is None:
            return value.uses is not None and "()" not in value.uses.path
        value = value.owner
    return False


@contextmanager
def narrow(machine: Machine, test: ir.Expr, value: Value, *, outcome: bool) -> Iterator[bool]:
    """Inside a branch, takes its condition for granted. Yields False where the condition cannot have this outcome."""
    assumed = machine.assumed
    machine.assumed = {**assumed, value: outcome}
    if isinstance(value, Training) and not outcome:
        # `if was_training: model.train()` leaves the mode as it was found.
        machine.write(machine.modes, value.module, frozenset({(Mode.UNKNOWN, None)}))
    try:
        yield _learn(machine, test, outcome=outcome)
    finally:
        machine.assumed = assumed


def _learn(machine: Machine, test: ir.Expr, *, outcome: bool) -> bool:
    if isinstance(test, ir.UnaryOperation) and test.operator == "not":
        return _learn(machine, test.operand, outcome=not outcome)
    if isinstance(test, ir.BooleanOperation) and (test.operator == "and") is outcome:
        return _learn(machine, test.left, outcome=outcome) and _learn(machine, test.right, outcome=outcome)
    if (
        isinstance(test, ir.Comparison)
        and len(test.operators) == 1
        and _is_none(test.rights[0])
        and test.operators[0] in {"is", "is not", "==", "!="}
    ):
        is_none = (test.operators[0] in {"is", "=="}) is outcome
        return _filter(machine, test.left, lambda option: _none(option) is not (not is_none))
    if isinstance(test, ir.Name | ir.Attribute):
        return _filter(machine, test, lambda option: truth(machine, option) is not (not outcome))
    return True


def _is_none(node: ir.Expr) -> bool:
    return isinstance(node, ir.Constant) and node.value is None


def _none(option: Value) -> bool | None:
    if isinstance(option, Known):
        return option.value is None
    return None if isinstance(option, Unknown) else False


def _filter(machine: Machine, node: ir.Expr, keep: Callable[[Value], bool]) -> bool:
    """Drops the options of a variable or attribute that the condition rules out."""
    if not isinstance(node, ir.Name | ir.Attribute):
        return True
    cells, key = cell_of(machine, node)
    current = cells.get(key) if cells is not None else None
    if cells is None or not isinstance(current, Either):
        return True
    left = tuple(option for option in current.options if keep(option))
    if not left:
        return False
    if len(left) < len(current.options):
        machine.write(cells, key, left[0] if len(left) == 1 else Either(left))
    return True


def cell_of(machine: Machine, node: ir.Name | ir.Attribute) -> "tuple[dict[str, Value] | None, str]":
    """Where a variable or attribute is kept, and under what key; None where that is not one place."""
    if isinstance(node, ir.Name):
        scope = machine.scope
        return (scope.cells if node.id in scope.cells else None), node.id
    owner = machine.evaluate(node.value)
    cells = owner.cells if isinstance(owner, Object) and node.attr in owner.cells else None
    return cells, node.attr
