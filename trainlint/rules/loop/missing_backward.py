"""TL505."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, InsertBefore
from trainlint.cures.surroundings import around
from trainlint.findings import Category
from trainlint.program.events import Forward, LossComputed, Step
from trainlint.program.training_program import TrainingProgram
from trainlint.program.unfinished import without_backward
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class MissingBackward(Rule):
    """
    An optimizer steps in a loop, and no backward pass computes gradients for it.

    ## What it checks

    A step that a loop repeats, with a loss of the optimizer's network in between, and no backward pass.

    ## Why it matters

    There are no gradients to step on: the parameters never change, and nothing fails.

    ## When it stays silent

    When a closure is given to `step`; when gradients are assigned or read by the program itself; when the loss or the
    network goes where it cannot be followed, for a backward pass may be there; when no loss of the optimizer's network is
    seen.

    ## How to fix it

    Call `loss.backward()` before the step.

    ## References

    - PyTorch: [Optimizing model parameters](https://pytorch.org/tutorials/beginner/basics/optimization_tutorial.html)
    """

    code = "TL505"
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
                print(loss.item())
                optimizer.step()  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                print(loss.item())
                loss.backward()
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.LBFGS(model.parameters())
            for inputs, labels in loader:
                def closure():
                    optimizer.zero_grad()
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                    loss.backward()
                    return loss

                optimizer.step(closure)
            """,
            because="the optimizer calls the backward pass itself",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports steps for which nothing computes gradients."""
        for run, step, loss in without_backward(program):
            yield Sighting(
                step.node,
                "the optimizer steps without gradients: no backward pass goes through the loss",
                ((loss.node, "this loss is computed and never backwarded"),),
                confidence=run.confidence,
                fix=_cures(program, step, loss),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the steps without any gradient in a run without any backward pass."""
        passes = sum(backward.calls for backward in observation.backwards)
        for optimizer in observation.optimizers:
            steps = len(optimizer.gradient_norms)
            if not steps:
                continue
            measured = (
                f"{optimizer.empty_steps} of {steps} steps were made without a gradient, {optimizer.backwards} backward passes came here"
            )
            if not passes and optimizer.empty_steps == steps:
                message = "the optimizer steps without gradients: there is no backward pass"
                yield confirmed(optimizer.stepped, measured, threshold="no backward pass at all", source=EXACT, value=0.0, message=message)
            elif optimizer.backwards:
                yield not_reproduced(optimizer.stepped, measured, threshold="no backward pass at all", source=EXACT)
            else:
                yield inconclusive(optimizer.stepped, "the gradients come from elsewhere, or get lost", measured=measured)


def _cures(program: TrainingProgram, step: Step, loss: LossComputed | Forward) -> tuple[Cure, ...]:
    """The loss is backwarded right before the step, where it has a name there."""
    assigned = next(iter(around(program, loss.node)), None)
    if not isinstance(assigned, ir.Assign) or len(assigned.targets) > 1 or not isinstance(assigned.targets[0], ir.Name):
        return ()
    change = InsertBefore(step.node, f"{assigned.targets[0].id}.backward()", beside=assigned)
    return (Cure("Compute the gradients before the step", (change,), "the network is trained, as it is meant to be"),)
