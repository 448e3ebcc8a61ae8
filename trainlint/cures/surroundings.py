"""What stands around a place: the function that it is in, the node that it is a part of."""

from trainlint.program.training_program import TrainingProgram
from trainlint.source import ir
from trainlint.source.walk import children


def around(program: TrainingProgram, place: ir.Node) -> tuple[ir.Node, ...]:
    """The nodes around a place, innermost first; none where it is not in the text."""
    file = program.files.get(place.chunk.path)
    parents: dict[ir.Node, ir.Node] = {}
    stack: list[ir.Node] = list(file.body) if file is not None else []
    while stack:
        node = stack.pop()
        if node is place:
            break
        for child in children(node):
            parents[child] = node
            stack.append(child)
    else:
        return ()
    found: list[ir.Node] = []
    current = parents.get(place)
    while current is not None:
        found.append(current)
        current = parents.get(current)
    return tuple(found)


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
