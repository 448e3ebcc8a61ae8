"""TL407."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, InsertBefore
from trainlint.findings import Category
from trainlint.program.clip_order import clips_of_scaled_gradients
from trainlint.program.events import Clip, Step
from trainlint.program.receivers import optimizer_of
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ClipWithoutUnscale(Rule):
    """
    Gradients are clipped while a GradScaler still has them scaled up.

    ## What it checks

    A clip between the backward pass and `scaler.step(optimizer)`, with no `scaler.unscale_(optimizer)` before it on any
    path.

    ## Why it matters

    The scaler multiplies the loss by 65,536 at first, and the gradients with it. A limit of 1 then shrinks every gradient
    to nothing: the clip decides the size of all steps, and the learning rate hardly matters.

    ## When it stays silent

    When the gradients are unscaled on some path before the clip; when the scaler is constructed with `enabled=False`;
    when the limit is infinite. A scaler that is not `torch.amp`'s or derived from it is not known, nor is a division by
    `scaler.get_scale()` by hand.

    ## How to fix it

    Call `scaler.unscale_(optimizer)` before the clip.

    ## References

    - PyTorch: [Gradient clipping with automatic mixed precision](https://pytorch.org/docs/stable/notes/amp_examples.html)
    """

    code = "TL407"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scaler = torch.amp.GradScaler("cuda")
            for inputs, labels in loader:
                optimizer.zero_grad()
                with torch.autocast("cuda"):
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                scaler.scale(loss).backward()
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # <- here
                scaler.step(optimizer)
                scaler.update()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scaler = torch.amp.GradScaler("cuda")
            for inputs, labels in loader:
                optimizer.zero_grad()
                with torch.autocast("cuda"):
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                scaler.scale(loss).backward()
                scaler.unscale_(optimizer)
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                scaler.step(optimizer)
                scaler.update()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scaler = torch.amp.GradScaler("cuda")
            for inputs, labels in loader:
                optimizer.zero_grad()
                with torch.autocast("cuda"):
                    loss = nn.functional.cross_entropy(model(inputs), labels)
                scaler.scale(loss).backward()
                scaler.unscale_(optimizer)
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                scaler.step(optimizer)
                scaler.update()
            """,
            because="the limit is compared with the gradients as they are",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports clips of gradients that a scaler has scaled and nothing has unscaled."""
        for run, clip, step in clips_of_scaled_gradients(program):
            yield Sighting(
                clip.node,
                "the gradients are clipped while they are scaled up: nothing calls `unscale_` before",
                ((step.node, "the scaler unscales them only here"),),
                confidence=run.confidence,
                fix=_cures(clip, step),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the clips of gradients of a scaled loss that nothing had unscaled."""
        for clip in observation.clips:
            measured = f"{clip.before_unscale} of {clip.calls} clips here meet gradients that are still scaled"
            if clip.before_unscale > clip.calls / 2:
                off = (
                    ", by a scaler that is switched off on this device" if not any(scaler.enabled for scaler in observation.scalers) else ""
                )
                message = "the gradients are clipped while they are scaled up: nothing calls `unscale_` before"
                share = clip.before_unscale / clip.calls
                yield confirmed(clip.place, measured + off, threshold=_HALF, source=EXACT, value=share, message=message)
            else:
                yield not_reproduced(clip.place, measured, threshold=_HALF, source=EXACT, value=clip.before_unscale / clip.calls)


def _cures(clip: Clip, step: Step) -> tuple[Cure, ...]:
    """Unscales right before the clip, as `scaler.step(optimizer)` names the two."""
    call, optimizer = step.node, optimizer_of(step)
    if optimizer is None or not isinstance(call, ir.Call) or not isinstance(call.function, ir.Attribute):
        return ()
    change = InsertBefore(clip.node, (call.function.value, ".unscale_(", optimizer, ")"))
    return (Cure("Unscale the gradients before they are clipped", (change,), "the training result changes, as it is meant to"),)


_HALF = "more than half of the clips"
