"""Frameworks that call the user's methods: what they do around these calls."""

from trainlint.knowledge.facts import Hooks, Runner
from trainlint.program.events import Draw, Forward, GradMode, Loop, Mode, Pass, Supplied
from trainlint.program.interpreter import acts, functions, iteration
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.attributes import class_attribute
from trainlint.program.interpreter.machine import Machine
from trainlint.program.interpreter.unknowns import member
from trainlint.program.values import Data, Function, Known, Mapping, Object, Optimizer, Sequence, Unknown, Value
from trainlint.source import ir


def drive(machine: Machine, instance: Object, hooks: Hooks) -> None:
    """Plays two epochs of a framework: training calls with gradients in training mode, evaluation calls without, in evaluation mode."""
    assert instance.cls is not None
    optimizers = [found for name in hooks.optimizers for found in _optimizers(_call(machine, instance, name, ()))]
    manual = hooks.manual_switch is not None and _is_false(instance.cells.get(hooks.manual_switch))
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
        _steps(machine, instance, hooks.training, lambda loss, node: None if manual else _optimize(machine, loss, optimizers, node), source)
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


def _steps(machine: Machine, instance: Object, names: tuple[str, ...], then: "object", source: Data | None = None) -> None:
    assert instance.cls is not None
    outer = machine.loops
    for name in names:
        function = class_attribute(instance.cls, name)
        if not isinstance(function, Function):
            continue
        loop = Loop(function.definition, virtual=True)
        for number in (1, 2):
            machine.loops = (*outer, Pass(loop, number))
            draw = machine.emit(Draw(function.definition, source=source, loop=loop))
            batch = Unknown(frozenset((draw,))) if source is None else iteration.element(machine, source, draw)
            result = _call(machine, instance, name, (batch,))
            then(result, function.definition)  # type: ignore[operator]
    machine.loops = outer


def _call(machine: Machine, instance: Object, name: str, values: tuple[Value, ...]) -> Value:
    assert instance.cls is not None
    function = class_attribute(instance.cls, name)
    if not isinstance(function, Function):
        return Unknown()
    definition = function.definition
    place = ir.Name(definition.chunk, definition.cst, "")
    positional = definition.parameters.positional[1:]
    keywords = {parameter.name: value for parameter, value in zip(positional, values, strict=False)}
    return functions.run_function(machine, function, Arguments((), keywords), place, instance, entry=True)


def _optimize(machine: Machine, result: Value, optimizers: list[Value], node: ir.Node) -> None:
    loss = result.cells.get("loss", result) if isinstance(result, Mapping) else result
    for optimizer in optimizers:
        acts.clear(machine, optimizer, node)
    acts.backward(machine, loss, node)
    for optimizer in optimizers:
        acts.step(machine, optimizer, node)


def _optimizers(value: Value) -> list[Value]:
    if isinstance(value, Optimizer):
        return [value]
    if isinstance(value, Sequence):
        return [found for item in value.items for found in _optimizers(item)]
    if isinstance(value, Mapping):
        return _optimizers(value.cells["optimizer"]) if "optimizer" in value.cells else []
    return []


def _is_false(value: object) -> bool:
    return isinstance(value, Known) and value.value is False


__all__ = ["drive", "member"]
