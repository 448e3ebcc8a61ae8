"""Losses."""

from trainlint.knowledge.facts import Loss
from trainlint.program.events import Definition, Draw, LossComputed
from trainlint.program.interpreter import acts
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.operators import as_tensor
from trainlint.program.values import Class, Known, Object, Tensor, Unknown, Value
from trainlint.source import ir


def _within(machine: Machine) -> tuple[Definition, ...]:
    """The functions that are running, each after the class that it belongs to."""
    found: list[Definition] = []
    for frame in machine.frames:
        owner = frame.scope.cells.get("<class>")
        if isinstance(owner, Class):
            found.append(owner.definition)
        if isinstance(frame.scope.function, ir.FunctionDef):
            found.append(frame.scope.function)
    return tuple(found)


def _is_data(value: Unknown) -> bool:
    """Whether the value was drawn from data and went through no network since."""
    return bool(value.deps) and all(type(event) is Draw for event in value.deps)


def compute(machine: Machine, fact: Loss, arguments: Arguments, node: ir.Expr, module: Object | None = None) -> Value:
    """The value of a loss, which carries the event of its computation."""
    names = fact.parameters
    reduction = _reduction(arguments.bind(names) if module is None else module.arguments, known=not arguments.open)
    first = names[0] if names else "input"
    second = names[1] if len(names) > 1 else "target"
    given, target = arguments.get(first, names), arguments.get(second, names)
    event = machine.emit(
        LossComputed(
            node,
            fact=fact,
            input=given,
            target=target,
            input_node=arguments.place(first, names),
            target_node=arguments.place(second, names),
            reduction=reduction,
            within=_within(machine),
            defined=node if module is None else module.node if module.cls is None else None,
        )
    )
    machine.score(arguments.deps, by_loss=True)
    graph: bool | None = False
    for value in (given, target):
        tensor = as_tensor(value) if value is not None else None
        one = (
            tensor.graph
            if tensor is not None
            else False
            if isinstance(value, Known) or (isinstance(value, Unknown) and (value.cut or _is_data(value)))
            else None
        )
        graph = True if graph or one else None if graph is None or one is None else False
    if acts.records_gradients(machine) is False:
        graph = False
    units = None if reduction == "none" else 1
    cut = given.cut if graph is False and isinstance(given, Tensor) else None
    return Tensor(arguments.deps | {event}, graph, units=units, cut=cut)


def _reduction(settings: dict[str, Value], *, known: bool) -> str | None:
    """The reduction that the settings of a loss ask for."""
    if not known or "<open>" in settings or "size_average" in settings or "reduce" in settings:
        return None
    given = settings.get("reduction")
    if given is None:
        return "mean"
    return given.value if isinstance(given, Known) and isinstance(given.value, str) else None
