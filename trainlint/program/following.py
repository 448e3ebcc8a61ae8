"""Which training loops were followed: the run reached their backward pass and knows what steps and clears around it."""

from collections.abc import Iterable, Sequence

from trainlint.program.events import Backward, Truncated
from trainlint.program.run import Run
from trainlint.program.training_program import Unfollowed
from trainlint.source import ir
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import children


def judge(runs: Iterable[Run], files: Sequence[SourceFile]) -> tuple[int, tuple[Unfollowed, ...]]:
    """How many loops with a backward pass were followed, and which were not."""
    reached: set[ir.Node] = set()
    truncated: dict[ir.Node, str] = {}
    for run in runs:
        for event in run.events:
            if type(event) is Backward:
                reached.add(event.node)
            elif type(event) is Truncated:
                truncated[event.node] = event.reason
    followed = 0
    unfollowed: list[Unfollowed] = []
    for file in files:
        for call in backward_calls(file.body):
            if call in reached:
                followed += 1
            else:
                unfollowed.append(Unfollowed(file.path, file.span(call).start.row, "no run reaches this backward pass"))
    return followed, tuple(unfollowed)


def backward_calls(body: ir.Block) -> Iterable[ir.Call]:
    """The calls of `.backward(…)` in the code, by spelling alone: what is there to be followed."""
    stack: list[ir.Node] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute) and node.function.attr == "backward":
            yield node
        stack.extend(children(node))
