"""What stands around a place: the function that it is in, the node that it is a part of."""

from typing import TYPE_CHECKING

from trainlint.program.training_program import TrainingProgram
from trainlint.source import ir
from trainlint.source.walk import children, contains

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
