"""What functions and methods of tensors do to the values that flow through them."""

from dataclasses import replace

from trainlint.knowledge.facts import RAW_SCALES, Dtype, Effect, Function, Kind, Role, Scale
from trainlint.knowledge.library import lookup
from trainlint.program.events import Forward, LayerCall
from trainlint.program.interpreter import oversights, shapes, tracing
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.operators import arithmetic, as_tensor, either_graph
from trainlint.program.joins import join
from trainlint.program.traces import Trace
from trainlint.program.values import NONE, Data, Deps, Known, Library, Sequence, Tensor, Unknown, Value, sequence
from trainlint.source import ir

_PURE = Tensor(graph=False)


def apply_function(machine: Machine, name: str, fact: Function, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    """The result of a tensor function whose first argument is the subject; the arguments are all others, or all."""
    tensor = None if subject is None else as_tensor(subject)
    if tensor is None:
        cut = isinstance(subject, Unknown) and subject.cut
        tensor = Tensor(subject.deps if subject is not None else NONE, False if cut or isinstance(subject, Known) else None)
    value = (
        _arithmetic(machine, name, fact, tensor, subject, arguments, node)
        if fact.effect is Effect.ARITHMETIC
        else _EFFECTS[fact.effect](machine, fact, tensor, subject, arguments, node)
    )
    if isinstance(value, Tensor) and (tensor.shape is not None or fact.effect in _SIZED):
        shape = shapes.of_function(name, fact, tensor, arguments, value)
        if shape != value.shape:
            value = replace(value, shape=shape)
    if fact.indices is not None and _gives_pair(fact, arguments):
        if fact.indices != "*":
            machine.decide(tensor.deps)
        ids = Tensor(value.deps, graph=False, kind=Kind.CLASS_IDS, kind_node=node, trace=Trace(discrete=node))
        return sequence("tuple", (value, ids))
    if fact.first:
        return sequence("tuple", (value, Unknown(value.deps)))
    if isinstance(value, Tensor) and (value.units is not None or value.axis is not None) and name.rpartition(".")[2] in _RESHAPING:
        last = arguments.positional[-1] if arguments.positional else None
        written = isinstance(last, Known) and last.value == value.units and len(arguments.positional) > 1
        return replace(value, units=value.units if written else None, axis=None)
    return value


_SIZED = {Effect.FRESH, Effect.CLASS_IDS, Effect.KEEP, Effect.CUT, Effect.TENSOR, Effect.UNIT}
"""What may give a tensor sizes that its subject does not have."""
_RESHAPING = {
    "view", "reshape", "flatten", "squeeze", "unsqueeze", "transpose", "permute", "t", "unflatten", "expand", "repeat", "swapaxes",
    "movedim", "view_as", "reshape_as", "unbind", "chunk", "split", "gather", "index_select", "ravel", "T", "resize",
}  # fmt: skip


def transfer_attribute(owner: Tensor, effect: Effect, node: ir.Node) -> Value:
    """An attribute of a tensor that is a tensor again: `.data`, `.T`."""
    if effect is Effect.CUT:
        if owner.made == "packed":
            return replace(owner, made=None)
        note_cut(owner)
        return replace(owner, graph=False, parameter=None, made="weights", cut=cut_at(owner, node))
    if effect is Effect.KEEP:
        return replace(owner, units=None, axis=None)
    return Unknown(owner.deps, cut=True)


def scattered(tensor: Tensor, arguments: Arguments, node: ir.Expr) -> Tensor | None:
    """`zeros.scatter_(1, ids, 1)`: one-hot rows."""
    ids = next((value for value in arguments.values() if isinstance(value, Tensor) and value.kind is Kind.CLASS_IDS), None)
    if tensor.made != "zeros" or ids is None:
        return None
    return Tensor(ids.deps, graph=False, kind=Kind.ONE_HOT, kind_node=node)


def _gives_pair(fact: Function, arguments: Arguments) -> bool:
    if fact.indices == "*":
        return True
    given = arguments.get(fact.indices or "", fact.parameters)
    return given is not None and not isinstance(given, Tensor) and not (isinstance(given, Known) and given.value is None)


def _keep(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(subject, Unknown):
        # Still something of which only the origin is known: `images.to(device)`.
        return replace(subject, cells={}, owner=subject.owner or subject)
    extra = _rest(arguments, subject)
    if extra:
        tensor = replace(tensor, deps=tensor.deps | extra)
        if any(_is_sampled(value) for value in arguments.values()):
            tensor = _of_samples(tensor)
    if tensor.scale is Scale.RAW and fact.dtype is not None and is_float(arguments.get(fact.dtype, fact.parameters)):
        tensor = replace(tensor, scale=Scale.RAW_FLOAT)
    return replace(tensor, parameter=None) if tensor.parameter is not None else tensor


def _is_sampled(value: Value) -> bool:
    return isinstance(value, Tensor) and value.made == "sampled"


def _of_samples(tensor: Tensor) -> Tensor:
    """The probabilities of what was drawn by them: what has none is never drawn."""
    zero = tensor.kind in {Kind.SOFTMAX, Kind.SIGMOID} or (tensor.trace is not None and tensor.trace.zero is not None)
    return replace(tensor, kind=None, kind_node=None, trace=None) if zero else tensor


def _rest(arguments: Arguments, subject: Value | None) -> Deps:
    deps = NONE
    for value in arguments.values():
        if value is not subject and (more := value.deps):
            deps = deps | more
    return deps


def is_float(dtype: Value | None) -> bool:
    """Whether an argument names a type of floating-point numbers."""
    fact = lookup(dtype.name) if isinstance(dtype, Library) else None
    named = dtype.value if isinstance(dtype, Known) else None
    return (isinstance(fact, Dtype) and fact.kind == "float") or (isinstance(named, str) and named.startswith("float"))


def _raw_float(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(subject, Unknown):
        return _keep(machine, fact, tensor, subject, arguments, node)
    if fact.dtype is not None and (dtype := arguments.get(fact.dtype, fact.parameters)) is not None and not is_float(dtype):
        return _keep(machine, fact, tensor, subject, arguments, node)
    scaled = arguments.get(fact.scale, fact.parameters) if fact.scale is not None else None
    if isinstance(scaled, Known) and scaled.value is True:
        return _unit(machine, fact, tensor, subject, arguments, node)
    return replace(tensor, scale=Scale.RAW_FLOAT if tensor.scale is Scale.RAW else tensor.scale, parameter=None)


def note_cut(tensor: Tensor) -> None:
    """Records that tensors which came out of these forward passes go on without their graph."""
    if tensor.graph is not False:
        for event in tensor.deps:
            if type(event) is Forward:
                event.cut = True


def cut_at(tensor: Tensor, node: ir.Node) -> ir.Node | None:
    """Where the tensor loses its graph, if this is the place, or it has lost it before."""
    return node if tensor.graph is not False else tensor.cut


def _pack(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    return replace(tensor, made="packed", parameter=None)


def _tensor(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(subject, Sequence):
        collected = _collected(subject)
        return replace(collected, graph=False, cut=cut_at(collected, node))
    if isinstance(subject, Known):
        return Tensor(graph=False)
    return replace(tensor, number=False) if isinstance(subject, Tensor) else Tensor(tensor.deps, None)


def _parameter(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    return Tensor(graph=True, made="parameter")


def _cut(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    note_cut(tensor)
    volatile = arguments.keywords.get("volatile")
    made = "volatile" if isinstance(volatile, Known) and volatile.value is True else tensor.made
    trained = arguments.get("requires_grad", fact.parameters)
    if isinstance(trained, Known) and trained.value is True and not any(type(event) is Forward for event in tensor.deps):
        return Tensor(tensor.deps, graph=True, made="parameter")
    return replace(tensor, graph=False, parameter=None, made=made, cut=cut_at(tensor, node))


def _array(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(subject, Sequence):
        tensor = _collected(subject)
    note_cut(tensor)
    return replace(tensor, graph=False, parameter=None, number=False, cut=cut_at(tensor, node))


def _activate(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    axis = arguments.get(fact.axis, fact.parameters) if fact.axis is not None else None
    number = axis.value if isinstance(axis, Known) and isinstance(axis.value, int) else None
    if fact.axis is not None and (axis is None or (isinstance(axis, Known) and axis.value is None)) and not arguments.open:
        number = implicit_axis(tensor)
    output = activated(tensor, fact.kind, node, number)
    note_layer(machine, node, Role.ACTIVATION, tensor, output, node, argument=_place_of(subject, arguments, node))
    return output


def _place_of(subject: Value | None, arguments: Arguments, node: ir.Expr) -> ir.Node | None:
    """Where what a function is applied to stands: among its arguments, or before the dot of a method."""
    places = (
        *zip(arguments.positional, arguments.nodes, strict=False),
        *((arguments.keywords[k], n) for k, n in arguments.keyword_nodes.items()),
    )
    place = next((place for value, place in places if value is subject), None)
    if place is None and isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute):
        place = node.function.value
    return place if place is not node else None


def activated(tensor: Tensor, kind: Kind | None, node: ir.Node, axis: int | None = None) -> Tensor:
    """The output of a parameter-free activation."""
    return Tensor(
        tensor.deps,
        tensor.graph,
        kind,
        node if kind is not None else None,
        axis,
        tensor.units,
        dropout=tensor.dropout,
        trace=tracing.of_activation(tensor, kind),
        shape=tensor.shape,
    )


def implicit_axis(tensor: Tensor) -> int | None:
    """The axis of a softmax that is given none: torch takes the first one of three, and of one, else the second."""
    return None if tensor.shape is None else 0 if len(tensor.shape) in {0, 1, 3} else 1


def _mix(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    return replace(tensor, kind=None, kind_node=None, units=None, parameter=None)


def _note_inner_dropout(machine: Machine, fact: Function, tensor: Tensor, arguments: Arguments, node: ir.Expr) -> None:
    """`scaled_dot_product_attention(…, dropout_p=0.1)`, which drops in every mode."""
    probability = arguments.get(fact.probability or "", fact.parameters)
    if (
        machine.forward is None
        or not isinstance(probability, Known)
        or not isinstance(probability.value, int | float)
        or not probability.value
    ):
        return
    if not oversights.reads_mode(machine) and not oversights.follows_mode(
        machine, node, arguments.place(fact.probability or "", fact.parameters)
    ):
        note_layer(machine, node, Role.OTHER, tensor, tensor, node).drops = True


_LOGS = {Kind.SOFTMAX: Kind.LOG_SOFTMAX, Kind.SIGMOID: Kind.LOG_SIGMOID}
_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def _arithmetic(
    machine: Machine, name: str, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr
) -> Value:
    others = [value for value in arguments.values() if value is not subject]
    if fact.operation in _SIGNS and len(others) == 1 and subject is not None:
        return arithmetic(machine, node, _SIGNS[fact.operation], tensor if isinstance(subject, Tensor) else subject, others[0])
    if fact.probability is not None and fact.mode is None:
        _note_inner_dropout(machine, fact, tensor, arguments, node)
    if fact.operation == "exp" and tensor.kind is Kind.LOG_SOFTMAX:
        return replace(tensor, kind=Kind.SOFTMAX, kind_node=node)
    deps, graph = tensor.deps, tensor.graph
    for value in others:
        deps = deps | value.deps
        other = value.graph if isinstance(value, Tensor) else None if isinstance(value, Unknown) and not value.cut else False
        graph = either_graph(graph, other)
    trace, singular = tracing.of_function(machine, name, fact, tensor, subject, arguments, node, graph=graph)
    kind = _LOGS.get(tensor.kind) if fact.operation == "log" and tensor.kind is not None else None
    if kind is not None:
        return Tensor(deps | singular, graph, kind, node, tensor.axis, tensor.units, trace=trace or tensor.trace)
    return Tensor(deps | singular, graph, trace=trace, cut=tensor.cut if graph is False else None)


def _number(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    machine.score(tensor.deps)
    return Tensor(tensor.deps, graph=False, number=True, cut=cut_at(tensor, node))


def _form(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    return Unknown(cut=True)


def _discrete(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    others = _rest(arguments, subject)
    deps = tensor.deps | others
    if fact.operation == "compare" and others and tensor.deps:
        machine.score(deps)
    if fact.kind is Kind.CLASS_IDS:
        machine.decide(tensor.deps)
    trace = Trace(discrete=node) if fact.operation != "finite" else None
    made = "sampled" if fact.operation == "sample" else None
    return Tensor(deps, graph=False, kind=fact.kind, kind_node=node if fact.kind is not None else None, trace=trace, made=made)


def _weigh(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    weights = _rest(arguments, subject)
    weight = arguments.get("weight", fact.parameters)
    graph = tensor.graph if isinstance(weight, Tensor) and weight.graph is False else True
    output = Tensor(tensor.deps | weights, graph, Kind.AFFINE, node)
    note_layer(machine, node, Role.LINEAR, tensor, output, node)
    return output


def _embed(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    return Tensor(tensor.deps | _rest(arguments, subject), True)


def _normalize(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    output = Tensor(tensor.deps, tensor.graph, scale=Scale.CENTRED, scale_node=node)
    note_layer(machine, node, Role.NORM, tensor, output, node)
    return output


def _batch_norm(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    output = Tensor(tensor.deps, tensor.graph)
    note_layer(machine, node, Role.BATCH_NORM, tensor, output, node)
    return output


def _dropout(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    probability = arguments.get("p", fact.parameters)
    if probability is None and fact.probability is not None:
        probability = arguments.get(fact.probability, fact.parameters)
    training = arguments.get(fact.mode, fact.parameters) if fact.mode is not None else None
    off = (isinstance(probability, Known) and probability.value == 0) or (
        isinstance(training, Known) and training.value is False and not training.soft
    )
    output = tensor if off else replace(tensor, dropout=node, parameter=None)
    if not off or (isinstance(probability, Known) and probability.soft):
        drops = fact.mode_default if fact.mode is not None and training is None else None
        place = arguments.place(fact.probability or "p", fact.parameters)
        if drops is not None and (machine.forward is None or arguments.open or oversights.follows_mode(machine, node, place)):
            drops = None
        note_layer(machine, node, Role.DROPOUT, tensor, output, node).drops = drops
    return output


def _collect(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    if isinstance(subject, Sequence):
        return _collected(subject)
    return Tensor(arguments.deps if subject is None else subject.deps, tensor.graph)


def _collected(items: Sequence) -> Tensor:
    tensors = [as_tensor(item) for item in items.items]
    deps = items.deps
    if tensors and all(tensor is not None for tensor in tensors):
        joined = join(tensors)
        assert isinstance(joined, Tensor)
        graph = True if any(tensor.graph for tensor in tensors if tensor) else joined.graph
        # Channels of an image that nothing has scaled stay so beside a mask or a code.
        raw = next((tensor for tensor in tensors if tensor and tensor.scale in RAW_SCALES), joined)
        return replace(joined, deps=deps, graph=graph, units=None, dropout=None, shape=None, scale=raw.scale, scale_node=raw.scale_node)
    graph = (
        False if items.items and all(isinstance(item, Known) or (isinstance(item, Unknown) and item.cut) for item in items.items) else None
    )
    return Tensor(deps, graph)


def _fresh(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    trained = arguments.keywords.get("requires_grad")
    if isinstance(trained, Known) and trained.value is True:
        return Tensor(graph=True, made="parameter")
    return _PURE if fact.operation is None else Tensor(graph=False, made=fact.operation)


def _class_ids(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    bound = arguments.get(fact.count, fact.parameters) if fact.count is not None else None
    values = [value.value for value in arguments.positional if isinstance(value, Known) and isinstance(value.value, int)]
    low = arguments.get("low", fact.parameters)
    if bound is None or not isinstance(bound, Known) or not isinstance(bound.value, int):
        # With one number, that is the bound.
        bound, low = (arguments.positional[0] if len(values) == 1 else None), Known(0)
    low = low or Known(0)
    count = bound.value if isinstance(bound, Known) and isinstance(bound.value, int) else None
    if not (isinstance(low, Known) and low.value == 0):
        count = None
    return Tensor(graph=False, kind=Kind.CLASS_IDS, kind_node=node, classes=count)


def _one_hot(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    count = arguments.get(fact.count, fact.parameters) if fact.count is not None else None
    units = count.value if isinstance(count, Known) and isinstance(count.value, int) and count.value > 0 else tensor.classes
    return Tensor(tensor.deps, graph=False, kind=Kind.ONE_HOT, kind_node=node, units=units)


def _raw_image(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    trace = tensor.trace if tensor.trace is not None and tensor.trace.steps is not None else Trace(steps=())
    return Tensor(graph=False, scale=Scale.RAW, scale_node=node, trace=trace)


def _unit(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    return replace(tensor, scale=Scale.UNIT, scale_node=node, graph=False) if tensor.scale in {Scale.RAW, None} else tensor


def _centre(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    trace = tensor.trace
    if trace is not None and trace.steps is not None:
        known = "mean" in fact.parameters
        trace = Trace(steps=(*trace.steps, Data(node, fact, arguments.bind(fact.parameters)))) if known else None
    return replace(tensor, scale=Scale.CENTRED, scale_node=node, trace=trace)


def _fill(machine: Machine, fact: Function, tensor: Tensor, subject: Value | None, arguments: Arguments, node: ir.Expr) -> Value:
    return replace(tensor, kind=None, kind_node=None, parameter=tensor.parameter, trace=None)


_EFFECTS = {
    Effect.KEEP: _keep,
    Effect.CUT: _cut,
    Effect.ARRAY: _array,
    Effect.ACTIVATE: _activate,
    Effect.MIX: _mix,
    Effect.NUMBER: _number,
    Effect.FORM: _form,
    Effect.DISCRETE: _discrete,
    Effect.WEIGH: _weigh,
    Effect.EMBED: _embed,
    Effect.NORMALIZE: _normalize,
    Effect.BATCH_NORM: _batch_norm,
    Effect.DROPOUT: _dropout,
    Effect.COLLECT: _collect,
    Effect.FRESH: _fresh,
    Effect.CLASS_IDS: _class_ids,
    Effect.ONE_HOT: _one_hot,
    Effect.RAW_IMAGE: _raw_image,
    Effect.RAW_FLOAT: _raw_float,
    Effect.PACK: _pack,
    Effect.TENSOR: _tensor,
    Effect.PARAMETER: _parameter,
    Effect.GRADIENT: _cut,
    Effect.UNIT: _unit,
    Effect.CENTRE: _centre,
    Effect.IN_PLACE_FILL: _fill,
}


def note_layer(
    machine: Machine,
    node: ir.Node,
    role: Role,
    before: Value,
    after: Value,
    defined: ir.Node,
    layer: Value | None = None,
    argument: ir.Node | None = None,
) -> LayerCall:
    """Records that a layer, or a function like one, was applied inside a network or around it."""
    call = machine.emit(LayerCall(node, layer=layer, role=role, input=before, output=after, defined=defined, argument=argument))
    if machine.forward is not None:
        machine.forward.layers.append(call)
    return call


def select(tensor: Tensor, node: ir.Subscript, index: Value) -> Value:
    """`tensor[index]`: rows keep what every row has; a column, or an element, does not sum to 1 any more."""
    if tensor.made == "eye" and isinstance(index, Tensor) and index.kind is Kind.CLASS_IDS:
        return Tensor(index.deps, graph=False, kind=Kind.ONE_HOT, kind_node=node)
    rows_only = isinstance(node.index, ir.Slice) or (isinstance(index, Tensor | Unknown) and not isinstance(node.index, ir.Sequence))
    picked = replace(tensor, parameter=None) if rows_only else tracing.row(tensor)
    if _is_sampled(index):
        picked = _of_samples(picked)
    shape = shapes.selected(tensor.shape, node.index)
    if index.deps or shape != picked.shape:
        picked = replace(picked, deps=picked.deps | index.deps, shape=shape)
    return picked
