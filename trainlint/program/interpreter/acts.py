"""What happens to the state of a run: backward, step, clear, clip, modes, and calls that may do any of these."""

from collections.abc import Iterable

from trainlint.program.events import (
    Backward,
    Clear,
    Clip,
    Forward,
    GradMode,
    Mode,
    ModeSet,
    Schedule,
    Step,
    Touch,
    Unscale,
    Update,
)
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.graphs import is_cut
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import (
    Deps,
    Either,
    Known,
    Mapping,
    Method,
    Object,
    Optimizer,
    Parameters,
    Partial,
    Scheduler,
    Sequence,
    Tensor,
    Unknown,
    Value,
)
from trainlint.source import ir

MAX_REACH = 4
"""How deep inside objects and containers a call is taken to find networks and optimizers."""


def backward(machine: Machine, loss: Value, node: ir.Node) -> None:
    """Gradients flow from the loss."""
    machine.trained(loss.deps)
    if isinstance(loss, Tensor) and loss.graph is None:
        loss.graph = True
    machine.emit(Backward(node, loss=loss))


def step(machine: Machine, optimizer: Value, node: ir.Node, *, closure: bool = False, scaler: Value | None = None) -> None:
    """An optimizer steps."""
    for each in options(optimizer):
        machine.emit(Step(node, optimizer=each, closure=closure, scaler=scaler))


def mover(moved: Value) -> Value:
    """What steps when a tensor is moved by hand: the module whose parameters are moved, or the tensor itself."""
    return moved.parameter if isinstance(moved, Tensor) and moved.parameter is not None else moved


def clear(machine: Machine, target: Value, node: ir.Node) -> None:
    """Gradients of the target are cleared."""
    for each in options(target):
        machine.emit(Clear(node, target=each))


def clip(machine: Machine, target: Value | None, node: ir.Node, limit: Value | None = None) -> None:
    """Gradients of the target are clipped."""
    machine.emit(Clip(node, target=target, limit=limit))


def unscale(machine: Machine, optimizer: Value, node: ir.Node) -> None:
    """A scaler unscales the gradients of an optimizer."""
    machine.emit(Unscale(node, optimizer=optimizer))


def update(machine: Machine, scaler: Value, node: ir.Node) -> None:
    """A scaler adapts its scale."""
    machine.emit(Update(node, scaler=scaler))


def schedule(machine: Machine, scheduler: Value, node: ir.Node, argument: Value | None = None) -> None:
    """A scheduler advances."""
    machine.emit(Schedule(node, scheduler=scheduler, argument=argument))


def options(value: Value) -> tuple[Value, ...]:
    """What the value may be, without None."""
    if isinstance(value, Either):
        return tuple(option for option in value.options if not (isinstance(option, Known) and option.value is None))
    return (value,)


def set_mode(machine: Machine, module: Value, mode: Mode, node: ir.Node) -> None:
    """`train()` or `eval()` on a module and everything inside it."""
    for each in options(module):
        event = machine.emit(ModeSet(node, module=each, mode=mode))
        state = frozenset({(mode, event)})
        for part in (each, *parts(each)):
            # Not journaled: on a path that sets no mode it is the one that the module has had since its construction.
            machine.modes.setdefault(part, machine.mode_of(part))
            machine.write(machine.modes, part, state)


def freeze(machine: Machine, module: Value, *, frozen: bool) -> None:
    """`requires_grad_(not frozen)` on a module and everything inside it."""
    for each in options(module):
        for part in (each, *parts(each)):
            machine.write(machine.frozen, part, frozen)


def is_frozen(machine: Machine, module: Value) -> bool:
    """Whether no parameter of the module requires a gradient."""
    return machine.frozen.get(module, False)


def parts(module: Value) -> list[Object]:
    """The modules inside a module."""
    found: dict[Object, None] = {}
    stack: list[Value] = _inside(module)
    while stack:
        value = stack.pop()
        if isinstance(value, Object) and value.module:
            if value not in found and value is not module:
                found[value] = None
                stack.extend(_inside(value))
        elif isinstance(value, Sequence | Mapping | Either):
            stack.extend(_inside(value))
    return list(found)


def _inside(value: Value) -> list[Value]:
    if isinstance(value, Object):
        return [each for key, each in value.cells.items() if key != "<owner>" and isinstance(each, Object | Sequence | Mapping | Either)]
    if isinstance(value, Sequence):
        return list(value.items)
    if isinstance(value, Mapping):
        return list(value.cells.values())
    return list(value.options) if isinstance(value, Either) else []


def reachable(values: Iterable[Value], machine: "Machine | None" = None) -> frozenset[Value]:
    """The networks and optimizers that somebody who holds these values can get at."""
    found: set[Value] = set()
    seen: set[Value] = set()
    stack: list[tuple[Value, int]] = [(value, 0) for value in values]
    while stack:
        value, depth = stack.pop()
        if value in seen or depth > MAX_REACH:
            continue
        seen.add(value)
        inner: Iterable[Value] = ()
        if isinstance(value, Optimizer):
            found.add(value)
            if value.parameters is not None:
                inner = value.parameters.modules
        elif isinstance(value, Object):
            if value.module:
                found.add(value)
            inner = [each for key, each in value.cells.items() if key != "<owner>"]
            if value.cls is None:
                inner = [*inner, *value.arguments.values()]
        elif isinstance(value, Unknown):
            found |= value.holds
            if machine is not None and value in machine.modes:
                found.add(value)
            inner = value.cells.values()
        elif isinstance(value, Sequence):
            inner = value.items
        elif isinstance(value, Mapping):
            inner = value.cells.values()
        elif isinstance(value, Either):
            inner = value.options
        elif isinstance(value, Parameters):
            inner = value.modules
        elif isinstance(value, Method):
            inner = (value.receiver,)
        elif isinstance(value, Partial):
            inner = (value.function, *value.positional, *value.keywords.values())
        elif isinstance(value, Scheduler) and value.optimizer is not None:
            inner = (value.optimizer,)
        stack.extend((each, depth + 1) for each in inner)
    return frozenset(found)


def touch(machine: Machine, touched: frozenset[Value], node: ir.Node) -> None:
    """A call that cannot be followed was given these."""
    if not touched:
        return
    event = machine.emit(Touch(node, touched=touched))
    del event
    for value in touched:
        if value in machine.modes or (isinstance(value, Object) and value.module):
            machine.write(machine.modes, value, machine.mode_of(value) | {(Mode.UNKNOWN, None)})


def measure(machine: Machine, arguments: Arguments) -> None:
    """A call that is given an output together with other data measures the one against the other."""
    data = [value for value in arguments.values() if value.deps and not _is_plain(value)]
    if len(data) > 1:
        machine.score(arguments.deps)


def _is_plain(value: Value) -> bool:
    """A number or a text."""
    return isinstance(value, Known) or (isinstance(value, Tensor) and value.number) or (isinstance(value, Unknown) and value.cut)


def escape(machine: Machine, deps: Deps, arguments: Arguments) -> None:
    """What was computed goes where the run cannot follow."""
    measure(machine, arguments)
    trains = any(isinstance(value, Optimizer | Parameters) for value in arguments.values())
    for value in arguments.values():
        if not is_cut(value):
            for event in value.deps:
                if type(event) is Forward:
                    event.escaped = True
                    # A call that gets an output and an optimizer at once takes a training step.
                    event.trained |= trains


def records_gradients(machine: Machine) -> bool | None:
    """Whether an operation on parameters is recorded now."""
    modes = machine.grad_mode()
    if modes == {GradMode.ON}:
        return True
    return False if modes == {GradMode.OFF} else None
