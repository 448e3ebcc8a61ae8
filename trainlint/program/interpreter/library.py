"""Calls of library functions and classes: each kind of fact says what happens."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from trainlint.knowledge import facts
from trainlint.knowledge.facts import Scale, Verb
from trainlint.knowledge.library import is_library, lookup
from trainlint.program.events import Assembled, Construct, LossScaled, Mode, WeightsUsed
from trainlint.program.interpreter import (
    acts,
    configuration,
    functions,
    iteration,
    losses,
    module_methods,
    networks,
    operators,
    optimizers,
    tensors,
)
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.attributes import stored
from trainlint.program.interpreter.builtins import BUILTINS, STANDARD
from trainlint.program.interpreter.contexts import grad_argument
from trainlint.program.interpreter.definitions import apply_context
from trainlint.program.interpreter.graphs import is_cut
from trainlint.program.interpreter.machine import Machine
from trainlint.program.joins import one_of
from trainlint.program.values import (
    NOTHING,
    Data,
    Either,
    Function,
    Iteration,
    Known,
    Library,
    Mapping,
    Object,
    Partial,
    Scheduler,
    Sequence,
    Tensor,
    Unknown,
    Value,
    Weights,
    sequence,
)
from trainlint.source import ir


def call_library(machine: Machine, callee: Library, arguments: Arguments, node: ir.Expr) -> Value:
    """Calls something of a library by its name."""
    name = callee.name
    if name.startswith("builtins."):
        return BUILTINS[name[9:]](machine, arguments, node) if name[9:] in BUILTINS else Unknown(arguments.deps)
    fact = lookup(name)
    if fact is None:
        if (unbound := _unbound(machine, name, arguments, node)) is not None:
            return unbound
        if is_library(name.partition(".")[0]):
            # A function without a row of a library that has a table: it makes something out of what it is given.
            acts.measure(machine, arguments)
            return _unlisted(machine, name, arguments, node)
        return functions.opaque(machine, arguments, node)
    return apply(machine, name, fact, arguments, node)


def _unbound(machine: Machine, name: str, arguments: Arguments, node: ir.Expr) -> Value | None:
    """`Base.method(self, …)`: the method of a library class, with its receiver written out."""
    owner, _, method = name.rpartition(".")
    if not owner.rpartition(".")[2][:1].isupper():
        return NOTHING if method == "__init__" else None
    receiver = arguments.positional[0] if arguments.positional else None
    if isinstance(receiver, Object) and receiver.module and (method == "__init__" or method in {"train", "eval", "forward"}):
        rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.nodes[1:], arguments.keyword_nodes, arguments.open)
        return module_methods.module_method(machine, receiver, f"super.{method}", rest, node)
    return NOTHING if method == "__init__" else None


def _unlisted(machine: Machine, name: str, arguments: Arguments, node: ir.Expr) -> Value:
    last = name.rpartition(".")[2]
    if last[:1].isupper():
        touched = acts.reachable(arguments.values())
        made = Object(node, name=name, arguments=arguments.bind(()))
        if touched:
            return Unknown(arguments.deps, holds=touched)
        return made
    acts.touch(machine, acts.reachable(arguments.values()), node)
    result = Unknown(arguments.deps)
    values = list(arguments.values())
    result.cut = bool(values) and all(is_cut(value) for value in values)
    return result


def apply(machine: Machine, name: str, fact: facts.Fact, arguments: Arguments, node: ir.Expr, receiver: Value | None = None) -> Value:
    """What a call of the thing with this fact does and gives."""
    return _APPLY[type(fact)](machine, name, fact, arguments, node, receiver)


def _function(machine: Machine, name: str, fact: facts.Function, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    if isinstance(receiver, Object):
        # A method of a library object, such as an Accelerator, works on what it is given.
        receiver = None
        first = arguments.positional[0] if arguments.positional else None
        if isinstance(first, Sequence) and fact.effect is not facts.Effect.COLLECT:
            inner = tuple(tensors.apply_function(machine, name, fact, item, Arguments((item,), {}, (node,)), node) for item in first.items)
            return sequence(first.kind, inner, more=first.open)
    subject = receiver if receiver is not None else arguments.positional[0] if arguments.positional else next(arguments.values(), None)
    if receiver is None and arguments.keywords and fact.parameters and fact.parameters[0].lstrip("*") in arguments.keywords:
        subject = arguments.keywords[fact.parameters[0].lstrip("*")]
    value = tensors.apply_function(machine, name, fact, subject, arguments, node)
    return _recorded(machine, value)


def _recorded(machine: Machine, value: Value) -> Value:
    if isinstance(value, Tensor) and value.graph is not False and acts.records_gradients(machine) is False:
        return replace(value, graph=False)
    return value


def _layer(machine: Machine, name: str, fact: facts.Layer, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    return networks.construct_layer(machine, name, fact, arguments, node)


def _loss(machine: Machine, name: str, fact: facts.Loss, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    if fact.constructor is not None:
        return networks.construct_layer(machine, name, fact, arguments, node)
    return losses.compute(machine, fact, arguments, node)


def _optimizer(machine: Machine, name: str, fact: facts.Optimizer, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    return optimizers.construct(machine, name, fact, arguments, node)


def _scheduler(machine: Machine, name: str, fact: facts.Scheduler, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    bound = arguments.bind(fact.parameters)
    scheduler = Scheduler(node, fact, bound.get(fact.optimizer), bound, name)
    machine.emit(Construct(node, made=scheduler))
    return sequence("tuple", (scheduler, Unknown())) if fact.first else scheduler


def _data(machine: Machine, name: str, fact: Any, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    bound = arguments.bind(fact.parameters)
    if getattr(fact, "wraps", None) is not None and fact.wraps.startswith("*"):
        bound = {str(i): value for i, value in enumerate(arguments.positional)} | arguments.keywords
    made = Data(node, fact, bound, name)
    if isinstance(fact, facts.Transform) and fact.composes is not None:
        machine.emit(Assembled(node, transform=made))
    return made


def _gives(machine: Machine, name: str, fact: facts.Gives, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    _perform(machine, fact.does, fact.parameters, arguments, node, receiver)
    if fact.iterates:
        sources = (
            arguments.positional
            if fact.which == "*"
            else tuple(value for value in (arguments.get(fact.which, fact.parameters),) if value is not None)
        )
        return Iteration("chain" if len(sources) > 1 else "iter", sources, node) if sources else Object(node, name=name)
    if fact.which == "*":
        values = arguments.positional
        return values[0] if len(values) == 1 else sequence("tuple", values, more=arguments.open)
    if fact.which == "self" and receiver is not None:
        return receiver
    value = arguments.get(fact.which, fact.parameters)
    if value is None:
        # Called with settings alone it is a decorator: `@torch.compile(mode=…)`.
        return Object(node, name=name, fact=facts.Decorator())
    others: list[Value] = []
    for parameter in fact.also:
        other = arguments.get(parameter, fact.parameters)
        if isinstance(other, Data) and parameter in fact.samples:
            other = replace(other, arguments={**other.arguments, "sampler": Unknown()}, cells={})
        if other is not None:
            others.append(other)
    return sequence("tuple", (value, *others)) if others else value


def _copies(machine: Machine, name: str, fact: facts.Copies, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    value = receiver if fact.which == "self" else arguments.get(fact.which, fact.parameters)
    if value is None:
        return Unknown(arguments.deps)
    return copied(value, node, {}) if fact.deep else value


_MAX_COPIED = 500


def copied(value: Value, node: ir.Node, seen: dict[Value, Value]) -> Value:
    """An equal value with an identity of its own; so have the networks inside it."""
    if isinstance(value, Object):
        if value not in seen:
            twin = seen[value] = replace(value, cells={}, node=node if value.foreign else value.node)
            twin.cells.update({key: copied(each, node, seen) if isinstance(each, Value) else each for key, each in value.cells.items()})
        return seen[value]
    if isinstance(value, Weights):
        return Unknown(cut=True)
    if isinstance(value, Either):
        return one_of([copied(option, node, seen) for option in value.options])
    if len(seen) > _MAX_COPIED:
        return value
    if isinstance(value, Sequence):
        return sequence(value.kind, tuple(copied(each, node, seen) for each in value.items), more=value.open)
    if isinstance(value, Mapping):
        return Mapping({key: copied(each, node, seen) for key, each in value.cells.items()}, value.open)
    return value


def _binds(machine: Machine, name: str, fact: facts.Binds, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    if not arguments.positional:
        return Unknown(arguments.deps)
    return Partial(arguments.positional[0], arguments.positional[1:], arguments.keywords)


def _calls(machine: Machine, name: str, fact: facts.Calls, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    function = arguments.get(fact.function, fact.parameters)
    if function is None:
        return functions.opaque(machine, arguments, node)
    passed: tuple[Value, ...] = ()
    if fact.passes.startswith("*"):
        passed = arguments.positional[[parameter.lstrip("*") for parameter in fact.parameters].index(fact.passes.lstrip("*")) :]
    elif fact.passes and (given := arguments.get(fact.passes, fact.parameters)) is not None:
        passed = given.items if isinstance(given, Sequence) else (given,)
    before = tuple(Tensor(graph=False, number=True) for _ in range(fact.before))
    keywords: dict[str, Value] = {}
    if fact.keywords is not None and isinstance(more := arguments.keywords.get(fact.keywords), Mapping):
        keywords = {key: value for key, value in more.cells.items() if isinstance(key, str)}
    elif fact.keywords is not None and fact.keywords.startswith("**"):
        keywords = {key: value for key, value in arguments.keywords.items() if key not in fact.parameters}
    values = (*before, *passed)
    result = machine.call(function, Arguments(values, keywords, tuple(node for _ in values), dict.fromkeys(keywords, node)), node)
    return result if fact.returns else Unknown()


def _arrays(machine: Machine, name: str, fact: facts.Arrays, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    element: Value = sequence("tuple", tuple(stored(part, fact.classes, node, fact.scale) for part in fact.element))
    if fact.splits > 1:
        return sequence("tuple", tuple(element for _ in range(fact.splits)))
    paired = arguments.keywords.get(fact.pair) if fact.pair is not None else None
    if fact.fields and not (isinstance(paired, Known) and paired.value is True):
        return Object(node, name=name, cells={key: stored(part, fact.classes, node, fact.scale) for key, part in fact.fields})
    return element


def _split(machine: Machine, name: str, fact: facts.Split, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    if fact.which.startswith("*"):
        return sequence("list", tuple(iteration.part(value) for value in arguments.positional for _ in range(2)))
    whole = arguments.get(fact.which, fact.parameters)
    sizes = arguments.get("lengths", fact.parameters)
    count = len(sizes.items) if isinstance(sizes, Sequence) and not sizes.open else 2
    if whole is None:
        return Unknown()
    subset = facts.Dataset(("dataset",), wraps="dataset")
    return sequence("list", tuple(Data(node, subset, {"dataset": whole}, "torch.utils.data.Subset") for _ in range(count)))


def _setting(machine: Machine, name: str, fact: facts.Setting, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    if isinstance(receiver, Object):
        configuration.declare(machine, receiver, fact, arguments)
    return NOTHING


def _settings(machine: Machine, name: str, fact: facts.Settings, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    return configuration.settings(receiver, node, pair=fact.pair)


def _runner(machine: Machine, name: str, fact: facts.Runner, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    made = Object(node, name=name, fact=fact, arguments=arguments.bind(fact.parameters), born=machine.loops)
    clipping = [value for parameter in fact.clip if optimizers.is_given(value := made.arguments.get(parameter))]
    if clipping or fact.clips is not False:
        acts.clip(machine, None, node)
    return made


def _opaque(machine: Machine, name: str, fact: facts.Fact, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    return Unknown(arguments.deps, holds=acts.reachable(arguments.values()))


def _configured(machine: Machine, name: str, fact: facts.Configured, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    found = machine.configured.get(receiver) if receiver is not None else None
    return found if found is not None else Unknown()


def _alias(machine: Machine, name: str, fact: facts.Alias, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    return STANDARD[fact.builtin](machine, arguments, node)


def _dtype(machine: Machine, name: str, fact: facts.Dtype, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    value = arguments.positional[0] if arguments.positional else None
    tensor = operators.as_tensor(value) if value is not None else None
    if tensor is None:
        return Unknown(arguments.deps, cut=True)
    return replace(tensor, scale=Scale.RAW_FLOAT) if tensor.scale is Scale.RAW and fact.kind == "float" else tensor


def _context(machine: Machine, name: str, fact: facts.Context, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    argument = next(arguments.values(), None)
    if fact.grad is facts.Grad.ARGUMENT and not isinstance(argument, Function):
        if not fact.off:
            # set_grad_enabled acts when it is called; a `with` around the call restores what was there before.
            machine.set_grad(grad_argument(fact, argument))
        return Object(node, name=name, fact=fact, arguments={} if argument is None else {"mode": argument})
    if fact.does:
        _perform(machine, fact.does, fact.parameters, arguments, node, receiver)
    if isinstance(argument, Function):
        return apply_context(Library(name), fact, argument)
    return Object(node, name=name, fact=fact, arguments=arguments.bind(fact.parameters))


def _make(machine: Machine, name: str, fact: facts.Make, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    arguments_ = arguments.bind(fact.parameters)
    made = Object(node, name=fact.qualified_name, fact=fact, arguments=arguments_, born=machine.loops)
    return sequence("tuple", (made, *(arguments_.get(each, Unknown()) for each in fact.beside))) if fact.beside else made


def _decorator(machine: Machine, name: str, fact: facts.Decorator, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    return Object(node, name=name, fact=fact)


def _harmless(machine: Machine, name: str, fact: facts.Harmless, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    if fact.reports:
        acts.measure(machine, arguments)
        for weights in _weights_in(arguments.values()):
            machine.emit(WeightsUsed(node, weights=weights))
    if name.rpartition(".")[2][:1].isupper():
        return Object(node, name=name)
    return Unknown(arguments.deps, cut=True)


def _weights_in(values: Iterable[Value]) -> Iterator[Value]:
    """The state dicts in what is saved: `torch.save({"model": best}, path)`."""
    for value in values:
        for each in value.cells.values() if isinstance(value, Mapping) else (value,):
            if any(isinstance(option, Weights) for option in acts.options(each)):
                yield each


def _action(machine: Machine, name: str, fact: facts.Action, arguments: Arguments, node: ir.Expr, receiver: Value | None) -> Value:
    _perform(machine, fact.does, fact.parameters, arguments, node, receiver)
    if fact.returns == "self" and receiver is not None:
        return receiver
    if fact.returns is not None and (value := arguments.get(fact.returns, fact.parameters)) is not None:
        return value
    return NOTHING if fact.does else Unknown(arguments.deps)


def _perform(
    machine: Machine,
    does: tuple[tuple[Verb, str], ...],
    parameters: tuple[str, ...],
    arguments: Arguments,
    node: ir.Expr,
    receiver: Value | None,
) -> None:
    for verb, who in does:
        name, *conditions = _CONDITION.split(who)
        target = receiver if name == "self" else arguments.get(name, parameters)
        if all(
            _holds(sign, target if not wanted else arguments.get(wanted, parameters))
            for sign, wanted in zip(conditions[::2], conditions[1::2], strict=True)
        ):
            subject = target if target is not None else Unknown()
            if verb is Verb.STEP:
                acts.step(machine, subject, node, scaler=None if name == "self" else receiver)
            elif verb is Verb.SCALE:
                machine.emit(LossScaled(node, scaler=receiver, loss=subject))
            elif verb is Verb.SCHEDULE:
                acts.schedule(machine, subject, node, next(arguments.values(), None))
            elif verb in {Verb.CLIP, Verb.CLIP_ALWAYS}:
                limit = next((value for each in _LIMITS if (value := arguments.get(each, parameters)) is not None), None)
                iteration.consume(machine, subject, node)
                acts.clip(machine, optimizers.parameters_in(subject) or subject, node, limit)
            else:
                _VERBS[verb](machine, subject, arguments, node)


_CONDITION = re.compile(r"([?!])")
_LIMITS = ("max_norm", "clip_value", "clip_val", "value")
"""The parameters that say what gradients are clipped to."""


def _holds(sign: str, value: Value | None) -> bool:
    """Whether an action's condition may hold: "?" for an argument that is given, "!" for one that is not False."""
    if sign == "?":
        return optimizers.is_given(value)
    return not (isinstance(value, Known) and value.value is False)


def _backward(machine: Machine, target: Value, arguments: Arguments, node: ir.Expr) -> None:
    acts.backward(machine, target, node)


def _clear(machine: Machine, target: Value, arguments: Arguments, node: ir.Expr) -> None:
    acts.clear(machine, target, node)


def _gradients(machine: Machine, target: Value, arguments: Arguments, node: ir.Expr) -> None:
    machine.trained(target.deps)
    kept = arguments.keywords.get("create_graph")
    if isinstance(kept, Known) and kept.value is True:
        # A penalty on gradients bounds them, as clipping does.
        acts.clip(machine, None, node)


def _mode(mode: Mode) -> Callable[[Machine, Value, Arguments, ir.Expr], None]:
    def switch(machine: Machine, target: Value, arguments: Arguments, node: ir.Expr) -> None:
        for each in acts.options(target):
            if isinstance(each, Object) and each.module:
                acts.set_mode(machine, each, mode, node)

    return switch


_VERBS: dict[Verb, Callable[[Machine, Value, Arguments, ir.Expr], None]] = {
    Verb.BACKWARD: _backward,
    Verb.CLEAR: _clear,
    Verb.UNSCALE: lambda machine, target, arguments, node: acts.unscale(machine, target, node),
    Verb.UPDATE: lambda machine, target, arguments, node: acts.update(machine, target, node),
    Verb.TRAIN: _mode(Mode.TRAIN),
    Verb.EVALUATE: _mode(Mode.EVAL),
    Verb.FREEZE: lambda machine, target, arguments, node: None,
    Verb.FIT: lambda machine, target, arguments, node: None,
    Verb.GRADIENTS: _gradients,
}

_APPLY: dict[type, Callable[..., Value]] = {
    facts.Function: _function,
    facts.Layer: _layer,
    facts.Loss: _loss,
    facts.Optimizer: _optimizer,
    facts.Scheduler: _scheduler,
    facts.Transform: _data,
    facts.Dataset: _data,
    facts.Loader: _data,
    facts.Sampler: _data,
    facts.Action: _action,
    facts.Gives: _gives,
    facts.Context: _context,
    facts.Make: _make,
    facts.Decorator: _decorator,
    facts.Harmless: _harmless,
    facts.Network: _layer,
    facts.Hooks: _opaque,
    facts.Configured: _configured,
    facts.Base: _opaque,
    facts.Copies: _copies,
    facts.Binds: _binds,
    facts.Calls: _calls,
    facts.Arrays: _arrays,
    facts.Split: _split,
    facts.Setting: _setting,
    facts.Settings: _settings,
    facts.Runner: _runner,
    facts.Alias: _alias,
    facts.Dtype: _dtype,
}
