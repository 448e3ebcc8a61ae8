"""TL502."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, MoveAfter, MoveBefore
from trainlint.findings import Category
from trainlint.program.clearing import cleared_before_step
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class GradientsClearedBeforeStep(Rule):
    """
    Gradients are cleared between the backward pass and the step.

    ## What it checks

    A step before which the gradients of all its parameters are cleared, with no backward pass between the clearing and
    the step.

    ## Why it matters

    The step finds no gradients. Plain SGD does not move the parameters at all; Adam and momentum go on from what they
    remember, which is nothing. The loss stays where it is, and nothing fails.

    ## When it stays silent

    When a backward pass follows the clearing; when only some of the parameters are cleared, or those of another
    optimizer; when the program reads or assigns `.grad` itself in between (gradient surgery); when a call that cannot be
    followed gets the optimizer or its network between the two. A closure that an optimizer calls several times is not
    judged.

    ## How to fix it

    Call `zero_grad()` before `backward()`, or after `step()`.

    ## References

    - PyTorch: [Zeroing out gradients](https://pytorch.org/tutorials/recipes/recipes/zeroing_out_gradients.html)
    """

    code = "TL502"
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
                loss = nn.functional.cross_entropy(model(inputs), labels)
                loss.backward()
                optimizer.zero_grad()  # <- here
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="the gradients are cleared before they are computed",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the clearing that throws away what the next step was meant to use."""
        for lost in cleared_before_step(program):
            yield Sighting(
                lost.clear.node,
                "the gradients are cleared after they are computed and before the step that was meant to use them",
                ((lost.backward.node, "the gradients are computed here"), (lost.step.node, "this step finds none")),
                confidence=lost.run.confidence,
                fix=(
                    Cure(_TITLE, (MoveBefore(lost.clear.node, lost.backward.node),), _REASON),
                    Cure(_TITLE, (MoveAfter(lost.clear.node, lost.step.node),), _REASON),
                ),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the steps whose gradients were cleared after the backward pass that made them."""
        for optimizer in observation.optimizers:
            steps, lost = len(optimizer.gradient_norms), optimizer.cleared_before_step
            if not steps:
                continue
            measured = f"{lost} of {steps} steps find no gradient, though a backward pass had made some"
            if lost > steps / 2:
                message = "the gradients are cleared after they are computed and before this step"
                yield confirmed(optimizer.stepped, measured, threshold=_HALF, source=EXACT, value=lost / steps, message=message)
            elif not lost:
                yield not_reproduced(optimizer.stepped, measured, threshold=_HALF, source=EXACT, value=0.0)
            else:
                yield inconclusive(optimizer.stepped, "some steps do, others do not", measured=measured, threshold=_HALF)


_TITLE = "Clear the gradients where nobody needs them"
_REASON = "the training result changes, as it is meant to"


_HALF = "more than half of the steps"
