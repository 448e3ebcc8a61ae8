"""Questions about graphs: losses that lost theirs, forward passes that record none, and states that drag one along."""

from collections.abc import Iterator

from trainlint.program.events import Answer, Backward, Carried, ConstantTerm, Forward, GradMode, Step
from trainlint.program.networks import has_parameters
from trainlint.program.run import Run, same_pass, shared_loop
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Tensor, Unknown
from trainlint.source import ir


def detached_losses(program: TrainingProgram) -> Iterator[tuple[Run, Backward, ir.Node]]:
    """The backward passes from a loss that was cut from the graph of its network, with the place where it was cut."""
    for run, backward in program.each(Backward):
        loss = backward.loss
        if (
            isinstance(loss, Tensor)
            and loss.graph is False
            and loss.cut is not None
            and any(_recorded(each) for each in forwards(backward))
        ):
            yield run, backward, loss.cut


def forwards(backward: Backward) -> list[Forward]:
    """The forward passes that the loss came out of, in order."""
    deps = backward.loss.deps if backward.loss is not None else ()
    return sorted((event for event in deps if type(event) is Forward), key=lambda event: event.index)


def _recorded(forward: Forward) -> bool:
    return forward.grad == {GradMode.ON} and not forward.frozen and has_parameters(forward.module) is not Answer.NO


def constant_terms(program: TrainingProgram) -> Iterator[tuple[Run, Backward, ConstantTerm]]:
    """The losses that were made numbers and are a part of what is backwarded all the same."""
    for run, backward in program.each(Backward):
        for event in backward.loss.deps if backward.loss is not None else ():
            if type(event) is ConstantTerm and same_pass(event, backward):
                yield run, backward, event


def unrecorded(program: TrainingProgram) -> Iterator[tuple[Run, Backward, Forward]]:
    """The backward passes from a loss all of whose forward passes ran with gradients switched off."""
    for run, backward in program.each(Backward):
        through = [event for event in forwards(backward) if has_parameters(event.module) is not Answer.NO]
        if (
            through
            and all(event.grad == {GradMode.OFF} for event in through)
            and (backward.loss is not None and is_without_graph(backward))
            and not any(type(event) is ConstantTerm for event in backward.loss.deps)
        ):
            yield run, backward, through[-1]


def is_without_graph(backward: Backward) -> bool:
    """Whether the loss certainly carries no graph."""
    loss = backward.loss
    return (isinstance(loss, Tensor) and loss.graph is False) or (isinstance(loss, Unknown) and loss.cut)


def undetached_states(program: TrainingProgram) -> Iterator[tuple[Run, Carried, Backward]]:
    """What carries a graph into the next pass of a loop after a backward pass has used it up, and is backwarded again."""
    for run in program.runs:
        backwards = list(run.of(Backward))
        if not backwards:
            continue
        for carried in run.of(Carried):
            first = next((each for each in backwards if each.index < carried.index and _uses_up(each, carried)), None)
            if first is None or not any(first.index < step.index < carried.index for step in run.of(Step)):
                continue
            if any(each.index > carried.index and _goes_through(each, carried) for each in backwards):
                yield run, carried, first


def _goes_through(backward: Backward, carried: Carried) -> bool:
    """Whether the backward pass goes through what is carried: through its maker, or the network of this pass that is given it."""
    if backward.loss is None:
        return False
    return any(
        type(event) is Forward and (event in carried.earlier or (event.index <= carried.index and same_pass(event, carried)))
        for event in backward.loss.deps
    )


def _uses_up(backward: Backward, carried: Carried) -> bool:
    """Whether the backward pass, in an earlier pass of the loop, went through the graph that is carried on."""
    if backward.loss is None or shared_loop(backward, carried) is None:
        return False
    return any(event in backward.loss.deps and event.index < backward.index for event in carried.earlier)
