"""How the program itself writes what an event is about: the optimizer of a step, the network of a forward pass."""

from trainlint.program.events import Clear, Forward, ModeSet, Schedule, Step
from trainlint.source import ir


def optimizer_of(step: Step) -> ir.Expr | None:
    """The optimizer in `optimizer.step()` and in `scaler.step(optimizer)`."""
    call = step.node
    if not isinstance(call, ir.Call):
        return None
    if isinstance(call.function, ir.Attribute) and call.function.attr == "step" and (not call.arguments or step.closure):
        return call.function.value
    return _first_argument(call)


def network_of(forward: Forward) -> ir.Expr | None:
    """The network in `network(inputs)`."""
    call = forward.node
    return call.function if isinstance(call, ir.Call) else None


def receiver_of(event: Clear | ModeSet | Schedule) -> ir.Expr | None:
    """The object in `object.method()`."""
    call = event.node
    return call.function.value if isinstance(call, ir.Call) and isinstance(call.function, ir.Attribute) else None


def argument_of(computation: ir.Node) -> ir.Expr | None:
    """`x` in `torch.log(x)`, `x.log()` and `x ** 0.5`."""
    if isinstance(computation, ir.BinaryOperation):
        return computation.left
    if not isinstance(computation, ir.Call):
        return None
    if computation.arguments:
        first = computation.arguments[0]
        return None if first.star else first.value
    return computation.function.value if isinstance(computation.function, ir.Attribute) else None


def _first_argument(call: ir.Call) -> ir.Expr | None:
    first = call.arguments[0] if call.arguments else None
    return first.value if first is not None and first.keyword is None and not first.star else None
