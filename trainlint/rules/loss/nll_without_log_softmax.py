"""TL305."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.layers import log_softmax_instead
from trainlint.cures.losses import CROSS_ENTROPY, another_loss
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation

_WHAT = {
    Kind.SOFTMAX: "probabilities",
    Kind.SIGMOID: "values in 0–1",
    Kind.AFFINE: "unbounded scores",
    Kind.RECTIFIED: "scores that cannot be negative",
    Kind.POSITIVE: "scores that cannot be negative",
    Kind.TANH: "values in −1–1",
}


class NllWithoutLogSoftmax(Rule):
    """
    `NLLLoss` is fed with probabilities or scores; it wants log-probabilities.

    ## What it checks

    The input of `NLLLoss` or `nll_loss` comes out of a softmax, a sigmoid, another activation or a weighted layer, with no
    `log_softmax` or logarithm in between.

    ## Why it matters

    The loss is the negated input at the target's place. Of probabilities it never goes below −1 and has a weak gradient; of raw
    scores it has no lower bound at all: it goes to minus infinity by growing the weights, and the other classes are never
    pushed down.

    ## When it stays silent

    When a logarithm is on the way, when arithmetic lies between the layer and the loss, and when the way cannot be followed.

    ## How to fix it

    End the network with `LogSoftmax(dim=1)`, or let it return scores and use `CrossEntropyLoss`.

    ## References

    - PyTorch: [NLLLoss](https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html)
    """

    code = "TL305"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10), nn.Softmax(dim=1))
            criterion = nn.NLLLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)  # <- here
            """,
            fixed="""
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10), nn.LogSoftmax(dim=1))
            criterion = nn.NLLLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
        ),
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            model = nn.Linear(8, 10)
            for inputs, labels in loader:
                loss = F.nll_loss(model(inputs), labels)  # <- here
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            model = nn.Linear(8, 10)
            for inputs, labels in loader:
                loss = F.cross_entropy(model(inputs), labels)
            """,
        ),
        Good(
            """
            import torch.nn.functional as F
            from torch import nn

            model = nn.Linear(8, 10)
            for inputs, labels in loader:
                loss = F.nll_loss(F.log_softmax(model(inputs), dim=1), labels)
            """,
            because="the loss gets log-probabilities",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports inputs that are certainly no log-probabilities."""
        for call in loss_calls(program, Takes.LOG_PROBABILITIES):
            kind = call.input.kind if call.input is not None else None
            if kind in _WHAT:
                message = f"the loss wants log-probabilities, and its input is {_WHAT[kind]}"
                evidence = ((call.kind_place, "its input is made here"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=tuple(_cures(program, call)))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Sees whether the exponentials of the rows sum to one."""
        for loss in observation.losses:
            if loss.function != "nll_loss" or (loss.units or 0) < 2:
                continue
            measured = f"the input goes from {number(loss.input.minimum)} to {number(loss.input.maximum)}"
            if loss.log_simplex:
                yield not_reproduced(
                    loss.place, f"{measured}, and the exponentials of each row sum to 1", threshold=_THRESHOLD, source=EXACT
                )
            elif loss.input.maximum > 1e-3:
                what = "probabilities" if loss.simplex else "no logarithms of probabilities"
                message = f"the loss wants log-probabilities, and its input is {what}"
                yield confirmed(loss.place, measured, threshold=_THRESHOLD, source=EXACT, value=loss.input.maximum, message=message)
            else:
                yield inconclusive(loss.place, "no value is positive, and yet the exponentials do not sum to 1", measured=measured)


def _cures(program: TrainingProgram, call: LossCall) -> Iterator[Cure]:
    """The loss that fits the input: logits are what cross-entropy takes; of a softmax, the logarithm is."""
    assert call.input is not None
    reason = "the training result changes, as it is meant to"
    if call.input.kind is Kind.SOFTMAX:
        for changes in log_softmax_instead(program, call.kind_place):
            yield Cure("Apply log-softmax instead", changes, "the network gives log-probabilities from then on, wherever it is used")
    elif changes := another_loss(program, call, CROSS_ENTROPY):
        yield Cure("Use cross-entropy, which takes logits", changes, reason)


_THRESHOLD = "values over 0, which no log-probability has"
