"""Which training loops were followed: a run reached their backward pass, and knows what steps and clears around it."""

from collections.abc import Iterator, Sequence

from trainlint.program.events import Answer, Backward, Step, Touch, Truncated
from trainlint.program.gradients import pairs_in
from trainlint.program.run import Run, same_pass
from trainlint.program.unfollowed import Unfollowed
from trainlint.source import ir
from trainlint.source.source_file import SourceFile
from trainlint.source.walk import descendants, kept

NOT_REACHED = "no run reaches this backward pass"
CUT_SHORT = "the run that reaches this backward pass takes too many steps to be played to its end"
NO_STEP = "what steps after this backward pass is not known"
NO_CLEARING = "whether the gradients are cleared is not known: a call that cannot be followed was given the optimizer or its network"


def judge(runs: Sequence[Run], files: Sequence[SourceFile]) -> tuple[int, tuple[Unfollowed, ...]]:
    """How many backward passes in the text were followed, and which were not, each with the reason."""
    reasons: dict[ir.Node, set[str]] = {}
    for run in runs:
        for place, reason in _reasons(run):
            reasons.setdefault(place, set()).add(reason)
    followed = 0
    unfollowed: list[Unfollowed] = []
    for file in files:
        for call in (call for statement in file.body for call in _backward_calls(statement)):
            found = reasons.get(call, {NOT_REACHED})
            if "" in found:
                followed += 1
            else:
                unfollowed.append(Unfollowed(file.path, file.row(call), min(found)))
    return followed, tuple(unfollowed)


def _reasons(run: Run) -> Iterator[tuple[ir.Node, str]]:
    """For each backward pass of the run, why it was not followed; an empty reason if it was."""
    cleared: dict[ir.Node, set[Answer]] = {}
    for pair in pairs_in(run):
        cleared.setdefault(pair.backward.node, set()).add(pair.cleared)
    cut_short = any(True for _ in run.of(Truncated))
    for backward in run.of(Backward):
        answers = cleared.get(backward.node, set())
        if answers - {Answer.UNKNOWN}:
            yield backward.node, ""
        elif answers:
            yield backward.node, NO_CLEARING
        elif cut_short:
            yield backward.node, CUT_SHORT
        else:
            yield backward.node, "" if _step_is_known(run, backward) else NO_STEP


def _step_is_known(run: Run, backward: Backward) -> bool:
    """Whether something steps after it, or certainly nothing does: no call that cannot be followed got hold of an optimizer."""
    later = run.events[backward.index :]
    if any(type(event) is Step for event in later):
        return True
    return not any(type(event) is Touch and same_pass(backward, event) for event in later)


@kept
def _backward_calls(statement: ir.Stmt) -> tuple[ir.Call, ...]:
    """The calls of `.backward(…)` in a statement, by spelling alone: what is there to be followed."""
    return tuple(
        node
        for node in descendants((statement,))
        if isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute) and node.function.attr == "backward"
    )
