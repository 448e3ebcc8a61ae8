"""Where runs begin: scripts as `__main__`, then the functions, classes and methods that nothing in sight calls."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from trainlint.knowledge import facts
from trainlint.knowledge.library import lookup
from trainlint.program.events import Backward, Forward, GradMode, Loop, LossComputed, Pass, Singular, Step
from trainlint.program.interpreter import calls, expressions, functions, module_methods, networks, statements
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.frameworks import drive
from trainlint.program.interpreter.graphs import is_cut
from trainlint.program.interpreter.heap import Heap
from trainlint.program.interpreter.imports import new_module
from trainlint.program.interpreter.machine import IDLE_STEPS, Frame, Machine, RunTruncatedError
from trainlint.program.run import Run
from trainlint.program.values import Class, Function, Known, Module, Object, Value
from trainlint.source import ir
from trainlint.source.walk import descendants, kept

MAX_FLAGS = 2
MAX_DRIVEN = 3
"""How many subclasses an inherited method is run for."""

_ = (expressions, statements)
"""Importing these fills the tables of the machine."""


def run_script(machine: Machine, path: Path) -> tuple[Run, Module]:
    """Runs a file as `__main__`. The module stays as it is at the end, for the entries that follow."""
    machine.script = path
    file = machine.workspace.load(path)
    module = new_module(path, "__main__")
    body = file.body if file is not None else ()
    run = _play(machine, path, "__main__", module, body[-1] if body else None, lambda: machine.block(body))
    return run, module


def _apart(machine: Machine, path: Path, entry: str, module: Module, node: ir.FunctionDef | ir.ClassDef, body: Callable[[], object]) -> Run:
    """An entry of its own: what it assigns to variables of the module is undone. It may go on for long where it is seen to train."""
    machine.script = path
    variables = dict(module.scope.cells)
    run = _play(machine, path, entry, module, node, body, None if _says_training(node) else IDLE_STEPS)
    module.scope.cells.clear()
    module.scope.cells.update(variables)
    return run


def _play(
    machine: Machine, path: Path, entry: str, module: Module, node: ir.Node | None, body: Callable[[], object], limit: int | None = None
) -> Run:
    machine.begin(limit)
    machine.heap = Heap()
    machine.modes.clear()
    machine.frozen.clear()
    machine.grad.update(grad=frozenset({GradMode.ON}))
    machine.frames.append(Frame(module.scope, 0, 0))
    reason = ""
    try:
        body()
    except RunTruncatedError:
        reason = "the run takes too many steps"
    except RecursionError:
        reason = "calls nest too deep"
    except Exception as error:  # noqa: BLE001 - one entry must not hide what the others show
        reason = "the abstract run failed here"
        machine.failures.append((path, f"{type(error).__name__} in the run of {entry}: {error}"))
    if reason and node is not None:
        machine.truncated(node, reason)
    return Run(path, entry, tuple(machine.events), dict(machine.periodic), frozenset(machine.dispatches))


def run_unreached(machine: Machine, path: Path, module: Module) -> Iterator[Run]:
    """Runs what no run has entered so far: functions first that no other of them calls, so that these are met with arguments."""
    own = [value for value in module.scope.cells.values() if _defined_in(value, path)]
    names = {
        value.definition.name: value for value in own if isinstance(value, Function | Class) and not isinstance(value.definition, ir.Lambda)
    }
    called = {name for value in names.values() for name in _names_in(value.definition) if names.get(name, value) is not value}  # type: ignore[arg-type]
    for value in sorted(names.values(), key=lambda each: each.definition.name in called):  # type: ignore[union-attr]
        if isinstance(value, Function):
            if value.definition not in machine.reached:
                yield from _run_function(machine, path, module, value)
        else:
            yield from _run_class(machine, path, module, value)


def _defined_in(value: Value, path: Path) -> bool:
    return isinstance(value, Function | Class) and value.definition.chunk.path == path


def _run_function(machine: Machine, path: Path, module: Module, function: Function) -> Iterator[Run]:
    definition = function.definition
    assert isinstance(definition, ir.FunctionDef)
    for flags in _cases(definition):
        keywords: dict[str, Value] = dict(flags)
        yield _apart(
            machine,
            path,
            definition.name,
            module,
            definition,
            lambda keywords=keywords: _repeat(machine, definition, lambda: _enter(machine, function, Arguments((), keywords), None)),  # type: ignore[misc]
        )


def _enter(machine: Machine, function: Function, arguments: Arguments, receiver: Value | None) -> Value:
    place = ir.Name(function.definition.chunk, function.definition.cst, "")
    if receiver is not None and isinstance(receiver, Object) and receiver.module:
        # A method of a network that is not training code is a forward pass, as if it were called from outside.
        definition = function.definition
        if isinstance(definition, ir.FunctionDef) and module_methods.is_forward_like(machine, definition):
            return networks.open_forward(
                machine,
                receiver,
                arguments,
                place,
                lambda: functions.run_function(machine, function, arguments, place, receiver, entry=True),
            )
    return functions.run_function(machine, function, arguments, place, receiver, entry=True)


def _repeat(machine: Machine, node: ir.Node, run: Callable[[], Value]) -> None:
    """Runs an entry; if it steps outside of any loop, it is a step of a loop out of sight, and is run once more."""
    loop = Loop(node, virtual=True)
    for number in (1, 2):
        machine.loops = (Pass(loop, number),)
        _returned(run())
        if not any(isinstance(event, Step | Backward) and len(event.loops) == 1 for event in machine.events):
            break
    machine.loops = ()


def _returned(value: Value) -> None:
    """What an entry returns goes to a caller out of sight."""
    if not is_cut(value):
        for event in value.deps:
            if type(event) is Forward:
                event.returned = True
            elif isinstance(event, LossComputed | Singular):
                event.trained = True


def _cases(definition: ir.FunctionDef) -> list[dict[str, Value]]:
    """The settings of the flags that a function branches on more than once: correlated branches are run together."""
    flags = _flags(definition)
    cases: list[dict[str, Value]] = [{}]
    for flag in flags[:MAX_FLAGS]:
        cases = [{**case, flag: Known(value)} for case in cases for value in (True, False)]
    return cases


@kept
def _flags(definition: ir.FunctionDef) -> list[str]:
    names = {parameter.name for parameter in definition.parameters}
    tested: dict[str, int] = {}
    for node in descendants(definition.body):
        test = node.test if isinstance(node, ir.If | ir.IfExpression) else None
        while isinstance(test, ir.UnaryOperation) and test.operator == "not":
            test = test.operand
        if isinstance(test, ir.Name) and test.id in names:
            tested[test.id] = tested.get(test.id, 0) + 1
        if isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute) and node.function.attr in {"train", "set_grad_enabled"}:
            for argument in node.arguments:
                if isinstance(argument.value, ir.Name) and argument.value.id in names:
                    tested[argument.value.id] = tested.get(argument.value.id, 0) + 2
    return [name for name, count in tested.items() if count >= 2]


def _run_class(machine: Machine, path: Path, module: Module, cls: Class) -> Iterator[Run]:
    methods = [value for value in cls.cells.values() if isinstance(value, Function) and isinstance(value.definition, ir.FunctionDef)]
    unreached = [method for method in methods if method.definition not in machine.reached and not method.definition.name.startswith("__")]  # type: ignore[union-attr]
    if not unreached and (cls.definition in machine.built or not methods):
        return
    yield _apart(machine, path, cls.definition.name, module, cls.definition, lambda: _drive_class(machine, cls, unreached))


def _drive_class(machine: Machine, cls: Class, unreached: list[Function]) -> None:
    place = ir.Name(cls.definition.chunk, cls.definition.cst, "")
    instance = calls.instantiate(machine, cls, Arguments(), place, unseen=True)
    if not isinstance(instance, Object):
        return
    if not cls.resolved or any(_is_of_framework(name) for name in cls.libraries):
        # Code out of sight calls its methods, and may well have switched gradients off.
        machine.set_grad(frozenset({GradMode.UNKNOWN}))
    drivers = _drivers(machine, cls, unreached)
    machine.reached.difference_update(method.definition for method in drivers)
    hooks = next((fact for name in cls.libraries if isinstance(fact := lookup(name), facts.Hooks)), None)
    if hooks is not None:
        drive(machine, instance, hooks)
    for method in _in_order([*drivers, *unreached]):
        definition = method.definition
        assert isinstance(definition, ir.FunctionDef)
        if definition in machine.reached:
            continue
        receiver = None if method.binding == "static" else instance.cls if method.binding == "class" else instance
        for flags in _cases(definition)[:2]:
            _repeat(machine, definition, partial(_enter, machine, method, Arguments((), dict(flags)), receiver))


def _is_of_framework(base: str) -> bool:
    """Whether a base class comes from a package of which nothing is known."""
    return lookup(base) is None and base.partition(".")[0] not in {"builtins", *sys.stdlib_module_names}


def _drivers(machine: Machine, cls: Class, unreached: list[Function]) -> list[Function]:
    """Inherited methods that call what only this class defines: `fit` of a base class, around this class's `training_step`."""
    bases = [base for base in cls.mro[1:] if isinstance(base, Class)]
    inherited = {
        name: value
        for base in reversed(bases)
        for name, value in base.cells.items()
        if isinstance(value, Function) and isinstance(value.definition, ir.FunctionDef)
    }
    leading = {method.definition.name for method in unreached if not isinstance(method.definition, ir.Lambda)}
    leading &= {name for name, method in inherited.items() if functions.is_abstract(method.definition)}
    found: dict[str, Function] = {}
    while leading:
        callers = {
            name: method
            for name, method in inherited.items()
            if name not in found
            and not name.startswith("__")
            and cls.attribute(name) is method
            and any(isinstance(node, ir.Attribute) and node.attr in leading for node in descendants((method.definition,)))
        }
        found.update(callers)
        leading = set(callers)
    if any(machine.driven[method.definition] >= MAX_DRIVEN for method in found.values()):
        return []
    machine.driven.update(method.definition for method in found.values())
    return list(found.values())


def _in_order(methods: list[Function]) -> list[Function]:
    """Methods that no other of them calls come first, and of these the ones that train, so that others meet the state they leave."""
    called = {method: _attributes_in(method.definition) for method in methods if not isinstance(method.definition, ir.Lambda)}
    names = {method.definition.name: method for method in methods if isinstance(method.definition, ir.FunctionDef)}

    def trains(method: Function) -> bool:
        return _trains(method) or any(name in called[method] and _trains(other) for name, other in names.items() if other is not method)

    def is_called(method: Function) -> bool:
        name = getattr(method.definition, "name", "")
        return any(name in attributes for other, attributes in called.items() if other is not method)

    return sorted(methods, key=lambda method: (is_called(method), not trains(method)))


def _trains(method: Function) -> bool:
    return not isinstance(method.definition, ir.Lambda) and _says_training(method.definition)


def _says_training(definition: ir.FunctionDef | ir.ClassDef) -> bool:
    return not _attributes_in(definition).isdisjoint({"backward", "step"})


@kept
def _attributes_in(definition: ir.FunctionDef | ir.ClassDef) -> frozenset[str]:
    return frozenset(node.attr for node in descendants((definition,)) if isinstance(node, ir.Attribute))


@kept
def _names_in(definition: ir.FunctionDef | ir.ClassDef) -> frozenset[str]:
    return frozenset(node.id for node in descendants((definition,)) if isinstance(node, ir.Name))
