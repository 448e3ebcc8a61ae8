"""Values that nothing in sight constructs: what they are follows from how they are used."""

from trainlint.bindings.usage import UsedAs, Uses
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import NONE, Deps, Object, Optimizer, Scheduler, Unknown, Value
from trainlint.source import ir

SCALER = "torch.amp.GradScaler"


def given(machine: Machine, uses: Uses | None, node: ir.Node, deps: Deps = NONE, owner: Value | None = None) -> Value:
    """A value that comes from outside, in the role that its uses show."""
    role = uses.role if uses is not None else None
    if role is UsedAs.OPTIMIZER:
        return Optimizer(node, uses=uses)
    if role is UsedAs.NETWORK:
        network = Object(node, module=True, uses=uses, foreign=True)
        if owner is not None:
            network.cells["<owner>"] = owner
        return network
    if role is UsedAs.SCHEDULER:
        return Scheduler(node)
    if role is UsedAs.SCALER:
        return Object(node, name=SCALER)
    return Unknown(deps, uses, owner=owner)


def member(machine: Machine, owner: Unknown | Object | Optimizer, name: str, node: ir.Node | None = None) -> Value:
    """An attribute or item of something unknown; asked for again, it is the same value."""
    value = owner.cells.get(name)
    if value is None:
        path = "[]" if name.startswith("[") else name
        uses = owner.uses.member(path) if owner.uses is not None else None
        place = node or getattr(owner, "node", None)
        deps = owner.deps
        if place is None:
            value = Unknown(deps, uses, owner.holds if isinstance(owner, Unknown) else frozenset(), owner)
        else:
            value = given(machine, uses, place, deps, owner)
        if isinstance(value, Unknown) and isinstance(owner, Unknown):
            value.holds, value.cut = owner.holds, owner.cut
        # Not journaled: the same member is the same value on every path.
        owner.cells[name] = value
    return value
