"""TL314."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.losses import BCE_WITH_LOGITS, another_loss, without_activation
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.events import Forward
from trainlint.program.losses import LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import union
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SigmoidThenBce(Rule):
    """
    A sigmoid and `BCELoss` in two steps, where `BCEWithLogitsLoss` does both and stays stable.

    ## What it checks

    The input of `BCELoss` or `binary_cross_entropy` in training comes right out of a sigmoid.

    ## Why it matters

    In single precision a sigmoid is exactly 1 above 17. `BCELoss` clamps the logarithm there, so that a sample which is
    confidently wrong gets no gradient. `BCEWithLogitsLoss` computes both in one stable formula. Under `autocast`, `BCELoss`
    raises an error.

    ## When it stays silent

    For discriminators, that is when the network is also applied to what another network makes; for images as targets, which an
    autoencoder reconstructs; and when the way from the sigmoid to the loss cannot be followed. Whether the probabilities are
    needed elsewhere is not followed.

    ## How to fix it

    Remove the sigmoid from the network, use `BCEWithLogitsLoss`, and apply the sigmoid where probabilities are shown.

    ## References

    - PyTorch: [BCEWithLogitsLoss](https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html)
    """

    code = "TL314"
    category = Category.ADVICE
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.binary_cross_entropy(model(inputs), labels)  # <- here
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 1))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.binary_cross_entropy_with_logits(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 1)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.binary_cross_entropy_with_logits(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="the loss applies the sigmoid itself",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports trained losses whose input a sigmoid made."""
        for call in loss_calls(program, Takes.BINARY_PROBABILITIES):
            if not call.event.trained or call.input is None or call.input.kind is not Kind.SIGMOID:
                continue
            if not _reconstructs(call) and not _judges_a_network(call):
                message = "a sigmoid and a binary cross-entropy in two steps lose precision: one loss does both"
                evidence = ((call.kind_place, "the sigmoid is here"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=tuple(_cures(program, call)))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks whether a probability has been rounded to 0 or to 1, where its logarithm is cut off."""
        for loss in observation.losses:
            if loss.function == "binary_cross_entropy_with_logits":
                yield not_reproduced(loss.place, "the loss takes logits", threshold="exactly 0 or 1", source=EXACT)
            if loss.function != "binary_cross_entropy" or loss.origin is None or loss.origin.operation != "sigmoid":
                continue
            low, high = loss.input.minimum, loss.input.maximum
            if low <= 0.0 or high >= 1.0:
                rounded = " and ".join(number(value) for value, met in ((0.0, low <= 0.0), (1.0, high >= 1.0)) if met)
                measured = f"the sigmoid has rounded probabilities to exactly {rounded}"
                yield confirmed(loss.place, measured, threshold="exactly 0 or 1", source=EXACT)
            else:
                measured = f"no probability is closer to 0 than {number(low)}, and none closer to 1 than {number(1 - high)}"
                yield inconclusive(loss.place, "they may come closer to 0 or 1 later", measured=measured, threshold="exactly 0 or 1")


def _reconstructs(call: LossCall) -> bool:
    """Whether the target is an image."""
    return call.target is not None and call.target.scale is not None


def _judges_a_network(call: LossCall) -> bool:
    """Whether the network is a discriminator: what it is applied to, here or elsewhere, comes out of another one."""
    assert call.input is not None
    judges = {forward.module for forward in call.input.deps if isinstance(forward, Forward)}
    return any(
        forward.module in judges
        and any(isinstance(event, Forward) and event.module is not forward.module for event in union(forward.inputs))
        for forward in call.run.of(Forward)
    )


def _cures(program: TrainingProgram, call: LossCall) -> Iterator[Cure]:
    """The one loss for the two steps."""
    changes = another_loss(program, call, BCE_WITH_LOGITS)
    for cure in without_activation(program, call, "sigmoid") if changes else ():
        yield replace(cure, title="Leave out the sigmoid and use the loss that takes logits", changes=(*changes, *cure.changes))
