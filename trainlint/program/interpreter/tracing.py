"""Keeping track of what can be exactly 0, and of terms that no gradient goes through."""

from dataclasses import replace

from trainlint.knowledge.facts import Function, Kind
from trainlint.program.events import DeadTerm, Forward, LossComputed, Singular
from trainlint.program.interpreter import acts
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.traces import Trace, Zero
from trainlint.program.values import NONE, Deps, Known, Tensor, Unknown, Value
from trainlint.source import ir

_BY_KIND = {Kind.SOFTMAX: Zero.PROBABILITY, Kind.SIGMOID: Zero.PROBABILITY, Kind.RECTIFIED: Zero.RECTIFIED}
_ONE_SIDED = {Kind.RECTIFIED, Kind.POSITIVE}
_LOGGED = {Zero.PROBABILITY, Zero.RECTIFIED}
_ROOTED = {Zero.SQUARES, Zero.REMAINDER, Zero.RECTIFIED}


def zero_of(value: Value | None) -> Zero | None:
    """Why the numbers can be exactly 0, if they can and are never negative."""
    if not isinstance(value, Tensor):
        return None
    if value.trace is not None and value.trace.zero is not None:
        return value.trace.zero
    return _BY_KIND.get(value.kind) if value.kind is not None else None


def of_activation(tensor: Tensor, kind: Kind | None) -> Trace | None:
    """The trace of what an activation gives: a softmax does not undo a rectifier."""
    if kind in _ONE_SIDED or kind is None:
        return None
    if tensor.kind in _ONE_SIDED:
        return Trace(rectified=tensor.kind_node)
    return Trace(rectified=tensor.trace.rectified) if tensor.trace is not None and tensor.trace.rectified is not None else None


def of_arithmetic(node: ir.Node, sign: str, left: Value, right: Value, *, graph: bool | None) -> Trace | None:
    """The trace of `left sign right`."""
    if sign == "-" and isinstance(left, Known):
        return _remainder(node, left, right)
    if sign in {"**", "*"} and (zero := _product(sign, left, right)) is not None:
        return Trace(discrete=_discrete(graph, left, right), zero=zero, zero_node=node)
    if sign == "+":
        zeros = {zero_of(left), zero_of(right)}
        if zeros in ({Zero.SQUARES}, {Zero.PROBABILITY}):
            return Trace(discrete=_discrete(graph, left, right), zero=zeros.pop(), zero_node=node)
    if sign == "/" and zero_of(left) is Zero.PROBABILITY:
        return Trace(discrete=_discrete(graph, left, right), zero=Zero.PROBABILITY, zero_node=node)
    found = _discrete(graph, left, right)
    return Trace(discrete=found) if found is not None else None


def _remainder(node: ir.Node, one: Known, other: Value) -> Trace | None:
    """`1 - x`."""
    if one.value != 1 or not isinstance(other, Tensor | Unknown):
        return None
    zero = zero_of(other)
    of = {Zero.PROBABILITY: Zero.PROBABILITY, Zero.SQUARES: Zero.REMAINDER}
    return Trace(zero=of.get(zero) if zero is not None else None, zero_node=node, complement=other)


def _product(sign: str, left: Value, right: Value) -> Zero | None:
    if sign == "**":
        return Zero.SQUARES if isinstance(right, Known) and right.value == 2 and isinstance(left, Tensor | Unknown) else None
    if left is right and isinstance(left, Tensor | Unknown):
        return Zero.SQUARES
    if Zero.PROBABILITY in {zero_of(left), zero_of(right)} and not _is_negative(left) and not _is_negative(right):
        return Zero.PROBABILITY
    return None


def _is_negative(value: Value) -> bool:
    return isinstance(value, Known) and isinstance(value.value, int | float) and value.value < 0


def _discrete(graph: bool | None, *values: Value) -> ir.Node | None:  # noqa: FBT001 - what is known of the result, not a switch
    if graph is not False:
        return None
    return next((v.trace.discrete for v in values if isinstance(v, Tensor) and v.trace is not None and v.trace.discrete is not None), None)


def of_function(
    machine: Machine,
    name: str,
    fact: Function,
    tensor: Tensor,
    subject: Value | None,
    arguments: Arguments,
    node: ir.Expr,
    *,
    graph: bool | None,
) -> tuple[Trace | None, Deps]:
    """The trace of what an arithmetic function gives, and the event of a log or root of what can be 0."""
    values = [tensor, *arguments.values()]
    discrete = _discrete(graph, *values)
    zero: Zero | None = None
    deps = NONE
    if fact.operation in {"square", "abs"}:
        zero = Zero.SQUARES
    elif fact.operation == "sum":
        zero = Zero.SQUARES if zero_of(tensor) is Zero.SQUARES else None
    elif fact.operation == "pow":
        power = arguments.get("exponent", fact.parameters)
        zero = Zero.SQUARES if isinstance(power, Known) and power.value == 2 else None
        deps = root(machine, name, tensor, power, node)
    elif fact.operation in {"sqrt", "rsqrt"}:
        deps = singular(machine, name, "sqrt", tensor, node)
    elif fact.operation == "log":
        deps = singular(machine, name, "log", tensor, node) or _pair(machine, name, tensor, subject, node)
    elif name.rpartition(".")[2] == "where":
        zero = _chosen(values)
    if zero is None:
        return (Trace(discrete=discrete) if discrete is not None else None), deps
    return Trace(discrete=discrete, zero=zero, zero_node=node), deps


def _chosen(values: list[Value]) -> Zero | None:
    """`where(target == 1, p, 1 - p)`: the probability of what is true."""
    for one in values[1:]:
        whole = one.trace.complement if isinstance(one, Tensor) and one.trace is not None else None
        if whole is not None and any(whole is other for other in values):
            return Zero.PROBABILITY
    zeros = [zero for value in values[1:] if (zero := zero_of(value)) is not None]
    return Zero.PROBABILITY if zeros.count(Zero.PROBABILITY) >= 2 else None


def _pair(machine: Machine, name: str, tensor: Tensor, subject: Value | None, node: ir.Node) -> Deps:
    """Notes the second logarithm where both `log(p)` and `log(1 - p)` are taken: then `p` is a probability, wherever it comes from."""
    if subject is None or (zero_of(tensor) is None and tensor.graph is False):
        return NONE
    complement = tensor.trace.complement if tensor.trace is not None else None
    key, taken = (complement, "complement") if complement is not None else (subject, "whole")
    if not isinstance(key, Unknown) or name.startswith("numpy."):
        return NONE
    return _emit(machine, "log", tensor, node) if machine.logged.setdefault(key, taken) != taken else NONE


def root(machine: Machine, name: str, base: Value, power: Value | None, node: ir.Node) -> Deps:
    """Notes `base ** power` where that is a root."""
    if isinstance(power, Known) and isinstance(power.value, int | float) and 0 < power.value < 1:
        return singular(machine, name, "sqrt", base, node)
    return NONE


def singular(machine: Machine, name: str, operation: str, value: Value, node: ir.Node) -> Deps:
    """Notes a log or root of what can be 0, if its gradient may be asked for."""
    zero = zero_of(value)
    if zero not in (_LOGGED if operation == "log" else _ROOTED) or not isinstance(value, Tensor) or name.startswith("numpy."):
        return NONE
    return _emit(machine, operation, value, node)


def _emit(machine: Machine, operation: str, value: Tensor, node: ir.Node) -> Deps:
    # A loss that nothing in sight calls gets probabilities with a graph; a root is also taken where features are computed.
    # What another function of the program passes on may have been clamped there.
    assumed = value.graph is None and machine.forward is not None and operation == "log" and len(machine.frames) <= 2
    if not (value.graph or assumed) or acts.records_gradients(machine) is False:
        return NONE
    return frozenset((machine.emit(Singular(node, operation=operation, input=value)),))


def note_dead_term(machine: Machine, node: ir.Node, left: Value, right: Value) -> Deps:
    """Notes a sum of a loss and of something that no gradient goes through."""
    if machine.forward is not None:
        return NONE
    for term, loss in ((left, right), (right, left)):
        if not (isinstance(term, Tensor) and term.graph is False and not term.number and term.trace is not None and term.trace.discrete):
            continue
        if not (isinstance(loss, Tensor) and loss.graph and any(type(event) is LossComputed for event in loss.deps)):
            continue
        if any(type(event) is Forward for event in term.deps) and not any(type(event) is LossComputed for event in term.deps):
            return frozenset((machine.emit(DeadTerm(node, term=term)),))
    return NONE


_BY_ELEMENT = {Kind.AFFINE, Kind.SIGMOID, Kind.LOG_SIGMOID, Kind.TANH, Kind.RECTIFIED, Kind.POSITIVE, Kind.CLASS_IDS}


def row(tensor: Tensor) -> Tensor:
    """A part of a tensor: what holds for each number alone still holds."""
    keeps = tensor.kind in _BY_ELEMENT
    trace = tensor.trace
    if tensor.kind is Kind.SOFTMAX and (trace is None or trace.zero is None):
        trace = Trace(zero=Zero.PROBABILITY, zero_node=tensor.kind_node)
    return replace(
        tensor,
        kind=tensor.kind if keeps else None,
        kind_node=tensor.kind_node if keeps else None,
        units=None,
        axis=None,
        parameter=None,
        trace=trace,
        shape=tensor.shape[1:] if tensor.shape else None,
    )
