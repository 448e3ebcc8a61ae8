"""Networks: applying them, their layers, and the methods that every nn.Module has."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from trainlint.knowledge import facts
from trainlint.knowledge.facts import Kind, Role
from trainlint.knowledge.library import family, lookup
from trainlint.knowledge.names import canonical
from trainlint.program.containers import children, is_complete
from trainlint.program.events import Carried, Forward, GradMode
from trainlint.program.interpreter import acts, functions, iteration, losses, oversights, shapes
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.operators import as_tensor, earlier_passes
from trainlint.program.interpreter.tensors import activated, implicit_axis, note_layer
from trainlint.program.joins import one_of
from trainlint.program.values import (
    MAX_NESTING,
    NOTHING,
    Class,
    Function,
    Known,
    Mapping,
    Object,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from trainlint.source import ir

MODULE = "torch.nn.Module"


def is_module_class(cls: Class) -> bool:
    """Whether instances of the class are networks."""
    return any(is_module_name(name) for name in cls.libraries)


@cache
def is_module_name(name: str) -> bool:
    """Whether instances of the library class are networks."""
    current: str | None = canonical(name)
    seen: set[str] = set()
    while current is not None and current not in seen:
        if current == MODULE:
            return True
        seen.add(current)
        current = family(current)
    return False


def _is_loss(name: str) -> bool:
    fact = lookup(name)
    return isinstance(fact, facts.Loss) and fact.constructor is not None


# Applying a network -----------------------------------------------------------------------------------------------------


def call_network(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    """`module(…)`: a forward pass of its own, unless it happens inside another one."""
    if isinstance(module.fact, facts.Loss) and (module.cls is None or module.cls.attribute("forward") is None):
        return losses.compute(machine, module.fact, arguments, node, module)
    if machine.forward is not None:
        return apply(machine, module, arguments, node)
    if module.cls is not None and _computes_loss(machine, module.cls):
        return apply(machine, module, arguments, node)
    return open_forward(machine, module, arguments, node, lambda: apply(machine, module, arguments, node))


def _computes_loss(machine: Machine, cls: Class) -> bool:
    """Whether a module is a loss: it has no layers of its own, and its result comes from what it is given."""
    return any(_is_loss(name) for name in cls.libraries)


def open_forward(machine: Machine, module: Value, arguments: Arguments, node: ir.Expr, run: "object") -> Value:
    """Runs `run` as a forward pass of the module; what comes out of it carries that pass."""
    inputs = tuple(arguments.values())
    places = (*arguments.nodes, *arguments.keyword_nodes.values())
    note_carried(machine, inputs, node)
    event = machine.emit(
        Forward(
            node,
            module=module,
            inputs=inputs,
            argument=places[0] if places else None,
            modes=machine.mode_of(module),
            grad=frozenset({GradMode.UNKNOWN}) if any(_is_volatile(value) for value in inputs) else machine.grad_mode(),
            mixed=_is_mixed(machine, module),
            frozen=acts.is_frozen(machine, module),
            still=frozenset(each for each, frozen in machine.frozen.items() if frozen),
        )
    )
    machine.forward = event
    try:
        value: Value = run()  # type: ignore[operator]
    finally:
        machine.forward = None
    if acts.records_gradients(machine) is False:
        value = _without_graph(value)
    event.output = value = iteration.marked(value, frozenset((event,)))
    return value


def note_carried(machine: Machine, values: Iterable[Value], node: ir.Node, depth: int = 0) -> None:
    """Records that a network is given, graph and all, what an earlier pass of a loop that runs now has computed."""
    for value in values:
        if isinstance(value, Sequence) and depth < MAX_NESTING:
            note_carried(machine, value.items, node, depth + 1)
        elif isinstance(value, Tensor) and value.graph and machine.loops:
            # Only what is handed on as it came out: what was computed from it since may have cut it off on the way.
            made = machine.states.get(value)
            among = earlier_passes(machine, value.deps if made is None else frozenset((made,)))
            earlier = tuple(event for event in among if event is made or _gives(event.output, value))
            given = machine.forward is not None and any(_gives(each, value) for each in machine.forward.inputs)
            if earlier and not given:
                machine.emit(Carried(node, value=value, earlier=earlier))


def _gives(output: Value | None, value: Value, depth: int = 0) -> bool:
    """Whether the value is the output, or a part of it."""
    if isinstance(output, Sequence) and depth < MAX_NESTING:
        return any(_gives(item, value, depth + 1) for item in output.items)
    return output is value


def _is_volatile(value: Value) -> bool:
    """`Variable(x, volatile=True)`: below torch 0.4, what is computed from it records no gradients."""
    return isinstance(value, Tensor) and value.made == "volatile"


def _is_mixed(machine: Machine, module: Value) -> bool:
    """Whether a part of the network is in another mode than the whole."""
    state = machine.mode_of(module)
    return any(machine.modes.get(inner, state) != state for inner in acts.parts(module))


def _without_graph(value: Value, depth: int = 0) -> Value:
    if isinstance(value, Tensor):
        return replace(value, graph=False)
    if isinstance(value, Unknown):
        return replace(value, cut=True, cells={})
    if isinstance(value, Sequence) and depth < MAX_NESTING:
        return Sequence(value.kind, {**value.cells, "items": tuple(_without_graph(item, depth + 1) for item in value.items)}, value.born)
    return value


def apply(machine: Machine, module: Object, arguments: Arguments, node: ir.Expr) -> Value:
    """The output of a module for an input."""
    if module.cls is not None:
        forward = module.cls.attribute("forward")
        if isinstance(forward, Function):
            return functions.run_function(machine, forward, arguments, node, module)
    fact = module.fact
    if isinstance(fact, facts.Loss):
        return losses.compute(machine, fact, arguments, node, module)
    if isinstance(fact, facts.Layer):
        return apply_layer(machine, module, fact, arguments, node)
    graph = acts.records_gradients(machine)
    if isinstance(fact, facts.Network):
        head = next(
            (value for value in reversed(list(module.cells.values())) if isinstance(value, Object) and value.module and not value.foreign),
            None,
        )
        if head is not None:
            features = Tensor(arguments.deps, graph)
            _note_part(machine, module, arguments, features, node)
            return _as_output(apply(machine, head, Arguments((features,), {}, (node,)), node), graph=graph)
        units = _number(module.arguments.get(fact.units)) if fact.units is not None else None
        output = Tensor(arguments.deps, graph, units=units)
        _note_part(machine, module, arguments, output, node)
        return output
    # Something that nothing in sight constructs: its output may be a tensor or a container of tensors.
    return Unknown(arguments.deps, module.uses.member("()") if module.uses is not None else None, owner=None, cut=graph is False)


def _note_part(machine: Machine, network: Object, arguments: Arguments, output: Tensor, node: ir.Expr) -> None:
    """Records that a library's network was applied as a part of another one."""
    if machine.forward is not None and machine.forward.module is not network:
        given = next(arguments.values(), None)
        note_layer(machine, node, Role.OTHER, (as_tensor(given) if given is not None else None) or Tensor(), output, network.node, network)


def _as_output(value: Value, *, graph: bool | None) -> Value:
    return replace(value, graph=graph) if isinstance(value, Tensor) else value


def apply_layer(machine: Machine, layer: Object, fact: facts.Layer, arguments: Arguments, node: ir.Expr) -> Value:
    """The output of a library layer."""
    subject = arguments.positional[0] if arguments.positional else next(iter(arguments.keywords.values()), Unknown())
    if fact.role is Role.SEQUENCE:
        value = subject
        for child in children(layer):
            value = machine.call(child, Arguments((value,), {}, (node,)), node)
        if layer.cells.get("<open>"):
            value = Unknown(value.deps)
        return value
    before = as_tensor(subject) or Tensor(subject.deps, None)
    graph = before.graph
    if fact.role in {Role.RECURRENT, Role.ATTENTION}:
        if machine.forward is not None:
            note_carried(machine, list(arguments.values())[1:], node)
        after = Tensor(arguments.deps, _recorded(machine, layer, graph=graph), units=_number(layer.arguments.get(fact.units or "")))
        note_layer(machine, node, fact.role, before, after, layer.node, layer)
        if layer.name is not None and layer.name.endswith("Cell") and not layer.name.endswith("LSTMCell"):
            return after
        second = Tensor(arguments.deps, after.graph)
        if machine.forward is not None:
            machine.states[second] = machine.forward
        return sequence("tuple", (after, second if not layer.name or "LSTM" not in layer.name else sequence("tuple", (second, second))))
    if fact.weighted:
        affine = fact.role in {Role.LINEAR, Role.CONVOLUTION}
        units = _number(layer.arguments.get(fact.units)) if fact.units is not None else None
        after = Tensor(
            arguments.deps,
            _recorded(machine, layer, graph=graph),
            Kind.AFFINE if affine else None,
            layer.node if affine else None,
            None,
            units,
        )
    elif fact.role is Role.ACTIVATION:
        axis = layer.arguments.get(fact.axis) if fact.axis is not None else None
        number = implicit_axis(before) if fact.axis is not None and axis is None and "<open>" not in layer.arguments else _number(axis)
        after = activated(before, fact.kind, layer.node, number)
    elif fact.role is Role.DROPOUT:
        if drops(layer, fact) is False:
            return subject
        after = replace(before, dropout=layer.node)
    elif fact.role is Role.BATCH_NORM or fact.role is Role.NORM:
        after = Tensor(before.deps, graph, scale=None)
    elif fact.role in {Role.RESHAPE, Role.IDENTITY}:
        after = before
    elif fact.role is Role.POOLING:
        after = replace(before, kind=None, kind_node=None, units=None)
    elif fact.role in {Role.LIST, Role.MAPPING}:
        return Unknown(arguments.deps)
    else:
        after = Tensor(arguments.deps, graph)
    shape = shapes.of_layer(layer, fact, before.shape, after.units)
    if shape != after.shape:
        after = replace(after, shape=shape)
    note_layer(machine, node, fact.role, before, after, layer.node, layer)
    return after


def _recorded(machine: Machine, layer: Object, *, graph: bool | None) -> bool | None:
    recording = acts.records_gradients(machine)
    if recording and acts.is_frozen(machine, layer):
        return graph
    return recording if recording is not None else graph or None


def _number(value: Value | None) -> int | None:
    return value.value if isinstance(value, Known) and isinstance(value.value, int) and not isinstance(value.value, bool) else None


def drops(layer: Object, fact: facts.Layer) -> bool | None:
    """Whether a layer zeroes at random; None where its probability is not known."""
    if fact.probability is None:
        return False
    value = layer.arguments.get(fact.probability)
    if value is None:
        return fact.probability_default > 0
    return value.value > 0 if isinstance(value, Known) and isinstance(value.value, int | float) else None


def part(machine: Machine, container: Object, index: Value, node: ir.Subscript) -> Value | None:
    """`container[index]`: one of its modules, or a container with some of them; None where that is not known."""
    modules = children(container)
    if not is_complete(container):
        return None
    if isinstance(index, Known) and isinstance(index.value, int):
        return modules[index.value] if -len(modules) <= index.value < len(modules) else None
    if isinstance(index, Known) and isinstance(index.value, str):
        found: Value | None = container.cells.get(index.value)
        return found
    if isinstance(node.index, ir.Slice):
        bounds = [None if bound is None else machine.evaluate(bound) for bound in (node.index.lower, node.index.upper, node.index.step)]
        numbers: list[Any] = [bound.value if isinstance(bound, Known) else bound for bound in bounds]
        if all(number is None or isinstance(number, int) for number in numbers):
            chosen = modules[slice(numbers[0], numbers[1], numbers[2])]
            return replace(container, cells={str(i): module for i, module in enumerate(chosen)})
    elif isinstance(index, Tensor) and index.number and modules:
        # `self.layers[i]` in a loop over a range.
        chosen_module = one_of(modules)
        return None if isinstance(chosen_module, Unknown) else chosen_module
    return None


# Constructing -----------------------------------------------------------------------------------------------------------


def construct_layer(
    machine: Machine, name: str, fact: facts.Layer | facts.Loss | facts.Network, arguments: Arguments, node: ir.Expr
) -> Object:
    """A library layer, loss or network."""
    layer = Object(node, name=name, fact=fact, module=True, born=machine.loops)
    if machine.forward is not None and (machine.building is not None or not oversights.builds_once(machine, node)):
        layer.built = (machine.forward, machine.building or node)
    set_layer_arguments(machine, layer, arguments)
    if isinstance(fact, facts.Loss):
        oversights.note_loss_built(machine, layer, arguments, node)
    return layer


def set_layer_arguments(machine: Machine, layer: Object, arguments: Arguments) -> None:
    """Gives a layer what it was constructed with; a container, its modules."""
    fact = layer.fact
    parameters = fact.parameters if isinstance(fact, facts.Layer | facts.Network) else getattr(fact, "constructor", None) or ()
    layer.arguments.update(arguments.bind(parameters))
    if arguments.open:
        layer.arguments["<open>"] = NOTHING
    if not isinstance(fact, facts.Layer) or fact.role not in {Role.SEQUENCE, Role.LIST, Role.MAPPING}:
        return
    items: list[tuple[str, Value]] = []
    given = list(arguments.positional)
    if len(given) == 1 and isinstance(given[0], Mapping):
        items = [(str(key), value) for key, value in given[0].cells.items()]
        if given[0].open:
            machine.write(layer.cells, "<open>", True)
    else:
        if len(given) == 1 and isinstance(given[0], Sequence):
            if given[0].open and not given[0].repeated:
                machine.write(layer.cells, "<open>", True)
            given = list(given[0].items)
            if given and all(isinstance(pair, Sequence) and len(pair.items) == 2 for pair in given):
                given = [pair.items[1] for pair in given if isinstance(pair, Sequence)]
        elif arguments.open or (len(given) == 1 and isinstance(given[0], Unknown) and fact.role is not Role.SEQUENCE):
            machine.write(layer.cells, "<open>", True)
        items = [(str(i), value) for i, value in enumerate(given)]
    for key, value in items:
        machine.write(layer.cells, key, value)
