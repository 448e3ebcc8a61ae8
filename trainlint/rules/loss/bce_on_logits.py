"""TL304."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.losses import BCE_WITH_LOGITS, another_loss
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation

_UNBOUNDED = frozenset({Kind.AFFINE, Kind.RECTIFIED, Kind.POSITIVE, Kind.TANH, Kind.LOG_SOFTMAX, Kind.LOG_SIGMOID})


class BceOnLogits(Rule):
    """
    A loss for probabilities is fed with unbounded outputs.

    ## What it checks

    The input of `BCELoss` or `binary_cross_entropy` comes straight out of a weighted layer, or of an activation that does not
    keep it within 0 and 1 (ReLU, tanh).

    ## Why it matters

    Outside of 0–1 the loss raises an error, or, where a clamp lies in between, gives no gradient. It works until the first
    output leaves the range.

    ## When it stays silent

    When a sigmoid or softmax lies on the path, or something that is not followed.

    ## How to fix it

    Use `BCEWithLogitsLoss`, or apply a sigmoid to the output.

    ## References

    - PyTorch: [BCELoss](https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html)
    """

    code = "TL304"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
            criterion = nn.BCELoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)  # <- here
            """,
            fixed="""
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
            criterion = nn.BCEWithLogitsLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
        ),
        Good(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
            criterion = nn.BCELoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
            because="the sigmoid keeps the output within 0 and 1",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports an input that nothing keeps within 0 and 1."""
        for call in loss_calls(program, Takes.BINARY_PROBABILITIES):
            if call.input is not None and call.input.kind in _UNBOUNDED:
                message = "the loss wants probabilities, and nothing keeps its input within 0 and 1"
                yield Sighting(
                    call.place,
                    message,
                    ((call.kind_place, "this is where the values come from"),),
                    confidence=call.run.confidence,
                    fix=_cures(program, call),
                )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Sees whether the input leaves the interval that the loss is defined on."""
        for loss in observation.losses:
            if loss.function != "binary_cross_entropy":
                yield not_reproduced(loss.place, f"the loss is `{loss.function}`", threshold="a loss of probabilities", source=EXACT)
                continue
            low, high = loss.input.minimum, loss.input.maximum
            measured = f"the input lies between {number(low)} and {number(high)}"
            if low < 0 or high > 1:
                failed = observation.ending.failure is not None and observation.ending.reason == "raised"
                yield confirmed(
                    loss.place,
                    measured + ("; the program ends here with an error" if failed else ""),
                    threshold="below 0 or above 1",
                    source="the definition of the loss",
                    value=low if low < 0 else high,
                    message="the loss takes probabilities, and its input leaves the interval from 0 to 1",
                )
            elif loss.origin is not None and loss.origin.operation in ("sigmoid", "softmax"):
                yield not_reproduced(
                    loss.place, f"{measured}, out of a {loss.origin.operation}", threshold="below 0 or above 1", source=EXACT
                )
            else:
                yield inconclusive(
                    loss.place, "no value has left the interval from 0 to 1, and nothing was seen that keeps it there", measured=measured
                )


def _cures(program: TrainingProgram, call: LossCall) -> tuple[Cure, ...]:
    changes = another_loss(program, call, BCE_WITH_LOGITS)
    reason = "the training result changes, as it is meant to; whatever reads probabilities from the network has to apply sigmoid itself"
    return (Cure("Use the loss that takes logits", changes, reason),) if changes else ()
