"""Optimizers and schedulers: what they hold, and their methods."""

from collections.abc import Iterable

from trainlint.knowledge import facts
from trainlint.knowledge.library import lookup
from trainlint.knowledge.names import canonical
from trainlint.program.events import Construct, GroupsUsed
from trainlint.program.interpreter import acts, iteration
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import (
    NOTHING,
    Either,
    Function,
    Iteration,
    Known,
    Mapping,
    Method,
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


def construct(machine: Machine, name: str | None, fact: facts.Optimizer | None, arguments: Arguments, node: ir.Node) -> Optimizer:
    """A new optimizer."""
    names = fact.parameters if fact is not None else ("params", "lr")
    bound = arguments.bind(names)
    given = bound.get(fact.holds if fact is not None else names[0])
    if given is None and arguments.positional:
        given = arguments.positional[0]
    if given is not None:
        _consume(machine, given, node)
    optimizer = Optimizer(node, name, fact, None if given is None else parameters_in(given), bound, born=machine.loops)
    machine.optimizers.append(optimizer)
    machine.emit(Construct(node, made=optimizer))
    return optimizer


def _consume(machine: Machine, given: Value, node: ir.Node) -> None:
    """Draws what an optimizer is given, also that of its groups."""
    if isinstance(given, Sequence):
        for group in given.items:
            if isinstance(group, Mapping) and (held := group.cells.get("params")) is not None:
                iteration.consume(machine, held, node)
    else:
        iteration.consume(machine, given, node)


def parameters_in(value: Value) -> Parameters | None:
    """The parameters in what an optimizer or a clipping function is given; None where they cannot be read at all."""
    modules: set[Value] = set()
    complete = _collect(value, modules, 0)
    return Parameters(frozenset(modules), complete) if modules or complete else None


def _collect(value: Value, modules: set[Value], depth: int) -> bool:
    if depth > 4:
        return False
    if isinstance(value, Parameters):
        modules |= value.modules
        return value.complete
    if isinstance(value, Object) and value.module:
        modules.add(value)
        return True
    if isinstance(value, Tensor) and value.parameter is not None:
        modules.add(value.parameter)
        return False
    if isinstance(value, Mapping):
        given = value.cells.get("params")
        return _collect(given, modules, depth + 1) if given is not None else _collect_all(value.cells.values(), modules, depth)
    if isinstance(value, Sequence):
        return _collect_all(value.items, modules, depth) and not value.open
    if isinstance(value, Iteration):
        return _collect_all(value.sources, modules, depth)
    if isinstance(value, Either):
        for option in value.options:
            _collect(option, modules, depth + 1)
        return False
    if isinstance(value, Unknown):
        modules |= {each for each in value.holds if isinstance(each, Object) and each.module}
    return False


def _collect_all(values: Iterable[Value], modules: set[Value], depth: int) -> bool:
    complete = True
    for value in values:
        complete &= _collect(value, modules, depth + 1)
    return complete


def call_optimizer(machine: Machine, optimizer: Optimizer, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    """A method of an optimizer."""
    if name == "step":
        closure = next(arguments.values(), None)
        if closure is not None and isinstance(closure, Function | Method):
            machine.call(closure, Arguments(), node)
        acts.step(machine, optimizer, node, closure=closure is not None)
        return NOTHING
    if name == "zero_grad":
        acts.clear(machine, optimizer, node)
        return NOTHING
    if name == "add_param_group":
        for given in arguments.values():
            machine.emit(GroupsUsed(node, optimizer=optimizer, added=parameters_in(given)))
        return NOTHING
    return Unknown()


def is_scheduler_name(name: str) -> bool:
    """Whether the library class is torch's base of all schedulers, or one of them."""
    if canonical(name) == SCHEDULER:
        return True
    fact = lookup(name)
    return isinstance(fact, facts.Scheduler) and fact.from_torch and not fact.needs_metric


SCHEDULER = "torch.optim.lr_scheduler.LRScheduler"


def construct_scheduler(machine: Machine, name: str, arguments: Arguments, node: ir.Node) -> Scheduler:
    """A new scheduler of a class of the workspace, for the optimizer that it is given."""
    optimizer = next((value for value in arguments.values() if isinstance(value, Optimizer)), None)
    scheduler = Scheduler(node, facts.Scheduler(("optimizer",)), optimizer, dict(arguments.keywords), name)
    machine.emit(Construct(node, made=scheduler))
    return scheduler


def call_scheduler(machine: Machine, scheduler: Scheduler, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    """A method of a scheduler."""
    if name in {"step", "step_update"}:
        acts.schedule(machine, scheduler, node, next(arguments.values(), None))
        return NOTHING
    return Tensor(graph=False, number=True) if name.startswith("get") else Unknown()


def is_given(value: Value | None) -> bool:
    """Whether an argument is given and not None."""
    return value is not None and not (isinstance(value, Known) and value.value is None)
