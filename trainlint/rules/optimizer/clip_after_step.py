"""TL405."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, MoveBefore
from trainlint.findings import Category
from trainlint.program.clip_order import Order, useless_clips
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ClipAfterStep(Rule):
    """
    Gradients are clipped after the step that uses them.

    ## What it checks

    A call that clips gradients, in a loop, after the `step()` of their optimizer and before the next backward pass.

    ## Why it matters

    The step has already moved the parameters by the gradients as they were. What is clipped afterwards is cleared, or
    added to, before the next step: the program trains as if it did not clip at all.

    ## When it stays silent

    When a backward pass comes between the step and the clip; when the clip is on one side of a branch and the step on the
    other; when the limit is infinite, so that the call only measures a norm; when it cannot be read whose gradients are
    clipped and several optimizers step. Clipping written by hand (`p.grad.clamp_()`) is not judged, nor what a call that
    cannot be followed does.

    ## How to fix it

    Clip between `backward()` and `step()`.

    ## References

    - PyTorch: [clip_grad_norm_](https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html)
    """

    code = "TL405"
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
                nn.functional.cross_entropy(model(inputs), labels).backward()
                optimizer.step()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
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
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
            """,
            because="the gradients are clipped before they are used",
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                optimizer.step()
                print(nn.utils.clip_grad_norm_(model.parameters(), float("inf")))
            """,
            because="with an infinite limit the call measures the norm and changes nothing",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports clips of gradients that a step of the same pass has used already."""
        for useless in useless_clips(program):
            if useless.order is Order.AFTER_STEP:
                yield Sighting(
                    useless.clip.node,
                    "the gradients are clipped after the step that has used them: the clip changes nothing",
                    ((useless.other.node, "the optimizer steps here"),),
                    confidence=useless.run.confidence,
                    fix=Cure("Clip before the step", (MoveBefore(useless.clip.node, useless.other.node),), _REASON),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the clips between a step and the next training pass."""
        for clip in observation.clips:
            measured = f"{clip.after_step} of {clip.calls} clips here come after the step that has used the gradients"
            if clip.after_step > clip.calls / 2:
                message = "the gradients are clipped after the step that has used them: the clip changes nothing"
                yield confirmed(clip.place, measured, threshold=_HALF, source=EXACT, value=clip.after_step / clip.calls, message=message)
            else:
                yield not_reproduced(clip.place, measured, threshold=_HALF, source=EXACT, value=clip.after_step / clip.calls)


_REASON = "the training result changes, as it is meant to"


_HALF = "more than half of the clips"
