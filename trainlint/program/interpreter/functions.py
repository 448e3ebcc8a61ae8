"""Running functions of the workspace, and calls that cannot be followed."""

from collections.abc import Callable, Iterator

from trainlint.bindings.usage import Table, Uses, stored_parameters, uses_in, with_uses_as
from trainlint.program.events import GradMode
from trainlint.program.interpreter import acts
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.attributes import class_uses
from trainlint.program.interpreter.contexts import switches_gradients
from trainlint.program.interpreter.graphs import is_cut
from trainlint.program.interpreter.machine import Frame, Machine, RunTruncatedError
from trainlint.program.interpreter.unknowns import given
from trainlint.program.joins import join
from trainlint.program.values import (
    NOTHING,
    Class,
    Data,
    Deferred,
    Function,
    Iteration,
    Known,
    Library,
    Mapping,
    Object,
    Optimizer,
    Parameters,
    Scope,
    Sequence,
    Unknown,
    Value,
    sequence,
)
from trainlint.source import ir

MAX_DEPTH = 40
"""Calls inside calls that are followed."""


def run_function(
    machine: Machine,
    function: Function,
    arguments: Arguments,
    node: ir.Expr,
    receiver: Value | None = None,
    on_yield: Callable[[Value], Value] | None = None,
    *,
    entry: bool = False,
) -> Value:
    """Runs a function of the workspace; a receiver becomes its first parameter.

    As an `entry`, no code in sight calls it: what its parameters are follows from their use.
    """
    definition = function.definition
    if function.binding == "context" and on_yield is None:

        def play(callback: Callable[[Value], Value]) -> None:
            run_function(machine, function, arguments, node, receiver, callback)

        return Deferred(play)
    machine.reached.add(definition)
    if is_abstract(definition):
        if machine.forward is not None:
            return Unknown(arguments.deps)
        return opaque(machine, arguments if receiver is None else arguments.prepend(receiver, node), node)
    if machine.depth >= MAX_DEPTH or machine.endless.get(definition, 0) >= machine.limit or machine.is_running(definition):
        return opaque(machine, arguments if receiver is None else arguments.prepend(receiver, node), node)
    scope = Scope({}, function.scope, function.scope.module, definition)
    bind_parameters(machine, function, scope, arguments, receiver, entry=entry)
    if receiver is not None:
        scope.cells["<self>"] = receiver
        if function.owner is not None:
            scope.cells["<class>"] = function.owner
    frame = Frame(
        scope,
        machine.heap.mark(),
        len(machine.guards),
        on_yield=on_yield,
        withs=len(machine.restored),
        finals=len(machine.finals),
        began=machine.steps,
    )
    grad = machine.grad_mode()
    if function.grad is not None:
        machine.set_grad(frozenset({function.grad}))
    machine.frames.append(frame)
    machine.depth += 1
    loop_frames, machine.loop_frames = machine.loop_frames, []
    try:
        if isinstance(definition, ir.Lambda):
            return machine.evaluate(definition.body)
        value = machine.finish(frame, machine.block(definition.body))
        if not frame.captured:
            machine.heap.forget(frame.mark, scope.cells)
    except RunTruncatedError:
        if not entry and machine.steps - frame.began > machine.limit // 2:
            machine.endless[definition] = machine.limit
        raise
    finally:
        machine.loop_frames = loop_frames
        machine.depth -= 1
        machine.frames.pop()
    if function.grad is not None:
        machine.set_grad(grad)
    if definition.is_generator and on_yield is None:
        return Iteration("yields", tuple(frame.yields) or (Unknown(),), node)
    return value


def is_abstract(definition: ir.FunctionDef | ir.Lambda) -> bool:
    """Whether a subclass out of sight says what it does: all that the body does is to raise NotImplementedError."""
    if isinstance(definition, ir.Lambda) or not definition.body or not isinstance(last := definition.body[-1], ir.Raise):
        return False
    error = last.value.function if isinstance(last.value, ir.Call) else last.value
    return (
        len(definition.body) <= 1 + (definition.docstring is not None) and isinstance(error, ir.Name) and error.id == "NotImplementedError"
    )


def bind_parameters(
    machine: Machine, function: Function, scope: Scope, arguments: Arguments, receiver: Value | None, *, entry: bool = False
) -> None:
    """Gives the parameters of a function their values. What nobody gives follows from its default, or from its use."""
    parameters = function.definition.parameters
    cells = scope.cells
    positional = arguments.positional if receiver is None else (receiver, *arguments.positional)
    taken = dict(arguments.keywords)
    taken.pop("**", None)
    spread = arguments.keywords.get("**")
    for index, parameter in enumerate(parameters.positional):
        name = parameter.name
        if index < len(positional) and name not in taken:
            cells[name] = positional[index]
        elif name in taken:
            cells[name] = taken.pop(name)
    for parameter in parameters.keyword_only:
        if parameter.name in taken:
            cells[parameter.name] = taken.pop(parameter.name)
    if parameters.star is not None:
        cells[parameters.star] = sequence("tuple", positional[len(parameters.positional) :], more=arguments.open)
    if parameters.double_star is not None:
        cells[parameters.double_star] = Mapping(taken, open=arguments.open)
    missing = [parameter for parameter in parameters if parameter.name not in cells]
    uses: Table | None = None
    for parameter in missing:
        name = parameter.name
        default = function.defaults.get(name)
        if default is not None and not (arguments.open or entry):
            cells[name] = default
        elif isinstance(default, Known) and default.value is not None and entry:
            cells[name] = Known(default.value, soft=True)
        elif isinstance(default, Class | Function | Library | Object | Data):
            cells[name] = default
        else:
            if uses is None:
                uses = _uses_in(machine, function, receiver)
            deps = spread.deps if spread is not None else frozenset()
            value = given(machine, Uses(uses, name), parameter, deps)
            cells[name] = join([value, default]) if default is not None and arguments.open and not isinstance(default, Known) else value


def _uses_in(machine: Machine, function: Function, receiver: Value | None) -> Table:
    """How a function uses its parameters; one that it keeps as an attribute is used by all methods of the object."""
    definition = function.definition
    if isinstance(definition, ir.Lambda):
        return {}
    table = uses_in(definition)
    if isinstance(receiver, Object) and receiver.cls is not None:
        of_class = class_uses(machine, receiver.cls).table
        for name, path in stored_parameters(definition).items():
            table = with_uses_as(table, name, of_class, path)
    return table


def _owners(callee: Value) -> Iterator[Value]:
    """The unknown values that an unknown method belongs to."""
    while isinstance(callee, Unknown) and isinstance(callee.owner, Unknown):
        callee = callee.owner
        yield callee


def opaque(machine: Machine, arguments: Arguments, node: ir.Expr, callee: Value = NOTHING) -> Value:
    """A call that cannot be followed: it may have done anything to the networks and optimizers that it got hold of."""
    touched = acts.reachable((*arguments.values(), callee, *_owners(callee)), machine)
    deps = arguments.deps | callee.deps
    acts.touch(machine, touched, node)
    acts.escape(machine, deps, arguments)
    for value in arguments.values():
        if isinstance(value, Sequence) and not value.open:
            machine.write(value.cells, "open", True)
    if any(isinstance(value, Object) and switches_gradients(value.fact) for value in arguments.values()):
        machine.set_grad(frozenset({GradMode.UNKNOWN}))
    parameters = [value for value in arguments.values() if isinstance(value, Parameters)]
    if parameters:
        return Optimizer(node, parameters=parameters[0])
    uses = callee.uses.member("()") if isinstance(callee, Unknown) and callee.uses is not None else None
    result = Unknown(deps, uses, touched)
    values = list(arguments.values())
    result.cut = bool(deps) and not isinstance(callee, Unknown | Object) and all(is_cut(value) for value in values)
    return result
