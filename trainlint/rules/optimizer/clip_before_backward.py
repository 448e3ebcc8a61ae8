"""TL406."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, MoveAfter
from trainlint.findings import Category
from trainlint.program.clip_order import Order, useless_clips
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ClipBeforeBackward(Rule):
    """
    Gradients are clipped before the backward pass that computes them.

    ## What it checks

    A call that clips gradients, in a loop, before the backward pass of the same pass of the loop, where the gradients
    that it meets are cleared or used already, and no other clip stands between that backward pass and the step.

    ## Why it matters

    There is nothing to clip yet: the gradients of this step do not exist. The step uses them unclipped.

    ## When it stays silent

    When the clip and the step of the previous gradients stand at the top of the loop, before the next backward pass; when
    gradients are accumulated and those of earlier batches are there to be clipped; when a second clip follows the
    backward pass. Clipping written by hand is not judged, nor what a call that cannot be followed does.

    ## How to fix it

    Clip between `backward()` and `step()`.

    ## References

    - PyTorch: [clip_grad_norm_](https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html)
    """

    code = "TL406"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # <- here
                loss.backward()
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs), labels)
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            nn.functional.cross_entropy(model(first_inputs), first_labels).backward()
            for inputs, labels in loader:
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
            """,
            because="the gradients of the previous pass are clipped and used first",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports clips of gradients that are computed only later in the same pass."""
        for useless in useless_clips(program):
            if useless.order is Order.BEFORE_BACKWARD:
                yield Sighting(
                    useless.clip.node,
                    "the gradients are clipped before the backward pass that computes them: the clip changes nothing",
                    ((useless.other.node, "the gradients of the step are computed here"),),
                    confidence=useless.run.confidence,
                    fix=Cure("Clip after the backward pass", (MoveAfter(useless.clip.node, useless.other.node),), _REASON),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the clips between a training pass and its backward pass."""
        for clip in observation.clips:
            measured = f"{clip.before_backward} of {clip.calls} clips here come before the backward pass that computes the gradients"
            if clip.before_backward > clip.calls / 2:
                message = "the gradients are clipped before the backward pass that computes them: the clip changes nothing"
                yield confirmed(
                    clip.place, measured, threshold=_HALF, source=EXACT, value=clip.before_backward / clip.calls, message=message
                )
            else:
                yield not_reproduced(clip.place, measured, threshold=_HALF, source=EXACT, value=clip.before_backward / clip.calls)


_REASON = "the training result changes, as it is meant to"


_HALF = "more than half of the clips"
