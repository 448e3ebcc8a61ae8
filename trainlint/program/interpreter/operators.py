"""Arithmetic, comparison and boolean operators."""

import operator
from dataclasses import replace
from typing import Any

from trainlint.knowledge.facts import LARGEST, RAW_SCALES, Kind, Scale
from trainlint.program.events import ConstantTerm, Doubled, Forward, LossComputed, Rescaled, Retain
from trainlint.program.interpreter import acts, oversights, shapes, tracing
from trainlint.program.interpreter.machine import EVALUATE, Machine
from trainlint.program.interpreter.truth import is_periodic, narrow, truth
from trainlint.program.joins import one_of
from trainlint.program.traces import Trace
from trainlint.program.values import (
    MAX_NESTING,
    Class,
    Data,
    Deps,
    Either,
    Function,
    Gradient,
    Known,
    Library,
    Mapping,
    Module,
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

_NUMERIC: dict[str, Any] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
_COMPARE: dict[str, Any] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
}
_LARGE = 10**9


def _binary(machine: Machine, node: ir.BinaryOperation) -> Value:
    left, right = machine.evaluate(node.left), machine.evaluate(node.right)
    if node.operator == "+":
        note_retention(machine, node, left, right)
    return binary(machine, node, node.operator, left, right)


def binary(machine: Machine, node: ir.Node, sign: str, left: Value, right: Value) -> Value:
    """`left sign right`."""
    if isinstance(left, Known) and isinstance(right, Known):
        return _fold(sign, left, right)
    if isinstance(left, Sequence):
        if sign == "+" and isinstance(right, Sequence):
            note_doubled(machine, node, left.items, right.items)
            return sequence(left.kind, left.items + right.items, more=left.open or right.open, born=machine.loops)
        if sign == "*" and left.items:
            oversights.note_repeated(machine, node, left, right)
            times = right.value if isinstance(right, Known) and isinstance(right.value, int) else 0
            return sequence(left.kind, left.items * times if 0 < times <= 8 else left.items, more=not 0 < times <= 8, born=machine.loops)
        if sign == "+":
            return sequence(left.kind, left.items, more=True, born=machine.loops)
    if isinstance(left, Library | Class) and sign == "|":
        return left
    if isinstance(left, Known) and isinstance(left.value, str):
        return Unknown(left.deps | right.deps, cut=True)
    return arithmetic(machine, node, sign, left, right)


def note_doubled(machine: Machine, node: ir.Node, items: tuple[Value, ...], more: tuple[Value, ...]) -> None:
    """Records that a list gets the parameters of a network that it holds already."""
    held = {module for item in items if isinstance(item, Parameters) and item.complete for module in item.modules}
    for item in more:
        if isinstance(item, Parameters) and item.complete and len(item.modules) == 1 and item.modules <= held:
            machine.emit(Doubled(node, module=next(iter(item.modules))))


def _fold(sign: str, left: Known, right: Known) -> Value:
    one, other = left.value, right.value
    deps, soft = left.deps | right.deps, left.soft or right.soft
    numbers = isinstance(one, int | float) and isinstance(other, int | float) and abs(one) < _LARGE and abs(other) < _LARGE
    if sign == "**" and not (numbers and abs(other) < 16):
        return Unknown(deps)
    if numbers or (isinstance(one, str) and sign == "+" and isinstance(other, str)) or (isinstance(one, tuple) and sign == "+"):
        try:
            return Known(_NUMERIC[sign](one, other), soft, deps)
        except (ArithmeticError, TypeError, KeyError, ValueError):
            return Unknown(deps)
    return Unknown(deps)


def arithmetic(machine: Machine, node: ir.Node, sign: str, left: Value, right: Value) -> Value:
    """Arithmetic on tensors, or on what may be tensors."""
    deps = left.deps | right.deps
    if isinstance(left, Gradient) or isinstance(right, Gradient):
        return _of_gradient(sign, left, right)
    one, other = as_tensor(left) or _as_loss(machine, left), as_tensor(right) or _as_loss(machine, right)
    if one is None and other is None:
        if sign == "%":
            return Tensor(deps, False if _is_cut(left) and _is_cut(right) else None, made="remainder")
        if sign in {"**", "*", "-"} and (trace := tracing.of_arithmetic(node, sign, left, right, graph=None)) is not None:
            return Tensor(deps, _graph_of(left) if _graph_of(right) is False else None, trace=trace)
        return Unknown(deps, cut=_is_cut(left) and _is_cut(right))
    graph = either_graph(one.graph if one else _graph_of(left), other.graph if other else _graph_of(right))
    number = (
        (one is None or one.number) and (other is None or other.number) and not isinstance(left, Unknown) and not isinstance(right, Unknown)
    )
    main = one or other
    assert main is not None
    if sign == "+" and graph is not False and (term := _constant_term(left, right)) is not None:
        deps |= {machine.emit(ConstantTerm(node, term=term))}
    plain = one is None or other is None
    scale, scale_node = _scale(node, sign, one, other, left, right)
    if one is not None and one.scale is Scale.UNIT and sign == "/" and isinstance(right, Known) and right.value in {255, 256}:
        machine.emit(Rescaled(node, data=one))
    kind = _kind(sign, one, other)
    classes: int | None = None
    if sign == "%" and one is not None and one.kind is Kind.CLASS_IDS and isinstance(right, Known) and isinstance(right.value, int):
        # Every n-th class belongs together: `(labels % 2).float()`.
        kind, classes = Kind.CLASS_IDS, right.value if right.value > 1 else None
    if sign == "**":
        deps |= tracing.root(machine, "", one or left, right, node)
    elif sign == "+":
        deps |= tracing.note_dead_term(machine, node, left, right)
    return Tensor(
        deps,
        graph,
        kind,
        main.kind_node if kind else None,
        main.axis if kind else None,
        main.units if plain or (one and other and one.units == other.units) else None,
        scale,
        scale_node,
        main.dropout if plain else None,
        number=number,
        trace=tracing.of_arithmetic(node, sign, left, right, graph=graph),
        shape=None if isinstance(left, Unknown) or isinstance(right, Unknown) or sign == "@" else shapes.broadcast(one, other),
        made="remainder" if sign == "%" else None,
        classes=classes,
        cut=((one and one.cut) or (other and other.cut) or None) if graph is False else None,
    )


def _of_gradient(sign: str, left: Value, right: Value) -> Value:
    """Arithmetic with the gradient of a tensor: a gradient again, or the tensor moved by it."""
    if isinstance(left, Gradient):
        return left
    if sign in {"+", "-"} and not isinstance(left, Known) and not (isinstance(left, Tensor) and left.number):
        return Tensor(left.deps, left.graph if isinstance(left, Tensor) else None, made="moved")
    return right


def _constant_term(left: Value, right: Value) -> Value | None:
    """The side of a sum that is a loss made a number, where the other side is a loss that may carry a graph."""
    for term, rest in ((left, right), (right, left)):
        other = as_tensor(rest)
        if (
            other is not None
            and not other.number
            and other.graph is not False
            and _is_loss(other)
            and all(isinstance(option, Known) or (isinstance(option, Tensor) and option.number) for option in _options(term))
            and any(isinstance(option, Tensor) and option.cut is not None and _is_loss(option) for option in _options(term))
        ):
            return term
    return None


def _options(value: Value) -> tuple[Value, ...]:
    return value.options if isinstance(value, Either) else (value,)


def _is_loss(tensor: Tensor) -> bool:
    return any(type(event) is LossComputed for event in tensor.deps)


def as_tensor(value: Value) -> Tensor | None:
    """The value, if it is a tensor on every path."""
    if isinstance(value, Either) and all(isinstance(option, Tensor) for option in value.options):
        value = one_of(value.options)
    return value if isinstance(value, Tensor) else None


def _as_loss(machine: Machine, value: Value) -> Tensor | None:
    """What is not known but that `backward` is called on it is a tensor, and carries a graph where gradients are recorded."""
    if not isinstance(value, Unknown) or value.uses is None or "backward" not in value.uses.attributes:
        return None
    return Tensor(value.deps, graph=acts.records_gradients(machine))


def _is_cut(value: Value) -> bool:
    return isinstance(value, Known) or (isinstance(value, Unknown) and value.cut)


def _graph_of(value: Value) -> bool | None:
    return False if _is_cut(value) else None


def either_graph(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - both are values, not switches
    """Whether a result computed from both carries a graph."""
    if one or other:
        return True
    return False if one is False and other is False else None


def _kind(sign: str, one: Tensor | None, other: Tensor | None) -> Kind | None:
    """Sums and multiples of unbounded numbers are unbounded; everything else forgets what the numbers stood for."""
    kinds = {tensor.kind for tensor in (one, other) if tensor is not None and not tensor.number}
    if sign in {"+", "-"} and Kind.AFFINE in kinds and kinds <= {Kind.AFFINE}:
        return Kind.AFFINE
    if sign in {"*", "/"} and kinds == {Kind.AFFINE} and (one is None or other is None or one.number or other.number):
        return Kind.AFFINE
    return None


_ABOUT_ONE = 2.56
"""Raw pixels that are brought below this were meant to lie in 0–1: some divide 255 by 100."""


def _scale(
    node: ir.Node, sign: str, one: Tensor | None, other: Tensor | None, left: Value, right: Value
) -> tuple[Scale | None, ir.Node | None]:
    if one is None or one.scale is None:
        if other is not None and other.scale is not None and sign in {"*", "+"} and isinstance(left, Known):
            return _scale(node, sign, other, None, right, left)
        return None, None
    factor = (
        right.value if isinstance(right, Known) and isinstance(right.value, int | float) and not isinstance(right.value, bool) else None
    )
    if sign == "/" and one.scale in RAW_SCALES:
        if factor is None:
            return None, None
        return (Scale.UNIT, node) if factor > 0 and LARGEST[one.scale] / factor <= _ABOUT_ONE else (one.scale, one.scale_node)
    if sign == "*" and one.scale in RAW_SCALES:
        if factor is None:
            return None, None
        return (Scale.UNIT, node) if 0 < abs(factor) * LARGEST[one.scale] <= _ABOUT_ONE else (one.scale, one.scale_node)
    if one.scale is Scale.UNIT and sign == "*" and factor is not None and abs(factor) >= 100:
        # Back to 0–255, on purpose.
        return None, None
    if sign == "-":
        return Scale.CENTRED, node
    if sign in {"*", "/"} and factor is not None:
        return one.scale, one.scale_node
    return None, None


def augmented(machine: Machine, node: ir.AugmentedAssign, old: Value, added: Value) -> Value:
    """The new value of `target operator= value`."""
    if node.operator == "+":
        note_retention(machine, node, old, added)
        if isinstance(old, Sequence):
            more = added.items if isinstance(added, Sequence) else ()
            machine.write(old.cells, "items", old.items + more)
            if not isinstance(added, Sequence) or added.open:
                machine.write(old.cells, "open", True)
            return old
    if isinstance(old, Known) and isinstance(added, Known) and isinstance(old.value, int | float) and machine.loops:
        # A counter: what it is in the first two passes says nothing of the others.
        return Tensor(old.deps | added.deps, graph=False, number=True)
    return binary(machine, node, node.operator, old, added)


def note_retention(machine: Machine, node: ir.Node, old: Value, added: Value) -> None:
    """Records that what an earlier pass computed stays alive, graph and all, and grows by what this pass adds."""
    if not machine.loops or machine.forward is not None or _carries_none(added):
        return
    earlier = _earlier_pass(machine, old.deps)
    if earlier and not _carries_none(old) and any(isinstance(event, Forward) and event not in old.deps for event in added.deps):
        machine.emit(Retain(node, value=added, holder=old, earlier=earlier))


def _earlier_pass(machine: Machine, deps: Deps) -> Forward | None:
    """The first forward pass among the events that belongs to an earlier pass of a loop that is running now."""
    return next(iter(earlier_passes(machine, deps)), None)


def earlier_passes(machine: Machine, deps: Deps) -> tuple[Forward, ...]:
    """The forward passes among the events that belong to an earlier pass of a loop that is running now, in order."""
    found: list[Forward] = []
    for event in deps:
        if type(event) is Forward:
            for then, now in zip(event.loops, machine.loops, strict=False):
                if then is not now:
                    if then.loop is now.loop:
                        found.append(event)
                    break
    return tuple(sorted(found, key=lambda event: event.index))


def _carries_none(value: Value, depth: int = 0) -> bool:
    if isinstance(value, Tensor):
        return value.graph is False
    if isinstance(value, Sequence):
        return depth < MAX_NESTING and all(_carries_none(each, depth + 1) for each in value.items)
    if isinstance(value, Unknown) and any(isinstance(item, Tensor) and item.graph is False for item in value.cells.values()):
        # `output["loss"] = output["loss"].detach()`: what carried the graph was replaced.
        return True
    return _is_cut(value)


def _compare(machine: Machine, node: ir.Comparison) -> Value:
    left = machine.evaluate(node.left)
    rights = [machine.evaluate(right) for right in node.rights]
    deps = left.deps.union(*(right.deps for right in rights))
    if len(rights) == 1:
        decided = _decide(machine, node.operators[0], left, rights[0])
        if decided is not None:
            return decided
    if left.deps and node.operators[0] not in {"is", "is not"} and any(right.deps for right in rights):
        machine.score(deps)
    tensors = [value for value in (left, *rights) if isinstance(value, Tensor) and not value.number]
    if len(tensors) == 1 and tensors[0].kind is Kind.CLASS_IDS and not any(type(event) is Forward for event in deps):
        # `labels == 3`: a yes/no question about class labels.
        return Tensor(deps, graph=False, kind=Kind.CLASS_IDS, kind_node=tensors[0].kind_node, classes=2)
    return Tensor(deps, graph=False, number=not tensors, made=_period(node, left, rights), trace=Trace(discrete=node) if tensors else None)


def _period(node: ir.Comparison, left: Value, rights: list[Value]) -> str | None:
    """What a comparison makes of a remainder: `i % n == 0` holds once in n passes, `i % n != 0` in all others."""
    if not is_periodic(left):
        return None
    zero = isinstance(rights[0], Known) and rights[0].value == 0
    return "remainder" if zero and node.operators[0] in {"!=", ">"} else "period"


def _decide(machine: Machine, sign: str, left: Value, right: Value) -> Value | None:
    if isinstance(left, Known) and isinstance(right, Known):
        try:
            return Known(bool(_COMPARE[sign](left.value, right.value)), left.soft or right.soft, left.deps | right.deps)
        except TypeError:
            return None
    if sign in {"is", "is not", "==", "!="} and isinstance(right, Known) and right.value is None:
        if isinstance(left, Object | Optimizer | Tensor | Sequence | Mapping | Function | Class | Library | Module | Data):
            if isinstance(left, Object) and left.foreign:
                return None
            if isinstance(left, Optimizer) and left.uses is not None:
                return None
            return Known(sign in {"is not", "!="})
        return None
    if sign in {"in", "not in"} and isinstance(left, Known) and isinstance(right, Sequence) and not right.open:
        values = [item.value for item in right.items if isinstance(item, Known)]
        if len(values) == len(right.items):
            return Known((left.value in values) is (sign == "in"), left.soft)
    if sign in {"in", "not in"} and isinstance(left, Known) and isinstance(right, Mapping) and not right.open:
        return Known((left.value in right.cells) is (sign == "in"), left.soft)
    if sign in {"==", "!=", "is", "is not"} and isinstance(left, Library | Class | Function) and type(left) is type(right):
        same = left is right or (isinstance(left, Library) and isinstance(right, Library) and left.name == right.name)
        return Known(same is (sign in {"==", "is"}))
    return None


def _boolean(machine: Machine, node: ir.BooleanOperation) -> Value:
    left = machine.evaluate(node.left)
    decided = truth(machine, left)
    wanted = node.operator == "and"
    if decided is not None:
        return machine.evaluate(node.right) if decided is wanted else left

    def right() -> Value:
        with narrow(machine, node.left, left, outcome=wanted):
            return machine.evaluate(node.right)

    rights: list[Value] = []

    def noted() -> Value:
        rights.append(right())
        return rights[0]

    value = machine.choose([noted, lambda: left])
    if truth(machine, rights[0]) is not wanted and truth(machine, rights[0]) is not None:
        # `x and False` is false, whatever x is.
        return Known(not wanted)
    if is_periodic(left) or is_periodic(rights[0]):
        made = left.made if isinstance(left, Tensor) and is_periodic(left) else "period"
        return Tensor(value.deps, graph=False, number=True, made=made)
    if wanted and isinstance(value, Either) and isinstance(left, Tensor | Unknown):
        # `a and b` is asked for its truth; that it may be `a` itself is of no use.
        return Unknown(value.deps, cut=True)
    return value


def _unary(machine: Machine, node: ir.UnaryOperation) -> Value:
    value = machine.evaluate(node.operand)
    if node.operator == "not":
        decided = truth(machine, value)
        if decided is not None:
            return Known(not decided)
        if isinstance(value, Known):
            return Known(not value.value, value.soft)
        return Tensor(value.deps, graph=False, number=True, made=_NEGATED.get(value.made or "") if isinstance(value, Tensor) else None)
    if isinstance(value, Known) and isinstance(value.value, int | float):
        return Known(-value.value if node.operator == "-" else value.value, value.soft, value.deps)
    if isinstance(value, Tensor):
        keeps = value.kind is Kind.AFFINE
        return replace(value, kind=value.kind if keeps else None, kind_node=value.kind_node if keeps else None, trace=None)
    return Unknown(value.deps)


_NEGATED = {"remainder": "period", "period": "remainder"}

EVALUATE[ir.BinaryOperation] = _binary
EVALUATE[ir.Comparison] = _compare
EVALUATE[ir.BooleanOperation] = _boolean
EVALUATE[ir.UnaryOperation] = _unary
