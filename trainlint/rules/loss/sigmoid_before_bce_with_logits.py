"""TL303."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.losses import BCE, another_loss, is_mixed_precision, without_activation
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.measures import typical
from trainlint.program.losses import LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SigmoidBeforeBceWithLogits(Rule):
    """
    A sigmoid output is fed to a loss that applies the sigmoid itself.

    ## What it checks

    The input of `BCEWithLogitsLoss` or `binary_cross_entropy_with_logits` comes out of a sigmoid.

    ## Why it matters

    After two sigmoids every probability lies between 0.5 and 0.73: the network cannot say "no", the loss cannot fall below
    0.31 for positives and 0.69 for negatives, and the gradient at the logits is a quarter of what it should be.

    ## When it stays silent

    When the sigmoid is used for metrics or for another term of the loss only, and where the way cannot be followed.

    ## How to fix it

    Remove the sigmoid from the network, and apply it where probabilities are needed; or use `BCELoss`.

    ## References

    - PyTorch: [BCEWithLogitsLoss](https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html)
    """

    code = "TL303"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
            criterion = nn.BCEWithLogitsLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
            criterion = nn.BCELoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 1)
            criterion = nn.BCEWithLogitsLoss()
            for inputs, labels in loader:
                logits = model(inputs)
                accuracy = ((torch.sigmoid(logits) > 0.5) == labels).float().mean()
                loss = criterion(logits, labels)
            """,
            because="the sigmoid is for the accuracy alone",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports an input that is a sigmoid."""
        for call in loss_calls(program, Takes.BINARY_LOGITS):
            if call.input is not None and call.input.kind is Kind.SIGMOID:
                message = "the loss takes the sigmoid of its input, which is the output of a sigmoid already"
                yield Sighting(
                    call.place,
                    message,
                    ((call.kind_place, "the sigmoid is applied here"),),
                    confidence=call.run.confidence,
                    fix=tuple(_cures(program, call)),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Sees whether a sigmoid made what the loss takes as logits."""
        for loss in observation.losses:
            if loss.function != "binary_cross_entropy_with_logits":
                yield not_reproduced(loss.place, f"the loss is `{loss.function}`", threshold="a loss that applies a sigmoid", source=EXACT)
                continue
            kept = typical(loss.attenuation)
            measured = f"the input lies between {number(loss.input.minimum)} and {number(loss.input.maximum)}"
            bounded = loss.input.minimum >= 0 and loss.input.maximum <= 1
            sigmoid = loss.origin is not None and loss.origin.operation == "sigmoid"
            if bounded and (sigmoid or (kept is not None and kept < 0.6)):
                origin = loss.origin.place if loss.origin is not None else None
                yield confirmed(
                    loss.place,
                    measured
                    + (f", and the gradient at the logits is {kept:.2f} times that of a single sigmoid" if kept is not None else ""),
                    threshold="all of it between 0 and 1, out of a sigmoid",
                    source=EXACT,
                    value=kept,
                    message="the loss takes the sigmoid of its input, which lies between 0 and 1 already",
                    related=((origin, "sigmoid is applied here"),) if origin else (),
                )
            elif bounded:
                yield inconclusive(loss.place, "where the input comes from was not seen", measured=measured)
            else:
                yield not_reproduced(loss.place, measured, threshold="all of it between 0 and 1", source=EXACT)


def _cures(program: TrainingProgram, call: LossCall) -> Iterator[Cure]:
    """The other loss changes nothing that reads the network's output; under autocast only the sigmoid can go."""
    changes = another_loss(program, call, BCE)
    if changes and not is_mixed_precision(call):
        yield Cure("Use the loss that takes probabilities", changes, "the training result changes, as it is meant to")
    yield from without_activation(program, call, "sigmoid")
