"""TL310."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.layers import without
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation

_ONE_SIDED = frozenset({Kind.RECTIFIED, Kind.POSITIVE})


class RectifiedLogits(Rule):
    """
    A ReLU, or another one-sided activation, stands before a classification loss.

    ## What it checks

    What a cross-entropy, a binary cross-entropy with logits, or an NLL loss behind a `log_softmax` takes as class scores comes
    out of a ReLU or softplus.

    ## Why it matters

    Scores that cannot be negative: a class can be made unlikely only by raising all others, a binary probability cannot fall
    below one half, and a unit that is 0 for a sample gets no gradient from it. If the units of a class die, the class is never
    predicted again.

    ## When it stays silent

    When pooling, arithmetic or a layer lies between the activation and the loss, as in SqueezeNet, and for activations that let
    negative values through (leaky ReLU, ELU, GELU). Scores that come out of a network that cannot be followed are not judged.

    ## How to fix it

    Leave the output of the last layer as it is; a ReLU belongs between layers.

    ## References

    - PyTorch: [CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html) takes unbounded scores
    """

    code = "TL310"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = nn.Linear(8, 32), nn.Linear(32, 10)

                def forward(self, x):
                    x = F.relu(self.hidden(x))
                    x = F.relu(self.output(x))
                    return F.log_softmax(x, dim=1)

            net = Net()
            for inputs, labels in loader:
                loss = F.nll_loss(net(inputs), labels)  # <- here
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.hidden, self.output = nn.Linear(8, 32), nn.Linear(32, 10)

                def forward(self, x):
                    x = F.relu(self.hidden(x))
                    x = self.output(x)
                    return F.log_softmax(x, dim=1)

            net = Net()
            for inputs, labels in loader:
                loss = F.nll_loss(net(inputs), labels)
            """,
        ),
        Bad(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10), nn.ReLU())
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)  # <- here
            """,
            fixed="""
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10))
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
        ),
        Good(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 10))
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
            because="the activation stands between the layers",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports scores that a one-sided activation made, also behind a log-softmax."""
        message = "the loss takes its input as class scores, which cannot be negative here"
        for call in loss_calls(program, Takes.LOGITS, Takes.BINARY_LOGITS, Takes.LOG_PROBABILITIES):
            scores = call.input
            if scores is None:
                continue
            if scores.kind in _ONE_SIDED and call.fact.takes is not Takes.LOG_PROBABILITIES:
                evidence = ((call.kind_place, "they are made one-sided here"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=_cures(program, call.kind_place))
            elif scores.kind is Kind.LOG_SOFTMAX and scores.trace is not None and scores.trace.rectified is not None:
                evidence = ((scores.trace.rectified, "they are made one-sided here"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=_cures(program, scores.trace.rectified))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks for scores of which none is negative and some are cut off at zero."""
        for loss in observation.losses:
            if loss.function not in _TAKES_SCORES or loss.simplex:
                continue
            if loss.zeros is None:
                yield not_reproduced(loss.place, "some scores are negative", threshold=_THRESHOLD, source=EXACT)
                continue
            measured = f"no score is negative, and up to {loss.zeros:.0%} of them are exactly 0"
            if loss.zeros > 0.02:
                origin = loss.origin.place if loss.origin is not None and loss.origin.operation.startswith("relu") else None
                yield confirmed(
                    loss.place,
                    measured,
                    threshold=_THRESHOLD,
                    source=EXACT,
                    value=loss.zeros,
                    message="the loss takes its input as class scores, which cannot be negative here",
                    related=((origin, "they are made one-sided here"),) if origin else (),
                )
            else:
                yield inconclusive(loss.place, "nothing is cut off", measured=measured, threshold=_THRESHOLD)


def _cures(program: TrainingProgram, activation: ir.Node) -> tuple[Cure, ...]:
    title, reason = "Leave out the activation", "the training result changes, as it is meant to"
    return tuple(Cure(title, changes, reason) for changes in without(program, activation))


_TAKES_SCORES = frozenset({"cross_entropy", "nll_loss", "binary_cross_entropy_with_logits"})
_THRESHOLD = "none negative, and over 2 % exactly 0"
