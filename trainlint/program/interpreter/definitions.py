"""Making functions and classes."""

from dataclasses import replace
from typing import cast

from trainlint.knowledge.facts import Context, Decorator, Gives, Grad
from trainlint.knowledge.library import lookup
from trainlint.program.events import GradMode
from trainlint.program.interpreter.arguments import Arguments
from trainlint.program.interpreter.machine import Machine
from trainlint.program.values import Binding, Class, Either, Function, Known, Library, Object, Partial, Scope, Unknown, Value
from trainlint.source import ir


def define_function(machine: Machine, node: ir.FunctionDef) -> Value:
    """The value that `def` binds, decorators applied."""
    machine.frame.captured = True
    function: Value = Function(node, machine.scope, _defaults(machine, node.parameters))
    for decorator in reversed(node.decorators):
        function = _decorate(machine, machine.evaluate(decorator), function, decorator)
    return function


def define_lambda(machine: Machine, node: ir.Lambda) -> Function:
    """The value of a lambda."""
    machine.frame.captured = True
    return Function(node, machine.scope, _defaults(machine, node.parameters))


def _defaults(machine: Machine, parameters: ir.Parameters) -> dict[str, Value]:
    return {parameter.name: machine.evaluate(parameter.default) for parameter in parameters if parameter.default is not None}


_BINDINGS = {
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
    "contextlib.contextmanager": "context",
    "contextlib.asynccontextmanager": "context",
}


def bound(function: Value, binding: str) -> Value:
    """The function as a property, static method, class method or context manager."""
    return replace(function, binding=cast("Binding", binding)) if isinstance(function, Function) else function


def _decorate(machine: Machine, decorator: Value, function: Value, node: ir.Expr) -> Value:
    name = decorator.name if isinstance(decorator, Library | Object) else None
    if name in _BINDINGS:
        return bound(function, _BINDINGS[name])
    if name is not None and isinstance(known := _fact(decorator), Decorator) and known.binding is not None:
        return bound(function, known.binding)
    if isinstance(decorator, Unknown | Either) or (name is not None and (fact := _fact(decorator)) is None):
        return replace(function, grad=GradMode.UNKNOWN) if isinstance(function, Function) else function
    if name is None:
        if isinstance(node, ir.Attribute) and node.attr in {"setter", "getter", "deleter"}:
            return machine.evaluate(node.value) if isinstance(machine.evaluate(node.value), Function) else function
        result = machine.call(decorator, Arguments((function,), {}, (node,)), node)
        return result if isinstance(result, Function | Partial | Object) else function
    if isinstance(fact, Context):
        return apply_context(decorator, fact, function)
    if isinstance(fact, Decorator) and fact.supplies_arguments and isinstance(function, Function):
        return replace(function, supplied=True)
    if isinstance(fact, Decorator | Gives) or not isinstance(function, Function):
        return function
    return function


def _fact(decorator: Value) -> object:
    if isinstance(decorator, Object):
        return decorator.fact
    return lookup(decorator.name) if isinstance(decorator, Library) else None


def apply_context(decorator: Value, fact: Context, function: Value) -> Value:
    """A gradient context used as a decorator; on a class, it acts when instances are made, which changes nothing here."""
    if not isinstance(function, Function) or fact.grad is Grad.SAME:
        return function
    mode = GradMode.OFF if fact.grad is Grad.OFF else GradMode.ON
    if fact.grad is Grad.ARGUMENT:
        argument = next(iter(decorator.arguments.values()), None) if isinstance(decorator, Object) else None
        off = GradMode.OFF if fact.off else GradMode.ON
        on = GradMode.ON if fact.off else GradMode.OFF
        if argument is None:
            mode = off
        elif isinstance(argument, Known):
            mode = off if argument.value else on
        else:
            mode = GradMode.UNKNOWN
    return replace(function, grad=mode)


def define_class(machine: Machine, node: ir.ClassDef) -> Value:
    """The value that `class` binds. Decorators of classes are taken to leave the class as it is."""
    bases = tuple(machine.evaluate(base) for base in node.bases if not isinstance(base, ir.Starred))
    outer = machine.frame
    scope = Scope({}, outer.scope, outer.scope.module, outer.scope.function, is_class=True)
    outer_scope, outer.scope = outer.scope, scope
    try:
        machine.block(node.body)
    finally:
        outer.scope = outer_scope
    cls = Class(node, scope.cells, bases, outer.scope.module)
    cls.mro = _linearize(cls)
    for value in scope.cells.values():
        if isinstance(value, Function) and value.owner is None and value.scope is scope:
            value.owner = cls
    decorators = [machine.evaluate(decorator) for decorator in node.decorators]
    for decorator, place in zip(reversed(decorators), reversed(node.decorators), strict=True):
        if isinstance(decorator, Function | Partial):
            # A registry keeps the class; what it gives back is taken to be the class as it is.
            machine.call(decorator, Arguments((cls,), {}, (place,)), place)
    names = {value.name for value in decorators if isinstance(value, Library | Object)}
    if (
        names & {"dataclasses.dataclass", "attr.s", "attrs.define", "attr.define"}
        or any(name in {"typing.NamedTuple", "pydantic.BaseModel"} for name in cls.libraries)
        or any(base.fields for base in bases if isinstance(base, Class))
    ):
        inherited = [field for base in bases if isinstance(base, Class) for field in base.fields]
        own = [
            (statement.target.id, scope.cells.get(statement.target.id))
            for statement in node.body
            if isinstance(statement, ir.AnnotatedName) and isinstance(statement.target, ir.Name)
        ]
        cls.fields = tuple(dict([*inherited, *own]).items())
    return cls


def _linearize(cls: Class) -> tuple[Value, ...]:
    """The class and its bases, depth first, each base after all classes that inherit from it."""
    order: list[Value] = []
    for base in cls.bases:
        order.extend(base.mro if isinstance(base, Class) else (base,))
    unique = list({(value.name if isinstance(value, Library) else id(value)): value for value in reversed(order)}.values())
    return (cls, *reversed(unique))
