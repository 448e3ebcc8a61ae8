"""Methods of networks: those that the user wrote, and those that every nn.Module has."""

from trainlint.knowledge import facts
from trainlint.program.containers import is_complete
from trainlint.program.events import GradMode, Mode, WeightsUsed
from trainlint.program.interpreter import acts, functions, losses, networks
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.joins import join
from trainlint.program.values import (
    NOTHING,
    Function,
    Iteration,
    Known,
    Mapping,
    Object,
    Parameters,
    Scope,
    Sequence,
    Unknown,
    Value,
    Weights,
    sequence,
)
from trainlint.source import ir
from trainlint.source.walk import descendants


def call_user_method(machine: Machine, module: Object, function: Function, arguments: Arguments, node: ir.Expr) -> Value:
    """A method of a network of the workspace: called from outside it is a forward pass, unless it is training code itself."""
    definition = function.definition
    if machine.forward is not None or not isinstance(definition, ir.FunctionDef):
        return functions.run_function(machine, function, arguments, node, module)
    if definition.name.startswith("__") or not is_forward_like(machine, definition) or _is_being_built(machine, module):
        return functions.run_function(machine, function, arguments, node, module)
    before = machine.grad_mode()
    if function.grad is not None:
        machine.set_grad(frozenset({function.grad}))
    value = networks.open_forward(
        machine, module, arguments, node, lambda: functions.run_function(machine, function, arguments, node, module)
    )
    machine.set_grad(before)
    return value


def _is_being_built(machine: Machine, module: Object) -> bool:
    """Whether the network's own constructor is running: what it calls computes sizes, not outputs."""
    for frame in machine.frames:
        if getattr(frame.scope.function, "name", "") == "__init__":
            scope: Scope | None = frame.scope
            while scope is not None and "<self>" not in scope.cells:
                scope = scope.parent  # a comprehension has a scope of its own
            if scope is not None and scope.cells["<self>"] is module:
                return True
    return False


def is_forward_like(machine: Machine, definition: ir.FunctionDef) -> bool:
    """Whether a method computes an output from an input: no loops over data, backward, modes or optimizers in it."""
    known = machine.forward_like.get(definition)
    if known is None:
        names = {node.attr for node in descendants(definition.body) if isinstance(node, ir.Attribute)}
        returns = any(isinstance(node, ir.Return) and node.value is not None for node in descendants(definition.body))
        known = machine.forward_like[definition] = returns and not names & _TRAINING_NAMES and len(definition.parameters.positional) > 1
    return known


_TRAINING_NAMES = {
    "backward",
    "zero_grad",
    "step",
    "train",
    "eval",
    "no_grad",
    "state_dict",
    "load_state_dict",
    "parameters",
    "item",
    "register_buffer",
}


def module_method(machine: Machine, module: Object, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    """A method that every nn.Module has."""
    bare = name.removeprefix("super.")
    handler = _METHODS.get(bare)
    if bare in {"forward", "__call__"}:
        if name != bare:
            return _apply_super(machine, module, arguments, node)
        return networks.call_network(machine, module, arguments, node)
    if handler is not None:
        return handler(machine, module, arguments, node)
    if isinstance(module.fact, facts.Network) and bare in module.fact.without_gradients:
        before = machine.grad_mode()
        machine.set_grad(frozenset({GradMode.OFF}))
        result: Value = Unknown(arguments.deps, cut=True)
        if machine.forward is None:
            result = networks.open_forward(machine, module, arguments, node, lambda: Unknown(arguments.deps, cut=True))
        machine.set_grad(before)
        return result
    if bare in _RETURNS_SELF:
        return module
    if bare in {"append", "extend", "insert"}:
        for value in arguments.positional[-1:]:
            items = value.items if isinstance(value, Sequence) and bare == "extend" else (value,)
            for each in items:
                machine.write(module.cells, str(len(module.cells)), each)
        return module
    if name == "super.__init__":
        if isinstance(module.fact, facts.Layer | facts.Loss):
            networks.set_layer_arguments(machine, module, arguments)
        return NOTHING
    return Unknown()


def _apply_super(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(module.fact, facts.Layer):
        return networks.apply_layer(machine, module, module.fact, arguments, node)
    if isinstance(module.fact, facts.Loss):
        return losses.compute(machine, module.fact, arguments, node, module)
    return Unknown(arguments.deps)


_RETURNS_SELF = {"to", "cuda", "cpu", "half", "float", "double", "bfloat16", "type", "share_memory", "to_empty", "compile", "apply"}


def _train(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    acts.set_mode(machine, module, mode_argument(arguments), node)
    return module


def mode_argument(arguments: Arguments) -> Mode:
    """The mode that `train(…)` sets."""
    argument = arguments.get("mode", ("mode",))
    if argument is None:
        return Mode.TRAIN
    if not isinstance(argument, Known) or argument.soft:
        return Mode.UNKNOWN
    return Mode.TRAIN if argument.value else Mode.EVAL


def _eval(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    acts.set_mode(machine, module, Mode.EVAL, node)
    return module


def _zero_grad(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    acts.clear(machine, module, node)
    return NOTHING


def _parameters(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    module.asked = True
    return Parameters(frozenset((module,)), once=True)


def _named_parameters(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    module.asked = True
    return Iteration("items", (Parameters(frozenset((module,))),), node)


def _state_dict(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    return Weights(module, node, len(machine.events))


def _load_state_dict(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    machine.emit(WeightsUsed(node, weights=next(arguments.values(), None), module=module))
    return Unknown()


def _children(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    module.asked = True
    inside = [value for value in module.cells.values() if isinstance(value, Object) and value.module]
    return Iteration("iter", (sequence("list", (join(inside),) if 0 < len(inside) <= 3 else (), more=True),), node)


def _items(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    named = _named(module)
    return Iteration("items", (named if named is not None else _children(machine, module, arguments, node),), node)


def _values(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    named = _named(module)
    return Iteration("values", (named,), node) if named is not None else _children(machine, module, arguments, node)


def _named(module: Object) -> Mapping | None:
    """What a `ModuleDict` holds, where that is all in sight."""
    if not isinstance(module.fact, facts.Layer) or module.fact.role is not facts.Role.MAPPING or not is_complete(module):
        return None
    return Mapping({key: value for key, value in module.cells.items() if key != "<owner>" and isinstance(value, Object | Unknown)})


def _add_module(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    name, value = arguments.get("name", ("name", "module")), arguments.get("module", ("name", "module"))
    if value is not None:
        key = name.value if isinstance(name, Known) and isinstance(name.value, str) else f"<{len(module.cells)}>"
        machine.write(module.cells, key, value)
    return NOTHING


def _requires_grad(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    argument = next(arguments.values(), None)
    acts.freeze(machine, module, frozen=isinstance(argument, Known) and argument.value is False)
    return module


_METHODS = {
    "train": _train,
    "eval": _eval,
    "zero_grad": _zero_grad,
    "parameters": _parameters,
    "named_parameters": _named_parameters,
    "state_dict": _state_dict,
    "load_state_dict": _load_state_dict,
    "children": _children,
    "modules": _children,
    "named_children": _items,
    "named_modules": _items,
    "items": _items,
    "values": _values,
    "add_module": _add_module,
    "register_module": _add_module,
    "requires_grad_": _requires_grad,
}
