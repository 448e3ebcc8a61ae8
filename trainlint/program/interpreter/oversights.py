"""Statements and constructions that have no effect, or another than meant: noted where they happen, judged by rules."""

from typing import cast

from trainlint.bindings.usage import path_of
from trainlint.knowledge.facts import Effect, Fact, Function, Scale
from trainlint.knowledge.library import lookup, method
from trainlint.program.events import Discarded, Forward, LossBuilt, Repeated, Unread, Unregistered
from trainlint.program.interpreter import acts
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import Either, Known, Library, Mapping, Method, Object, Sequence, Tensor, Value
from trainlint.source import ir
from trainlint.source.walk import children, descendants

# Results that nobody gets -----------------------------------------------------------------------------------------------

_PURE = {Effect.KEEP, Effect.CUT, Effect.PACK, Effect.ACTIVATE, Effect.MIX, Effect.DROPOUT, Effect.NORMALIZE, Effect.ARITHMETIC}
_IN_PLACE_FOR_ARRAYS = {"sort", "resize", "partition", "byteswap", "fill", "put", "itemset", "setflags"}


def note_discarded(machine: Machine, function: Value, arguments: Arguments, result: Value, node: ir.Expr) -> None:
    """A call of a pure tensor operation as a statement."""
    if (
        not isinstance(result, Tensor)
        or result.number
        or arguments.keywords.keys() & {"out", "dst"}
        or (machine.scope.function is None and not machine.loops)
    ):
        return
    if isinstance(function, Method) and isinstance(function.function, str) and isinstance(function.receiver, Tensor):
        name, fact = function.function, cast("Fact | None", method(function.function))
        if name.endswith("_") or name in _IN_PLACE_FOR_ARRAYS or function.receiver.number:
            return
    elif isinstance(function, Library):
        # Functions that compute are called for nothing in benchmarks and warm-ups.
        name, fact = function.name, lookup(function.name)
        if name.endswith("_") or name.startswith("numpy.") or (isinstance(fact, Function) and fact.effect is Effect.ARITHMETIC):
            return
    else:
        return
    if isinstance(fact, Function) and fact.effect in _PURE and not arguments.keywords.get("inplace"):
        machine.emit(Discarded(node, operation=name.rpartition(".")[2], subject=_subject(function, arguments, node)))


def _subject(function: Value, arguments: Arguments, node: ir.Expr) -> ir.Expr | None:
    if isinstance(function, Method):
        return node.function.value if isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute) else None
    return arguments.nodes[0] if arguments.nodes else None


# Normalized copies that nothing reads -----------------------------------------------------------------------------------


def note_unread(machine: Machine, node: ir.Assign, value: Value) -> None:
    """`normalized = (x - mean) / std`, after which `x` goes on and nothing reads `normalized`."""
    function = machine.scope.function
    if not isinstance(function, ir.FunctionDef) or len(node.targets) != 1 or not isinstance(target := node.targets[0], ir.Name):
        return
    raw = _normalized(node.value, value)
    if raw is None or raw.id == target.id or target.id in _names_read(function):
        return
    call = _call_after(function, node, raw.id)
    if call is not None:
        machine.emit(Unread(node, variable=target.id, raw=call))


def _normalized(expression: ir.Expr, value: Value) -> ir.Name | None:
    """The variable that an expression normalizes."""
    source: ir.Expr | None = None
    if isinstance(expression, ir.BinaryOperation):
        left = expression.left
        if expression.operator == "/" and isinstance(left, ir.BinaryOperation) and left.operator == "-":
            source = left.left
        elif isinstance(value, Tensor) and value.scale is Scale.UNIT and value.scale_node is expression:
            source = left
    elif isinstance(expression, ir.Call) and isinstance(value, Tensor) and value.scale is Scale.CENTRED and expression.arguments:
        source = expression.arguments[0].value
    return source if isinstance(source, ir.Name) else None


def _names_read(function: ir.FunctionDef) -> frozenset[str]:
    """The variables that a function reads, those of functions inside it included."""
    written = {
        id(target)
        for node in descendants(function.body)
        for target in (node.targets if isinstance(node, ir.Assign) else (node.target,) if isinstance(node, ir.For) else ())
    }
    return frozenset(node.id for node in descendants(function.body) if isinstance(node, ir.Name) and id(node) not in written)


def _call_after(function: ir.FunctionDef, statement: ir.Node, name: str) -> ir.Expr | None:
    """The first argument after the statement, in a statement of its own kind, that is the variable, if nothing assigns it before."""
    found = False
    stack: list[ir.Node] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        if node is statement:
            found = True
            continue
        if found and isinstance(node, ir.Assign) and any(isinstance(target, ir.Name) and target.id == name for target in node.targets):
            return None
        if found and isinstance(node, ir.Assign | ir.Expression | ir.Return) and node.value is not None and _normalizes(node.value):
            continue
        if found and isinstance(node, ir.Call):
            for argument in node.arguments:
                if isinstance(argument.value, ir.Name) and argument.value.id == name:
                    return argument.value
        stack.extend(reversed(children(node)))
    return None


def _normalizes(expression: ir.Expr) -> bool:
    """Whether it is another normalization, which may use the variable for its form alone."""
    return (
        isinstance(expression, ir.BinaryOperation)
        and expression.operator == "/"
        and isinstance(expression.left, ir.BinaryOperation)
        and expression.left.operator == "-"
    )


# Constructions ----------------------------------------------------------------------------------------------------------


def note_repeated(machine: Machine, node: ir.Node, left: Sequence, times: Value) -> None:
    """`[layer] * n`."""
    if not isinstance(node, ir.BinaryOperation) or not isinstance(node.left, ir.Sequence):
        return
    if isinstance(times, Known) and times.value == 1:
        return
    for value in left.items:
        if isinstance(value, Object) and value.module and any(value.node is item for item in node.left.items):
            machine.emit(Repeated(node, layer=value))


def note_loss_built(machine: Machine, loss: Object, arguments: Arguments, node: ir.Expr) -> None:
    """`nn.CrossEntropyLoss(outputs, labels)`."""
    tensors = [value for value in arguments.positional if isinstance(value, Tensor) and not value.number]
    if not tensors or not arguments.nodes:
        return
    if any(type(event) is Forward for event in tensors[0].deps) and tensors[0].graph is not False and len(arguments.positional) > 1:
        machine.emit(LossBuilt(node, loss=loss, argument=arguments.nodes[0]))


def note_unregistered(machine: Machine, network: Object, arguments: Arguments) -> None:
    """The modules that a network has just built and keeps in plain lists and dicts, and nowhere else."""
    plain = {
        key: value
        for key, value in network.cells.items()
        if isinstance(value, Sequence | Mapping) and isinstance(key, str) and not key.startswith("<")
    }
    if not plain:
        return
    seen = _registered(network)
    given = acts.reachable(arguments.values())
    for attribute, holder in plain.items():
        if isinstance(holder, Sequence) and len(holder.items) == 1 and not holder.open:
            # `self.teacher = [teacher]` hides a network on purpose.
            continue
        held = _held(holder)
        if any(id(module) in seen for module in held):
            # A menu, from which one was taken.
            continue
        hidden = [module for module in held if module not in given and not acts.is_frozen(machine, module)]
        if hidden:
            machine.emit(Unregistered(network.node, network=network, attribute=attribute, modules=tuple(hidden)))


def _registered(network: Object) -> set[int]:
    """The modules that `parameters()` sees."""
    seen: set[int] = set()
    stack: list[Value] = [network]
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Object) and value.module:
            stack.extend(each for key, each in value.cells.items() if key != "<owner>" and isinstance(each, Object | Either))
        elif isinstance(value, Either):
            stack.extend(value.options)
    return seen


def _held(holder: Value) -> list[Object]:
    found: list[Object] = []
    stack: list[tuple[Value, int]] = [(holder, 0)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, Object) and value.module:
            found.append(value)
        elif depth < 3 and isinstance(value, Sequence):
            stack.extend((each, depth + 1) for each in reversed(value.items))
        elif depth < 3 and isinstance(value, Mapping):
            stack.extend((each, depth + 1) for each in value.cells.values() if isinstance(each, Value))
    return found


# Dropout that is not told the mode ------------------------------------------------------------------------------------------


def follows_mode(machine: Machine, node: ir.Expr, probability: ir.Expr | None) -> bool:
    """Whether the code around a dropout function may switch it by itself: a branch on `training`, or on a flag of its own."""
    for frame in machine.frames:
        function = frame.scope.function
        if isinstance(function, ir.FunctionDef) and _tests_mode(function):
            return True
    function = machine.scope.function
    if not isinstance(function, ir.FunctionDef):
        return True
    allowed = _paths(probability) if probability is not None else set()
    return any(not _paths(test) <= allowed for test in _tests_around(function, node))


def _tests_mode(function: ir.FunctionDef) -> bool:
    tests = (node.test for node in descendants(function.body) if isinstance(node, ir.If | ir.IfExpression))
    return any(isinstance(inner, ir.Attribute) and inner.attr == "training" for test in tests for inner in descendants((test,)))


def reads_mode(machine: Machine) -> bool:
    """Whether any function that is running reads the mode of a network."""
    functions = (frame.scope.function for frame in machine.frames)
    return any(
        isinstance(node, ir.Attribute) and node.attr == "training"
        for function in functions
        if isinstance(function, ir.FunctionDef)
        for node in descendants(function.body)
    )


def builds_once(machine: Machine, node: ir.Expr) -> bool:
    """Whether a construction inside a forward pass may happen once, or in training alone: `if self.layer is None`."""
    function = machine.scope.function
    if not isinstance(function, ir.FunctionDef):
        return False
    for test in _tests_around(function, node):
        for inner in descendants((test,)):
            if isinstance(inner, ir.Comparison) and set(inner.operators) & {"is", "is not", "in", "not in"}:
                return True
            if isinstance(inner, ir.UnaryOperation) and inner.operator == "not":
                return True
            if isinstance(inner, ir.Attribute) and inner.attr == "training":
                return True
            if isinstance(inner, ir.Call) and isinstance(inner.function, ir.Name) and inner.function.id == "hasattr":
                return True
    return False


def _paths(expression: ir.Expr) -> set[str]:
    found: set[str] = set()
    stack: list[ir.Node] = [expression]
    while stack:
        node = stack.pop()
        path = path_of(node) if isinstance(node, ir.Expr) else None
        if path is not None:
            found.add(path)
        else:
            stack.extend(children(node))
    return found


def _tests_around(function: ir.FunctionDef, node: ir.Expr) -> list[ir.Expr]:
    """The conditions of the branches of the function in which the node stands."""

    def search(inside: ir.Node) -> list[ir.Expr] | None:
        if inside is node:
            return []
        for child in children(inside):
            if (found := search(child)) is not None:
                if isinstance(inside, ir.If | ir.IfExpression | ir.While) and child is not inside.test:
                    return [inside.test, *found]
                return found
        return None

    for statement in function.body:
        if (found := search(statement)) is not None:
            return found
    return []
