"""Frameworks that call the user's methods: what they do around these calls."""

from collections.abc import Callable
from functools import partial

from trainlint.knowledge.facts import Hooks, Runner
from trainlint.program.events import Draw, Forward, GradMode, Loop, Mode, Pass, Supplied
from trainlint.program.interpreter import acts, functions, iteration
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import Class, Data, Function, Known, Mapping, Object, Optimizer, Sequence, Unknown, Value, sequence
from trainlint.source import ir
from trainlint.source.walk import descendants


def drive(machine: Machine, instance: Object, hooks: Hooks) -> None:
    """Plays two epochs of a framework: training calls with gradients in training mode, evaluation calls without, in evaluation mode."""
    assert instance.cls is not None
    optimizers = [found for name in hooks.optimizers for found in _optimizers(_call(machine, instance, name, ()))]
    if optimizers:
        machine.configured[instance] = optimizers[0] if len(optimizers) == 1 else sequence("list", tuple(optimizers))
    manual = hooks.manual_switch is not None and _is_false(instance.cells.get(hooks.manual_switch))
    known = manual and not _clears_elsewhere(instance.cls, hooks.training)
    if hooks.clips is not False:
        acts.clip(machine, None, instance.cls.definition)
    source = _loader(machine, instance, hooks.training_data)
    if source is not None and not hooks.training:
        machine.emit(Supplied(source.node, source=source))
    epochs = Loop(instance.cls.definition, virtual=True)
    for epoch in (1, 2):
        machine.loops = (Pass(epochs, epoch),)
        _switch(machine, instance, Mode.TRAIN, GradMode.ON)
        began = len(machine.events)
        then = partial(_optimize, machine, optimizers) if not manual else _left_alone
        _steps(machine, instance, hooks.training, then, source, known=known)
        for event in machine.events[began:]:
            if type(event) is Forward:
                event.returned = True  # to the framework: where it steps by hand is not always seen, and it is no evaluation
        _switch(machine, instance, Mode.EVAL, GradMode.OFF)
        _steps(machine, instance, hooks.evaluation, lambda result, node: machine.score(result.deps))
    machine.loops = ()
    machine.set_grad(frozenset({GradMode.ON}))


def supply(machine: Machine, runner: Runner, arguments: Arguments, node: ir.Node) -> None:
    """Notes the loaders that a framework is told to train on."""
    for name in runner.training_data:
        given = arguments.get(name, runner.takes)
        if isinstance(given, Data):
            machine.emit(Supplied(node, source=given))


def _loader(machine: Machine, instance: Object, names: tuple[str, ...]) -> Data | None:
    """What the first of these methods that the class has gives to the framework to loop over."""
    for name in names:
        loader = _call(machine, instance, name, ())
        if isinstance(loader, Data):
            return loader
    return None


def _switch(machine: Machine, instance: Object, mode: Mode, grad: GradMode) -> None:
    state = frozenset({(mode, None)})
    for module in (instance, *acts.parts(instance)):
        machine.write(machine.modes, module, state)
    machine.set_grad(frozenset({grad}))


def _clears_elsewhere(cls: Class, played: tuple[str, ...]) -> bool:
    """Whether a method of the class that the framework may call as well speaks of clearing gradients."""
    methods = (
        statement
        for base in cls.mro
        if isinstance(base, Class)
        for statement in base.definition.body
        if isinstance(statement, ir.FunctionDef) and statement.name not in played
    )
    return any(isinstance(node, ir.Attribute) and node.attr == "zero_grad" for method in methods for node in descendants((method,)))


def _left_alone(result: Value, node: ir.Node) -> None:
    """The user's own code does the rest."""


def _steps(
    machine: Machine,
    instance: Object,
    names: tuple[str, ...],
    then: Callable[[Value, ir.Node], None],
    source: Data | None = None,
    *,
    known: bool = False,
) -> None:
    assert instance.cls is not None
    outer = machine.loops
    for name in names:
        function = instance.cls.attribute(name)
        if not isinstance(function, Function):
            continue
        loop = Loop(function.definition, virtual=True, known=known)
        for number in (1, 2):
            machine.loops = (*outer, Pass(loop, number))
            draw = machine.emit(Draw(function.definition, source=source, loop=loop))
            batch = Unknown(frozenset((draw,))) if source is None else iteration.element(machine, source, draw)
            result = _call(machine, instance, name, (batch,))
            then(result, function.definition)
    machine.loops = outer


def _call(machine: Machine, instance: Object, name: str, values: tuple[Value, ...]) -> Value:
    assert instance.cls is not None
    function = instance.cls.attribute(name)
    if not isinstance(function, Function):
        return Unknown()
    definition = function.definition
    place = ir.Name(definition.chunk, definition.cst, "")
    positional = definition.parameters.positional[1:]
    keywords = {parameter.name: value for parameter, value in zip(positional, values, strict=False)}
    return functions.run_function(machine, function, Arguments((), keywords), place, instance, entry=True)


def _optimize(machine: Machine, optimizers: list[Optimizer], result: Value, node: ir.Node) -> None:
    loss = result.cells.get("loss", result) if isinstance(result, Mapping) else result
    for optimizer in optimizers:
        acts.clear(machine, optimizer, node)
    acts.backward(machine, loss, node)
    for optimizer in optimizers:
        acts.step(machine, optimizer, node)


def _optimizers(value: Value) -> list[Optimizer]:
    if isinstance(value, Optimizer):
        return [value]
    if isinstance(value, Sequence):
        return [found for item in value.items for found in _optimizers(item)]
    if isinstance(value, Mapping):
        return _optimizers(value.cells["optimizer"]) if "optimizer" in value.cells else []
    return []


def _is_false(value: object) -> bool:
    return isinstance(value, Known) and value.value is False
