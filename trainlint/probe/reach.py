"""Whether a run came to the function in which a finding lies, told from the places that it saw."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from trainlint.findings import Span
from trainlint.observations import Observation
from trainlint.probe.sources import text_of


def is_reached(spans: Iterable[Span], observation: Observation) -> bool:
    """Whether one of these lies outside of all functions, or in one in which the run saw a pass, a loss, a backward or a step."""
    places = [
        *(loss.place for loss in observation.losses),
        *(forward.place for forward in observation.forwards),
        *(backward.place for backward in observation.backwards),
        *(optimizer.stepped for optimizer in observation.optimizers),
    ]
    seen = {(Path(place.path), place.row) for place in places if place is not None}
    for span in spans:
        function = _function_around(span.path, span.start.row)
        if function is None or any(path == span.path and row in function for path, row in seen):
            return True
    return False


def _function_around(path: Path, row: int) -> range | None:
    """The rows of the innermost function around a row."""
    return min((rows for rows in _functions(path) if row in rows), key=len, default=None)


@cache
def _functions(path: Path) -> tuple[range, ...]:
    try:
        tree = ast.parse(text_of(path))
    except SyntaxError:
        return ()
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return tuple(range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in functions)
