"""Methods of values whose class is not in the workspace: tensors, library objects, lists, dicts, strings."""

from collections.abc import Callable

from trainlint.knowledge import facts
from trainlint.knowledge.library import member, method
from trainlint.program.events import GradMode
from trainlint.program.interpreter import (
    acts,
    assignment,
    data,
    frameworks,
    functions,
    iteration,
    library,
    module_methods,
    networks,
    optimizers,
    tensors,
)
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.contexts import switches_gradients
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.operators import note_retention
from trainlint.program.joins import join, one_of
from trainlint.program.values import (
    NOTHING,
    Class,
    Data,
    Gradient,
    Iteration,
    Known,
    Mapping,
    Object,
    Optimizer,
    Parameters,
    Scheduler,
    Sequence,
    Tensor,
    Unknown,
    Value,
)
from trainlint.source import ir


def call_method(machine: Machine, receiver: Value, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    """`receiver.name(…)`."""
    handler = _BY_RECEIVER.get(type(receiver))
    return handler(machine, receiver, name, arguments, node) if handler is not None else Unknown(receiver.deps | arguments.deps)


def _of_object(machine: Machine, receiver: Object, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    bare = name.removeprefix("super.")
    if receiver.cls is not None:
        for base in receiver.cls.libraries:
            fact = member(base, bare)
            if fact is not None and not (receiver.module and fact is member(networks.MODULE, bare)):
                return library.apply(machine, f"{base}.{bare}", fact, arguments, node, receiver)
    if receiver.module:
        return module_methods.module_method(machine, receiver, name, arguments, node)
    if receiver.name is not None:
        fact = member(receiver.name, bare)
        if fact is not None:
            return library.apply(machine, f"{receiver.name}.{bare}", fact, arguments, node, receiver)
        if isinstance(receiver.fact, facts.Runner) and bare in receiver.fact.starts:
            frameworks.supply(machine, receiver.fact, arguments, node)
        switching = (receiver, *arguments.values())
        if any(isinstance(value, Object) and switches_gradients(value.fact) for value in switching):
            # Entered by hand, or handed to a stack of contexts.
            machine.set_grad(frozenset({GradMode.UNKNOWN}))
        if isinstance(receiver.fact, facts.Context):
            return Unknown(arguments.deps)
        acts.touch(machine, acts.reachable(arguments.values()), node)
        return Unknown(arguments.deps)
    if bare == "__init__":
        return NOTHING
    return functions.opaque(machine, arguments, node, receiver)


def _of_optimizer(machine: Machine, receiver: Optimizer, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    return optimizers.call_optimizer(machine, receiver, name, arguments, node)


def _of_scheduler(machine: Machine, receiver: Scheduler, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    return optimizers.call_scheduler(machine, receiver, name, arguments, node)


def _of_tensor(machine: Machine, receiver: Tensor | Unknown, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(receiver, Tensor):
        if name == "requires_grad_":
            wanted = next(arguments.values(), None)
            if receiver.drawn and receiver.parameter is not None:
                acts.freeze(machine, receiver.parameter, frozen=isinstance(wanted, Known) and wanted.value is False)
            if receiver.graph is False and not receiver.number and not (isinstance(wanted, Known) and wanted.value is False):
                trained = assignment.trained_from_now(receiver)
                if isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute) and isinstance(node.function.value, ir.Name):
                    assignment.assign(machine, node.function.value, trained)
                return trained
            return receiver
        if name in _MOVING and any(_moves(value) for value in arguments.values()) and _is_weight(receiver):
            moved = next((value.of for value in arguments.values() if isinstance(value, Gradient)), receiver)
            acts.step(machine, acts.mover(moved), node)
            return receiver
        if name in {"scatter", "scatter_"} and (rows := tensors.scattered(receiver, arguments, node)) is not None:
            return rows
    fact = method(name)
    if isinstance(fact, facts.Function):
        return library.apply(machine, name, fact, arguments, node, receiver)
    if isinstance(fact, facts.Action):
        return library.apply(machine, name, fact, arguments, node, receiver)
    return Tensor(receiver.deps | arguments.deps, None if isinstance(receiver, Unknown) else receiver.graph)


_MOVING = {"add_", "sub_", "copy_"}
"""What a step written by hand does to a parameter: `p.data.add_(p.grad, alpha=-lr)`."""


def _moves(value: Value) -> bool:
    return isinstance(value, Gradient) or (isinstance(value, Tensor) and value.made == "moved")


def _is_weight(tensor: Tensor) -> bool:
    return tensor.parameter is not None or tensor.made in {"parameter", "weights"}


def _of_sequence(machine: Machine, receiver: Sequence, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    cells = receiver.cells
    if name in {"append", "add", "appendleft"} and arguments.positional:
        value = arguments.positional[-1]
        note_retention(machine, node, receiver, value)
        if len(receiver.items) < _MAX_ITEMS:
            machine.write(cells, "items", (*receiver.items, value))
        else:
            machine.write(cells, "items", (*receiver.items[:-1], join((receiver.items[-1], value))))
            machine.write(cells, "open", True)
        if any(not each.loop.exact for each in machine.loops[len(receiver.born) :]) and not cells.get("open"):
            machine.write(cells, "open", "repeated")
        return NOTHING
    if name == "insert" and len(arguments.positional) == 2:
        machine.write(cells, "items", (arguments.positional[1], *receiver.items))
        return NOTHING
    if name in {"extend", "update"} and arguments.positional:
        value = arguments.positional[0]
        note_retention(machine, node, receiver, value)
        more = value.items if isinstance(value, Sequence) else (value,) if isinstance(value, Parameters) else ()
        machine.write(cells, "items", (*receiver.items, *more)[: _MAX_ITEMS * 2])
        if (not isinstance(value, Sequence) or value.open) and not isinstance(value, Parameters):
            machine.write(cells, "items", (*cells["items"], iteration.element(machine, value, None)))
            machine.write(cells, "open", True)
        return NOTHING
    if name == "clear":
        machine.write(cells, "items", ())
        machine.heap.delete(cells, "open")
        return NOTHING
    if name in {"pop", "popleft"}:
        return one_of(receiver.items) if receiver.items else Unknown(receiver.deps)
    return receiver if name == "copy" else Unknown(cut=True)


_MAX_ITEMS = 24


def _of_mapping(machine: Machine, receiver: Mapping, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    if name in {"items", "values", "keys"}:
        return Iteration(name if name != "keys" else "iter", (receiver,), node)
    if name in {"get", "pop", "setdefault"} and arguments.positional:
        key = arguments.positional[0]
        found: Value | None = receiver.cells.get(key.value) if isinstance(key, Known) and isinstance(key.value, str | int) else None
        default = arguments.positional[1] if len(arguments.positional) > 1 else NOTHING
        if found is not None:
            return found
        return default if not receiver.open and isinstance(key, Known) else Unknown()
    if name == "update":
        for value in arguments.positional:
            if isinstance(value, Mapping):
                for name_, each in value.cells.items():
                    machine.write(receiver.cells, name_, each)
                receiver.open |= value.open
            else:
                receiver.open = True
        for name_, each in arguments.keywords.items():
            machine.write(receiver.cells, name_, each)
        return NOTHING
    return receiver if name == "copy" else Unknown()


def _of_known(machine: Machine, receiver: Known, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(receiver.value, str):
        if name in _STRING_METHODS and all(isinstance(value, Known) for value in arguments.positional):
            plain = [value.value for value in arguments.positional if isinstance(value, Known)]
            try:
                return Known(getattr(receiver.value, name)(*plain), receiver.soft)
            except (TypeError, ValueError):
                return Unknown(cut=True)
        return Unknown(arguments.deps, cut=True)
    return Unknown(receiver.deps | arguments.deps, cut=True)


_STRING_METHODS = {"lower", "upper", "strip", "startswith", "endswith", "split", "replace"}


def _of_class(machine: Machine, receiver: Class, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    return NOTHING if name == "__init__" else Unknown(arguments.deps)


def _of_data(machine: Machine, receiver: Data, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    return data.call_method(machine, receiver, name, arguments, node)


def _of_iteration(machine: Machine, receiver: Iteration, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    if name in {"__next__", "next"}:
        return iteration.element(machine, receiver, None)
    return Unknown()


def _of_gradient(machine: Machine, receiver: Gradient, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    if name in {"zero_", "fill_"} or (
        name == "mul_" and any(isinstance(value, Known) and value.value == 0 for value in arguments.values())
    ):
        acts.clear(machine, receiver.of, node)
        return receiver
    if name in _STILL_GRADIENTS:
        return receiver
    if name.endswith("_") or name in {"clamp", "data"}:
        acts.clip(machine, receiver.of, node)
        return receiver
    return Tensor(graph=False)


_STILL_GRADIENTS = {
    "detach_", "detach", "requires_grad_", "contiguous", "clone", "mul", "div", "neg", "sign", "to", "float", "cpu", "cuda", "view",
}  # fmt: skip


def _of_parameters(machine: Machine, receiver: Parameters, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    return Unknown()


_BY_RECEIVER: dict[type, Callable[..., Value]] = {
    Object: _of_object,
    Optimizer: _of_optimizer,
    Scheduler: _of_scheduler,
    Tensor: _of_tensor,
    Unknown: _of_tensor,
    Sequence: _of_sequence,
    Mapping: _of_mapping,
    Known: _of_known,
    Class: _of_class,
    Data: _of_data,
    Iteration: _of_iteration,
    Gradient: _of_gradient,
    Parameters: _of_parameters,
}
