"""Calling things."""

from dataclasses import replace

from trainlint.knowledge import facts
from trainlint.knowledge.library import lookup, member
from trainlint.program.events import Backward, GradMode, Mode, Step, WeightsUsed
from trainlint.program.interpreter import acts, data, iteration, library, methods, module_methods, networks, optimizers, oversights
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.functions import opaque, run_function
from trainlint.program.interpreter.machine import CALL, EVALUATE, Machine
from trainlint.program.joins import one_of
from trainlint.program.values import (
    NOTHING,
    Class,
    Data,
    Either,
    Function,
    Iteration,
    Known,
    Library,
    Mapping,
    Method,
    Object,
    Parameters,
    Partial,
    Scope,
    Sequence,
    Super,
    Unknown,
    Value,
    Weights,
)
from trainlint.source import ir


def _call(machine: Machine, node: ir.Call) -> Value:
    function_node = node.function
    if isinstance(function_node, ir.Name) and function_node.id == "super":
        return _super(machine, node)
    function = machine.evaluate(function_node)
    return machine.call(function, read_arguments(machine, node.arguments), node)


def read_arguments(machine: Machine, nodes: tuple[ir.Argument, ...]) -> Arguments:
    """Evaluates the arguments of a call."""
    positional: list[Value] = []
    places: list[ir.Expr] = []
    keywords: dict[str, Value] = {}
    keyword_places: dict[str, ir.Expr] = {}
    open_ = False
    for argument in nodes:
        value = machine.evaluate(argument.value)
        if argument.keyword is not None:
            keywords[argument.keyword] = value
            keyword_places[argument.keyword] = argument.value
        elif argument.star == "*":
            if isinstance(value, Sequence) and (not value.open or value.repeated):
                positional.extend(value.items)
                places.extend(argument.value for _ in value.items)
            else:
                open_ = True
                positional.append(iteration.element(machine, value, None) if not isinstance(value, Parameters) else value)
                places.append(argument.value)
        elif argument.star == "**":
            if isinstance(value, Mapping):
                known = {key: each for key, each in value.cells.items() if isinstance(key, str) and not key.startswith("<")}
                keywords.update(known)
                keyword_places.update(dict.fromkeys(known, argument.value))
                open_ |= value.open
            else:
                open_ = True
                keywords["**"] = value
        else:
            positional.append(value)
            places.append(argument.value)
    return Arguments(tuple(positional), keywords, tuple(places), keyword_places, open_)


def _super(machine: Machine, node: ir.Call) -> Value:
    """`super()` inside a method: its receiver, seen from past the class that holds the method."""
    frame = machine.frame
    scope: Scope | None = frame.scope
    while scope is not None and not isinstance(scope.cells.get("<self>"), Value):
        scope = scope.parent
    receiver = scope.cells.get("<self>") if scope is not None else None
    owner = scope.cells.get("<class>") if scope is not None else None
    if isinstance(receiver, Object | Class) and isinstance(owner, Class):
        return Super(receiver, owner)
    return Unknown()


def _call_function(machine: Machine, function: Function, arguments: Arguments, node: ir.Expr) -> Value:
    return run_function(machine, function, arguments, node)


def _call_method(machine: Machine, method: Method, arguments: Arguments, node: ir.Expr) -> Value:
    receiver, function = method.receiver, method.function
    if isinstance(function, str):
        return methods.call_method(machine, receiver, function, arguments, node)
    if isinstance(receiver, Object) and receiver.module:
        return module_methods.call_user_method(machine, receiver, function, arguments, node)
    return run_function(machine, function, arguments, node, receiver)


def _call_class(machine: Machine, cls: Class, arguments: Arguments, node: ir.Expr) -> Value:
    return instantiate(machine, cls, arguments, node)


def instantiate(machine: Machine, cls: Class, arguments: Arguments, node: ir.Expr, *, unseen: bool = False) -> Value:
    """A new instance of a class of the workspace. With `unseen`, arguments are what the constructor's use of them shows."""
    machine.built.add(cls.definition)
    libraries = [fact for name in cls.libraries if (fact := lookup(name)) is not None]
    names = list(cls.libraries)
    if any(name == "torch.optim.Optimizer" for name in names) or any(isinstance(fact, facts.Optimizer) for fact in libraries):
        return optimizers.construct(
            machine, None, next((fact for fact in libraries if isinstance(fact, facts.Optimizer)), None), arguments, node
        )
    if any(optimizers.is_scheduler_name(name) for name in names) and cls.attribute("step") is None:
        # What it sets the learning rate to is its own affair; when it does so is the library's.
        return optimizers.construct_scheduler(machine, cls.definition.name, arguments, node)
    instance = Object(node, cls=cls, born=machine.loops)
    instance.module = networks.is_module_class(cls)
    instance.fact = next((fact for fact in libraries if isinstance(fact, facts.Layer | facts.Loss | facts.Network)), None)
    instance.name = next((name for name in names if lookup(name) is instance.fact), None) if instance.fact is not None else None
    if cls.fields:
        for index, (name, default) in enumerate(cls.fields):
            if name in arguments.keywords:
                instance.cells[name] = arguments.keywords[name]
            elif index < len(arguments.positional):
                instance.cells[name] = arguments.positional[index]
            elif default is not None:
                instance.cells[name] = _soft(default)
    init = cls.attribute("__init__")
    if isinstance(init, Function):
        machine.reached.add(init.definition)
        inside = instance.module and machine.forward is not None and machine.building is None
        outermost = inside and not oversights.builds_once(machine, node)
        if outermost:
            machine.building = node
        run_function(machine, init, arguments, node, instance, entry=unseen)
        if outermost:
            machine.building = None
    elif not cls.resolved:
        instance.foreign = not cls.fields
    if isinstance(instance.fact, facts.Layer | facts.Loss) and not isinstance(init, Function):
        networks.set_layer_arguments(machine, instance, arguments)
    if instance.module:
        oversights.note_unregistered(machine, instance, arguments)
    return instance


def _soft(value: Value) -> Value:
    """A default of a setting: it has a value, and decides no branch."""
    return replace(value, soft=True) if isinstance(value, Known) else value


def _call_either(machine: Machine, either: Either, arguments: Arguments, node: ir.Expr) -> Value:
    options = [option for option in either.options if not (isinstance(option, Known) and option.value is None)]
    if len(options) == 1:
        return machine.call(options[0], arguments, node)
    if all(
        (isinstance(option, Method) and isinstance(option.function, str)) or (isinstance(option, Unknown) and option.owner is not None)
        for option in options
    ):
        # `model.eval()` on one of two models: whichever it is, it is in evaluation mode afterwards.
        return one_of([machine.call(option, arguments, node) for option in options])
    return machine.choose([lambda option=option: machine.call(option, arguments, node) for option in options], dispatch=True)  # type: ignore[misc]


def _call_partial(machine: Machine, partial: Partial, arguments: Arguments, node: ir.Expr) -> Value:
    merged = Arguments(
        (*partial.positional, *arguments.positional),
        {**partial.keywords, **arguments.keywords},
        (*(node for _ in partial.positional), *arguments.nodes),
        {**dict.fromkeys(partial.keywords, node), **arguments.keyword_nodes},
        arguments.open,
    )
    return machine.call(partial.function, merged, node)


def _call_object(machine: Machine, instance: Object, arguments: Arguments, node: ir.Expr) -> Value:
    if instance.module:
        return networks.call_network(machine, instance, arguments, node)
    if isinstance(instance.fact, facts.Decorator | facts.Context) and len(arguments.positional) == 1:
        from trainlint.program.interpreter.definitions import apply_context

        argument = arguments.positional[0]
        return apply_context(instance, instance.fact, argument) if isinstance(instance.fact, facts.Context) else argument
    if instance.cls is not None:
        found = instance.cls.attribute("__call__")
        if isinstance(found, Function):
            return run_function(machine, found, arguments, node, instance)
        for name in instance.cls.libraries:
            if (fact := member(name, "__call__")) is not None:
                return library.apply(machine, f"{name}.__call__", fact, arguments, node, instance)
    if instance.name is not None and (fact := member(instance.name, "__call__")) is not None:
        return library.apply(machine, f"{instance.name}.__call__", fact, arguments, node, instance)
    return opaque(machine, arguments, node, instance)


def _call_data(machine: Machine, value: Data, arguments: Arguments, node: ir.Expr) -> Value:
    return data.apply_transform(machine, value, arguments, node)


def _call_unknown(machine: Machine, value: Value, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(value, Known | Sequence | Mapping):
        return Unknown(arguments.deps)
    if value in machine.modes and machine.forward is None:
        # Something that was put into a mode is a network, whatever else is known of it.
        return networks.open_forward(machine, value, arguments, node, lambda: Unknown(arguments.deps))
    owner = value.owner if isinstance(value, Unknown) else None
    if owner is not None and (done := _on_unknown(machine, owner, arguments, node)) is not None:
        return done
    is_network = owner in machine.modes or (isinstance(owner, Object) and owner.module)
    if owner is not None and is_network and machine.forward is None and arguments.deps and not _is_special(node):
        # A method of a network that is not in sight: a forward pass, which may switch gradients off by itself.
        before = machine.grad_mode()
        machine.set_grad(frozenset({GradMode.UNKNOWN}))
        result = networks.open_forward(machine, owner, arguments, node, lambda: Unknown(arguments.deps))
        machine.set_grad(before)
        return result
    return opaque(machine, arguments, node, value)


def _is_special(node: ir.Expr) -> bool:
    """Whether it is a call of a method of Python's own, such as `__getattr__`."""
    return isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute) and node.function.attr.startswith("__")


def _on_unknown(machine: Machine, owner: Value, arguments: Arguments, node: ir.Expr) -> Value | None:
    """A method of something unknown that only networks or optimizers have."""
    if not isinstance(node, ir.Call) or not isinstance(node.function, ir.Attribute):
        return None
    name = node.function.attr
    if name == "zero_grad":
        acts.clear(machine, owner, node)
    elif name == "eval" and not arguments.positional:
        acts.set_mode(machine, owner, Mode.EVAL, node)
    elif name == "train" and (not arguments.positional or isinstance(arguments.positional[0], Known)):
        acts.set_mode(machine, owner, module_methods.mode_argument(arguments), node)
    elif name == "step" and not arguments.positional and _follows_backward(machine):
        acts.step(machine, owner, node)
    elif name in {"parameters", "named_parameters"}:
        held = Parameters(frozenset((owner,)))
        return held if name == "parameters" else Iteration("items", (held,), node)
    elif name == "state_dict" and any(owner in optimizer.parameters.modules for optimizer in machine.optimizers if optimizer.parameters):
        return Weights(owner, node, len(machine.events))
    elif name in _HARMLESS:
        if name == "load_state_dict":
            machine.emit(WeightsUsed(node, weights=next(arguments.values(), None), module=owner))
        return Unknown(cut=name == "state_dict")
    else:
        return None
    return NOTHING


_HARMLESS = {"state_dict", "load_state_dict", "register_forward_hook", "extra_repr"}
"""Methods that networks and optimizers have and that leave gradients and modes as they are."""


def _follows_backward(machine: Machine) -> bool:
    """Whether a backward pass of this pass of the loop waits for its step: what steps first after it is the optimizer."""
    for event in reversed(machine.events):
        if type(event) is Step:
            return False
        if type(event) is Backward:
            return not machine.loops or event.loops[: len(machine.loops)] == machine.loops
    return False


EVALUATE[ir.Call] = _call
CALL.update(
    {
        Function: _call_function,
        Method: _call_method,
        Class: _call_class,
        Either: _call_either,
        Partial: _call_partial,
        Object: _call_object,
        Data: _call_data,
        Library: library.call_library,
        object: _call_unknown,
    }
)
