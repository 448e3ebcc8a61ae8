"""TL503."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, MoveAfter, Replace
from trainlint.cures.surroundings import around
from trainlint.findings import Category
from trainlint.program.clearing import broken_accumulations, inverted_accumulations
from trainlint.program.events import Step
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class BrokenAccumulation(Rule):
    """
    Gradients are accumulated over several batches, and every batch clears them.

    ## What it checks

    A step that comes every so many passes of a loop (`if (i + 1) % n == 0`), while every pass clears the gradients of the
    optimizer's parameters.

    ## Why it matters

    Each clearing throws away what the batches before have added. The step sees the last batch alone: the effective batch
    is n times smaller than meant, and n − 1 of n batches are computed for nothing.

    ## When it stays silent

    When the clearing stands in the branch of the step; when backward stands there too (alternating networks); when the
    condition is no remainder, such as a check for NaN or a counter that is set back by hand, which is not followed.
    Whether the loss is divided by the number of batches is not checked.

    ## How to fix it

    Clear the gradients where the optimizer steps, right after the step.

    ## References

    - PyTorch: [Gradient accumulation](https://pytorch.org/docs/stable/notes/amp_examples.html#gradient-accumulation)
    """

    code = "TL503"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for number, (inputs, labels) in enumerate(loader):
                optimizer.zero_grad()  # <- here
                loss = nn.functional.cross_entropy(model(inputs), labels) / 4
                loss.backward()
                if (number + 1) % 4 == 0:
                    optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for number, (inputs, labels) in enumerate(loader):
                loss = nn.functional.cross_entropy(model(inputs), labels) / 4
                loss.backward()
                if (number + 1) % 4 == 0:
                    optimizer.step()
                    optimizer.zero_grad()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for number, (inputs, labels) in enumerate(loader):
                loss = nn.functional.cross_entropy(model(inputs), labels) / 4
                loss.backward()
                if (number + 1) % 4 == 0:
                    optimizer.step()
                    optimizer.zero_grad()
            """,
            because="gradients are cleared only after they were used",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the clearing in every pass of a loop whose step comes only in some, and steps in all passes but the last of n."""
        for lost in broken_accumulations(program):
            yield Sighting(
                lost.clear.node,
                "every pass clears what the passes before have added, while the optimizer steps only every so many passes",
                ((lost.step.node, "the step uses the gradients of the last pass alone"),),
                confidence=lost.run.confidence,
                fix=Cure("Clear the gradients after the step", (MoveAfter(lost.clear.node, lost.step.node),), _REASON),
            )
        for run, step, backward in inverted_accumulations(program):
            yield Sighting(
                step.node,
                "the condition holds in all passes but every n-th: the optimizer steps where it was meant to wait, and waits where it was "
                "meant to step",
                ((backward.node, "every pass adds gradients here"),),
                confidence=run.confidence,
                fix=_inverted(program, step),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the backward passes before each step, and those whose gradients were thrown away."""
        for optimizer in observation.optimizers:
            counts = optimizer.pass_counts
            if len(counts) < 3:
                continue
            share = optimizer.thrown_away / len(counts)
            measured = f"before {optimizer.thrown_away} of {len(counts)} steps, gradients of an earlier pass were thrown away"
            if share > 0.5:
                message = "the optimizer steps every so many passes, and each pass throws away what those before have added"
                yield confirmed(optimizer.stepped, measured, threshold=_HALF, source=EXACT, value=share, message=message)
            elif _is_inverted(counts):
                passes = ", ".join(map(str, counts[:8]))
                message = "the optimizer steps where it was meant to wait, and waits where it was meant to step"
                what = f"before the steps there are {passes} … backward passes"
                yield confirmed(
                    optimizer.stepped, what, threshold="two passes in a fixed rhythm, one in between", source=EXACT, message=message
                )
            elif not optimizer.thrown_away:
                yield not_reproduced(optimizer.stepped, measured, threshold=_HALF, source=EXACT, value=0.0)


_REASON = "the training result changes, as it is meant to"


def _inverted(program: TrainingProgram, step: Step) -> tuple[Cure, ...]:
    """`if number % n:` becomes `if number % n == 0:`."""
    branch = next((node for node in around(program, step.node) if isinstance(node, ir.If)), None)
    if branch is None or not isinstance(branch.test, ir.BinaryOperation) or branch.test.operator != "%":
        return ()
    change = Replace(branch.test, (branch.test.left, " % ", branch.test.right, " == 0"))
    return (Cure("Step in every n-th pass", (change,), _REASON),)


_HALF = "more than half of the steps"


def _is_inverted(counts: tuple[int, ...]) -> bool:
    """Whether one pass goes before most steps, and two before every n-th: `if number % n:` where `== 0` was meant."""
    twos = [number for number, count in enumerate(counts) if count == 2]
    gaps = {second - first for first, second in pairwise(twos)}
    return set(counts) == {1, 2} and len(twos) >= 3 and len(gaps) == 1 and min(gaps) > 1
