"""What stands around a place: the function that it is in, the node that it is a part of."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.program.training_program import TrainingProgram
from trainlint.source import ir
from trainlint.source.walk import children, contains, descendants

if TYPE_CHECKING:
    from collections.abc import Iterable


def around(program: TrainingProgram, place: ir.Node) -> tuple[ir.Node, ...]:
    """The nodes around a place, innermost first; none where it is not in the text."""
    file = program.files.get(place.chunk.path)
    inside: Iterable[ir.Node] = file.body if file is not None else ()
    found: list[ir.Node] = []
    while (holder := next((node for node in inside if contains(node, place)), place)) is not place:
        found.append(holder)
        inside = children(holder)
    return tuple(reversed(found))


def function_around(program: TrainingProgram, place: ir.Node) -> ir.FunctionDef | None:
    """The function whose body a place is run in."""
    return next((node for node in around(program, place) if isinstance(node, ir.FunctionDef)), None)


def receiver_around(program: TrainingProgram, place: ir.Node) -> str | None:
    """What the method around a place calls its object, mostly `self`."""
    surroundings = around(program, place)
    for node, outer in zip(surroundings, (*surroundings[1:], None), strict=True):
        if isinstance(node, ir.FunctionDef | ir.Lambda):
            if isinstance(node, ir.FunctionDef) and isinstance(outer, ir.ClassDef) and node.parameters.positional and not node.decorators:
                return node.parameters.positional[0].name
            return None
    return None


def name_given(program: TrainingProgram, made: ir.Node) -> str | None:
    """The variable or attribute (`self.optimizer`) that the statement around a call gives its result."""
    statement = next(iter(around(program, made)), None)
    if not isinstance(statement, ir.Assign) or statement.value is not made or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    if isinstance(target, ir.Attribute) and isinstance(target.value, ir.Name):
        return f"{target.value.id}.{target.attr}"
    return target.id if isinstance(target, ir.Name) else None


def assigned_in(loop: ir.For | ir.While) -> set[str]:
    """The variables that a loop gives values."""
    found = set(_names(loop.target)) if isinstance(loop, ir.For) else set()
    for node in descendants(loop.body):
        if isinstance(node, ir.Assign):
            found.update(name for target in node.targets for name in _names(target))
        elif isinstance(node, ir.AugmentedAssign | ir.AnnotatedName | ir.For):
            found.update(_names(node.target))
        elif isinstance(node, ir.NamedExpression):
            found.add(node.target.id)
    return found


def _names(target: ir.Expr) -> Iterator[str]:
    if isinstance(target, ir.Name):
        yield target.id
    elif isinstance(target, ir.Sequence):
        for item in target.items:
            yield from _names(item)
    elif isinstance(target, ir.Starred):
        yield from _names(target.value)
