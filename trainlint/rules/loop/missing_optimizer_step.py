"""TL504."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, InsertAfter
from trainlint.findings import Category
from trainlint.program.events import Backward, Clear
from trainlint.program.receivers import receiver_of
from trainlint.program.training_program import TrainingProgram
from trainlint.program.unfinished import without_step
from trainlint.program.values import Optimizer
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class MissingOptimizerStep(Rule):
    """
    Gradients are computed and cleared in every pass of a loop, and nothing steps on them.

    ## What it checks

    A backward pass in a loop whose gradients are cleared in the next pass, where no optimizer that holds these parameters
    steps anywhere in the program, and nothing else uses the gradients.

    ## Why it matters

    The parameters never change. The network stays as it was initialized, and the loss only moves with the batches.

    ## When it stays silent

    When anything may step: an optimizer over the same parameters, a step written by hand, a call that cannot be followed
    and gets the optimizer or its network; when the program reads `.grad` itself (attacks, saliency, updates by hand). A
    loop that neither clears nor steps is not judged: it may compute gradients for somebody else.

    ## How to fix it

    Call `optimizer.step()` after `backward()`.

    ## References

    - PyTorch: [Optimizing model parameters](https://pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
    """

    code = "TL504"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                loss.backward()  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                loss.backward()
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            for inputs, labels in loader:
                model.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                loss.backward()
                with torch.no_grad():
                    for parameter in model.parameters():
                        parameter -= 0.1 * parameter.grad
            """,
            because="the program steps by hand",
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            for inputs, labels in loader:
                model.zero_grad()
                inputs.requires_grad_()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                print(inputs.grad.abs().mean())
            """,
            because="the gradients of the input are what is wanted",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports backward passes whose gradients are cleared before anything has used them."""
        for run, backward, clear in without_step(program):
            yield Sighting(
                backward.node,
                "nothing steps on these gradients: they are cleared in the next pass of the loop, unused",
                ((clear.node, "the gradients are cleared here"),),
                confidence=run.confidence,
                fix=_cures(backward, clear),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts backward passes that no step follows, and looks whether the weights move all the same."""
        backward = max(observation.backwards, key=lambda each: each.calls, default=None)
        if backward is None or not observation.optimizers:
            return
        steps = sum(optimizer.steps for optimizer in observation.optimizers)
        measured = f"{backward.calls} backward passes, {steps} steps"
        held = [parameter for parameter in observation.parameters if parameter.optimizers]
        if steps:
            for each in observation.backwards:
                yield not_reproduced(each.place, measured, threshold="no step at all", source=EXACT, value=float(steps))
        elif backward.calls < 3 or observation.ending.failure is not None:
            yield inconclusive(backward.place, "the program ended too early", measured=measured)
        elif any(parameter.changed for parameter in held):
            yield inconclusive(backward.place, "the weights change by other means", measured=measured)
        else:
            message = "nothing steps on these gradients: the weights stay as they are"
            yield confirmed(backward.place, measured, threshold="no step at all", source=EXACT, value=0.0, message=message)


def _cures(backward: Backward, clear: Clear) -> tuple[Cure, ...]:
    """The optimizer that clears the gradients steps on them."""
    optimizer = receiver_of(clear)
    if optimizer is None or not isinstance(clear.target, Optimizer):
        return ()
    change = InsertAfter(backward.node, (optimizer, ".step()"))
    return (Cure("Step after the backward pass", (change,), "the network is trained, as it is meant to be"),)
