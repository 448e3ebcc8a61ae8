"""TL501."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, InsertAfter, InsertBefore
from trainlint.findings import Category, Confidence
from trainlint.program.events import Answer
from trainlint.program.gradients import StepPair, step_pairs
from trainlint.program.receivers import optimizer_of
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation


class StaleGradients(Rule):
    """
    An optimizer steps on gradients left over from earlier batches.

    ## What it checks

    A step that a loop repeats, with a backward pass in between, while nothing in between sets the gradients of the
    optimizer's parameters to zero or None.

    ## Why it matters

    `backward()` adds to `.grad`. Without clearing, every step follows the sum of all gradients since the start: the
    effective learning rate grows with every batch, and the loss stalls or explodes.

    ## When it stays silent

    When anything between two steps may clear them: `zero_grad()` of the optimizer, of the network or of a part of it,
    `p.grad = None`, a closure, a call that cannot be followed and was given the optimizer or its network. Accumulation over
    several batches on purpose, with a guarded step and a clearing beside it, is no fault. A function that steps once, and that
    nobody in sight calls, is reported only if it clears the gradients of other parameters itself.

    ## How to fix it

    Call `optimizer.zero_grad()` once per step, before `backward()` or after `step()`.

    ## References

    - PyTorch: [Zeroing out gradients](https://pytorch.org/tutorials/recipes/recipes/zeroing_out_gradients.html)
    """

    code = "TL501"
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
                optimizer.step()  # <- here
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
            for number, (inputs, labels) in enumerate(loader):
                loss = nn.functional.cross_entropy(model(inputs), labels) / 4
                loss.backward()
                if (number + 1) % 4 == 0:
                    optimizer.step()
                    model.zero_grad()
            """,
            because="gradients of four batches are accumulated on purpose, and cleared after each step",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports a step whose gradients are cleared in no run and on no path since it stepped before."""
        for place, pairs in step_pairs(program).items():
            if all(pair.cleared is Answer.NO for pair in pairs):
                pair = pairs[0]
                if pair.out_of_sight and not pair.clears_others:
                    continue
                yield Sighting(
                    place,
                    "the optimizer steps on gradients left over from earlier passes of the loop: nothing clears them between two steps",
                    ((pair.backward.node, "gradients are added to those that are there"),),
                    confidence=Confidence.MEDIUM if pair.clears_others else pair.run.confidence,
                    fix=_cures(pair),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the steps on gradients that nothing had cleared since the step before."""
        for optimizer in observation.optimizers:
            judged = min(optimizer.steps, len(optimizer.gradient_norms)) - 1
            if judged < 1:
                continue
            if optimizer.empty_steps > judged / 2:
                yield inconclusive(
                    optimizer.stepped, "the gradients were zero anyway", measured=f"no gradient at {optimizer.empty_steps} steps"
                )
                continue
            measured = f"{optimizer.stale_steps} of {judged} steps were made on gradients with something of earlier batches in them"
            if optimizer.stale_steps > judged / 2:
                first, last = optimizer.gradient_norms[0], optimizer.gradient_norms[judged]
                yield confirmed(
                    optimizer.stepped,
                    f"{measured}; their norm went from {number(first)} to {number(last)}",
                    threshold="more than half of the steps",
                    source=EXACT,
                    value=optimizer.stale_steps / judged,
                    message="the optimizer steps on gradients that nothing clears",
                )
            elif optimizer.stale_steps == 0:
                yield not_reproduced(optimizer.stepped, measured, threshold="more than half of the steps", source=EXACT, value=0.0)
            else:
                yield inconclusive(
                    optimizer.stepped, "some steps are, others are not", measured=measured, threshold="more than half of the steps"
                )


def _cures(pair: StepPair) -> tuple[Cure, ...]:
    """Clears before the gradients are computed, or after the step where the two are apart."""
    optimizer = optimizer_of(pair.second)
    if optimizer is None:
        return ()
    title, reason = "Clear the gradients once per step", "the training result changes, as it is meant to"
    clear = (optimizer, ".zero_grad()")
    return (
        *(Cure(title, (InsertBefore(each.node, clear, beside=pair.second.node),), reason) for each in pair.own),
        Cure(title, (InsertAfter(pair.second.node, clear),), reason),
    )
