"""TL414."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, InsertAfter
from trainlint.findings import Category
from trainlint.program.events import Step
from trainlint.program.scaling import Misuse, misuses
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class AmpMisuse(Rule):
    """
    A GradScaler scales the loss, and step or update do not go through it; or the other way round.

    ## What it checks

    For every step in a loop: whether its gradients come from a loss that a `GradScaler` has scaled, whether the step goes
    through `scaler.step(optimizer)`, and whether anything calls `scaler.update()`.

    ## Why it matters

    `optimizer.step()` on scaled gradients moves the parameters by 65,536 times too much, and by infinities where fp16
    overflowed. Without `update()` the scale never adapts: after the first overflow every step is skipped.

    ## When it stays silent

    When a plain loop and a mixed-precision one stand in two branches; when `unscale_` was called for the optimizer; when
    the scaler is constructed with `enabled=False`. A scaler that a call out of sight is given may be updated there.
    Scalers other than `torch.amp`'s and timm's are not known.

    ## How to fix it

    `scaler.scale(loss).backward()`, then `scaler.step(optimizer)`, then `scaler.update()`.

    ## References

    - PyTorch: [Automatic mixed precision examples](https://pytorch.org/docs/stable/notes/amp_examples.html)
    """

    code = "TL414"
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
                optimizer.step()  # <- here
                scaler.update()
            """
        ),
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
                scaler.step(optimizer)  # <- here
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
                scaler.step(optimizer)
                scaler.update()
            """,
            because="loss, step and scale go through the same scaler",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports steps that do not fit to the scaler of their loss."""
        for run, step, misuse, backwards in misuses(program):
            yield Sighting(
                step.node,
                misuse.value,
                tuple((backward.node, "its gradients are computed here") for backward in backwards[-1:]),
                confidence=run.confidence,
                fix=_cures(step, misuse),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the steps that do not fit to the scaler of their loss."""
        for scaler in observation.scalers:
            measured = f"{scaler.scalings} scaled losses, {scaler.steps} steps through the scaler, {scaler.updates} updates of it"
            off = "" if scaler.enabled else ", which is switched off on this device"
            if scaler.steps > 1 and not scaler.updates:
                message = Misuse.NO_UPDATE.value
                yield confirmed(scaler.stepped, measured + off, threshold=_NONE, source=EXACT, value=0.0, message=message)
            elif scaler.steps and not scaler.updates:
                failure = observation.ending.failure
                if failure is not None and ("update()" in failure.message or "unscale_()" in failure.message):
                    told = f"{measured}: {failure.message.splitlines()[0]}"
                    yield confirmed(scaler.stepped, told, threshold=_NONE, source=EXACT, value=0.0, message=Misuse.NO_UPDATE.value)
                else:
                    yield inconclusive(scaler.stepped, "one step alone was seen", measured=measured + off, threshold=_NONE)
            elif scaler.steps:
                yield not_reproduced(scaler.stepped, measured + off, threshold=_NONE, source=EXACT)
        for optimizer in observation.optimizers:
            for count, misuse in ((optimizer.past_scaler, Misuse.NOT_THROUGH_SCALER), (optimizer.plain_losses, Misuse.LOSS_NOT_SCALED)):
                measured = f"{count} of {len(optimizer.gradient_norms)} steps"
                if count > len(optimizer.gradient_norms) / 2:
                    threshold = "more than half of the steps"
                    yield confirmed(optimizer.stepped, measured, threshold=threshold, source=EXACT, message=misuse.value)


def _cures(step: Step, misuse: Misuse) -> tuple[Cure, ...]:
    """Updates the scaler after the step through it."""
    call = step.node
    if misuse is not Misuse.NO_UPDATE or not isinstance(call, ir.Call) or not isinstance(call.function, ir.Attribute):
        return ()
    change = InsertAfter(call, (call.function.value, ".update()"))
    return (Cure("Update the scaler after the step", (change,), "the training result changes, as it is meant to"),)


_NONE = "no update at all"
