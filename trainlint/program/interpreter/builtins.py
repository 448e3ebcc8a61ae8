"""Python's builtin functions, as far as training programs use them on values that matter."""

import builtins
from collections.abc import Callable
from dataclasses import replace

from trainlint.program.interpreter import acts
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import (
    NOTHING,
    Class,
    Either,
    Iteration,
    Known,
    Library,
    Mapping,
    Object,
    Optimizer,
    Parameters,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from trainlint.source import ir

Builtin = Callable[[Machine, Arguments, ir.Expr], Value]


def _iteration(kind: str) -> Builtin:
    def make(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
        return Iteration(kind, arguments.positional, node) if arguments.positional else Unknown(arguments.deps)

    return make


def _zip(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    first, *others = arguments.positional or (None,)
    if isinstance(first, Sequence) and others and all(other is first for other in others):
        # `zip(*rows)`, where all rows are alike: the columns.
        return sequence("tuple", tuple(sequence("tuple", (item,) * len(arguments.positional), more="repeated") for item in first.items))
    return _iteration("zip")(machine, arguments, node)


def _first(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    return arguments.positional[0] if arguments.positional else Unknown(arguments.deps)


def _number(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    if not arguments.positional:
        return Known(0)
    value = arguments.positional[0]
    machine.score(value.deps)
    if isinstance(value, Known):
        if value.value in {"inf", "-inf", "nan"}:
            return Known(float(value.value), value.soft)
        return value if isinstance(value.value, int | float | bool) else Unknown(value.deps, cut=True)
    cut = (value.cut if value.graph is False else node) if isinstance(value, Tensor) else None
    return Tensor(value.deps, graph=False, number=True, cut=cut)


def _extreme(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    return Tensor(arguments.deps, None, number=False) if arguments.deps else Unknown(cut=True)


def _sum(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    value = arguments.positional[0] if arguments.positional else NOTHING
    if isinstance(value, Sequence) and value.items:
        tensors = [item for item in value.items if isinstance(item, Tensor)]
        if len(tensors) == len(value.items):
            graph = True if any(tensor.graph for tensor in tensors) else None if any(tensor.graph is None for tensor in tensors) else False
            return Tensor(value.deps, graph, number=all(tensor.number for tensor in tensors))
    return Tensor(arguments.deps, None) if arguments.deps else Unknown(cut=True)


def _list(kind: str) -> Builtin:
    def make(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
        if not arguments.positional:
            return sequence(kind, (), born=machine.loops)  # type: ignore[arg-type]
        from trainlint.program.interpreter.iteration import consume

        value = arguments.positional[0]
        consume(machine, value, node)
        if isinstance(value, Sequence):
            return sequence(kind, value.items, more=value.open, born=machine.loops)  # type: ignore[arg-type]
        if isinstance(value, Parameters | Iteration):
            return sequence(kind, (value,), born=machine.loops) if isinstance(value, Parameters) else _drawn(machine, kind, value)  # type: ignore[arg-type]
        return Unknown(value.deps, holds=_held(value))

    return make


def _drawn(machine: Machine, kind: str, value: Iteration) -> Value:
    from trainlint.program.interpreter.iteration import element, unrolled

    if len(value.sources) == 1 and isinstance(value.sources[0], Parameters):
        return sequence("list", (value.sources[0],), born=machine.loops)
    items = unrolled(value)
    if items is not None:
        return sequence(kind, items, born=machine.loops)  # type: ignore[arg-type]
    return sequence(kind, (element(machine, value, None),), more=True, born=machine.loops)  # type: ignore[arg-type]


def _held(value: Value) -> frozenset[Value]:
    return value.holds if isinstance(value, Unknown) else frozenset()


def _dict(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    mapping = Mapping(dict(arguments.keywords), open=arguments.open, born=machine.loops)
    mapping.cells.pop("**", None)
    for value in arguments.positional:
        if isinstance(value, Mapping):
            mapping.cells.update({**value.cells, **mapping.cells})
            mapping.open |= value.open
        elif isinstance(value, Sequence) and all(isinstance(pair, Sequence) and len(pair.items) == 2 for pair in value.items):
            pairs = [pair.items for pair in value.items if isinstance(pair, Sequence)]
            mapping.cells.update({key.value: each for key, each in pairs if isinstance(key, Known) and isinstance(key.value, str | int)})
            mapping.open |= value.open or len(mapping.cells) < len(pairs)
        else:
            mapping.open = True
    return mapping


def default_dict(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    """`collections.defaultdict`."""
    rest = replace(arguments, positional=arguments.positional[1:], nodes=arguments.nodes[1:])
    mapping = _dict(machine, rest, node)
    if isinstance(mapping, Mapping) and arguments.positional:
        mapping.default = arguments.positional[0]
    return mapping


def _len(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    value = arguments.positional[0] if arguments.positional else NOTHING
    if isinstance(value, Sequence) and not value.open:
        return Known(len(value.items))
    return Tensor(graph=False, number=True)


def _isinstance(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    if len(arguments.positional) == 2:
        value, wanted = arguments.positional
        choices = wanted.items if isinstance(wanted, Sequence) else (wanted,)
        answers = [_is_instance(value, choice) for choice in choices]
        if any(answers):
            return Known(value=True)
        if all(answer is False for answer in answers):
            return Known(value=False)
    return Unknown(cut=True)


def _is_instance(value: Value, wanted: Value) -> bool | None:
    if isinstance(value, Tensor) and isinstance(wanted, Library) and wanted.name == "torch.Tensor" and (value.graph or value.number):
        # What carries a graph is no array of another library.
        return not value.number
    if isinstance(value, Object) and value.cls is not None:
        if any(
            base is wanted or (isinstance(base, Library) and isinstance(wanted, Library) and base.name == wanted.name)
            for base in value.cls.mro
        ):
            return True
        return (
            None
            if not value.cls.resolved or isinstance(wanted, Unknown | Either)
            else isinstance(wanted, Class | Library) and _unrelated(value, wanted)
        )
    if isinstance(value, Object) and value.name is not None and isinstance(wanted, Library):
        if value.name == wanted.name or (value.module and wanted.name == "torch.nn.Module"):
            return True
        return (
            False if value.fact is not None and wanted.name.startswith("torch.nn.") and wanted.name.rpartition(".")[2][:1] != "_" else None
        )
    if isinstance(value, Known) and isinstance(wanted, Library) and not value.soft:
        python = getattr(builtins, wanted.name.removeprefix("builtins."), None) if wanted.name.startswith("builtins.") else None
        return isinstance(value.value, python) if isinstance(python, type) else None
    if (
        isinstance(value, Sequence)
        and isinstance(wanted, Library)
        and wanted.name in {"builtins.list", "builtins.tuple", "builtins.dict", "builtins.set"}
    ):
        return wanted.name == f"builtins.{value.kind}"
    if isinstance(value, Mapping) and isinstance(wanted, Library) and wanted.name.startswith("builtins."):
        return wanted.name == "builtins.dict"
    return None


def _unrelated(value: Object, wanted: Value) -> bool | None:
    """A class whose bases are all known is no instance of another one; a library class's own bases are not looked up."""
    assert value.cls is not None
    if isinstance(wanted, Class):
        return False
    return False if not any(True for _ in value.cls.libraries) else None


def _getattr(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    from trainlint.program.interpreter.attributes import attribute

    if len(arguments.positional) >= 2 and isinstance(name := arguments.positional[1], Known) and isinstance(name.value, str):
        place = ir.Attribute(node.chunk, node.cst, node, name.value)
        return attribute(machine, arguments.positional[0], name.value, place)
    owner = arguments.positional[0] if arguments.positional else NOTHING
    return Unknown(arguments.deps, holds=owner.holds if isinstance(owner, Unknown) else frozenset())


def _setattr(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    if len(arguments.positional) == 3:
        owner, name, value = arguments.positional
        if isinstance(owner, Tensor | Unknown) and isinstance(name, Known) and name.value == "grad":
            acts.clear(machine, owner, node)
        elif isinstance(owner, Object | Unknown):
            key = name.value if isinstance(name, Known) and isinstance(name.value, str) else f"<{len(owner.cells)}>"
            machine.write(owner.cells, key, value)
    return NOTHING


def _hasattr(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    owner, name = (*arguments.positional, NOTHING, NOTHING)[:2]
    if isinstance(owner, Object) and isinstance(name, Known) and name.value in owner.cells:
        return Known(value=True)
    return Unknown(cut=True)


def _next(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    from trainlint.program.events import Draw
    from trainlint.program.interpreter.iteration import element

    if not arguments.positional:
        return Unknown()
    source = arguments.positional[0]
    if isinstance(source, Parameters):
        return element(machine, source, None)
    return element(machine, source, machine.emit(Draw(node, source=source)))


def _globals(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    return Mapping(machine.scope.module.scope.cells, open=True)


def _print(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    return NOTHING


def _map(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    from trainlint.program.interpreter.iteration import element, unrolled

    if len(arguments.positional) < 2:
        return Unknown()
    function, *sources = arguments.positional
    known = unrolled(sources[0]) if len(sources) == 1 else None
    if known is not None:
        return sequence("list", tuple(machine.call(function, Arguments((each,), {}, (node,)), node) for each in known), born=machine.loops)
    items = tuple(element(machine, source, None) for source in sources)
    result = machine.call(function, Arguments(items, {}, tuple(node for _ in items)), node)
    return sequence("list", (result,), more=True, born=machine.loops)


def _filter(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    value = arguments.positional[-1] if arguments.positional else NOTHING
    from trainlint.program.interpreter.iteration import consume

    consume(machine, value, node)
    if isinstance(value, Parameters):
        return Parameters(value.modules, complete=False, once=True)
    return replace(value) if isinstance(value, Iteration) else value


def _type(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    value = arguments.positional[0] if arguments.positional else NOTHING
    return value.cls if isinstance(value, Object) and value.cls is not None else Unknown(cut=True)


def _super(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    return Unknown()


def _vars(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    value = arguments.positional[0] if arguments.positional else NOTHING
    return Mapping(dict(value.cells), open=True) if isinstance(value, Object) else Unknown()


def _cut(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    return Unknown(arguments.deps, cut=True)


def _anything(machine: Machine, arguments: Arguments, node: ir.Expr) -> Value:
    return Unknown(arguments.deps, holds=frozenset(value for value in arguments.values() if isinstance(value, Optimizer)))


BUILTINS: dict[str, Builtin] = {name: _anything for name in dir(builtins) if not name.startswith("_")}
BUILTINS |= {
    "enumerate": _iteration("enumerate"),
    "zip": _zip,
    "range": _iteration("range"),
    "xrange": _iteration("range"),
    "iter": _iteration("iter"),
    "reversed": _iteration("reversed"),
    "sorted": _iteration("sorted"),
    "float": _number,
    "int": _number,
    "bool": _cut,
    "str": _cut,
    "repr": _cut,
    "format": _cut,
    "round": _number,
    "abs": _extreme,
    "max": _extreme,
    "min": _extreme,
    "sum": _sum,
    "list": _list("list"),
    "tuple": _list("tuple"),
    "set": _list("set"),
    "dict": _dict,
    "len": _len,
    "isinstance": _isinstance,
    "getattr": _getattr,
    "globals": _globals,
    "setattr": _setattr,
    "hasattr": _hasattr,
    "next": _next,
    "print": _print,
    "map": _map,
    "filter": _filter,
    "type": _type,
    "super": _super,
    "vars": _vars,
    "id": _cut,
    "open": _cut,
    "unicode": _cut,
}
STANDARD: dict[str, Builtin] = {**BUILTINS, "defaultdict": default_dict}
"""What aliases may stand for: builtins, and containers of the standard library."""
