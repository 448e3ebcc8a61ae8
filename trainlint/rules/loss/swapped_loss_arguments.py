"""TL318."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Swap
from trainlint.findings import Category
from trainlint.knowledge.facts import Takes
from trainlint.program.losses import LossCall, is_computed, is_data, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SwappedLossArguments(Rule):
    """
    A loss gets the target first and the network's output second.

    ## What it checks

    The first argument of a cross-entropy, NLL or binary cross-entropy is data, and the second one comes out of the network with its
    graph.

    ## Why it matters

    These losses are not symmetric: the softmax or logarithm is taken of the labels, and the output is used as weights. Binary
    cross-entropy runs and optimizes something else; the others mostly fail on types and shapes.

    ## When it stays silent

    For losses that are symmetric (MSE, L1), for `kl_div`, of which both directions are used, and when either argument cannot be
    followed.

    ## How to fix it

    Write `criterion(output, target)`.

    ## References

    - PyTorch: [BCELoss](https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html)
    """

    code = "TL318"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
            criterion = nn.BCELoss()
            for inputs, labels in zip(torch.randn(9, 4, 8), torch.ones(9, 4, 1)):
                loss = criterion(labels, model(inputs))  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
            criterion = nn.BCELoss()
            for inputs, labels in zip(torch.randn(9, 4, 8), torch.ones(9, 4, 1)):
                loss = criterion(model(inputs), labels)
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
            criterion = nn.BCELoss()
            for inputs, labels in zip(torch.randn(9, 4, 8), torch.ones(9, 4, 1)):
                loss = criterion(model(inputs), labels)
            """,
            because="the output stands first",
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 1)
            criterion = nn.MSELoss()
            for inputs, targets in zip(torch.randn(9, 4, 8), torch.ones(9, 4, 1)):
                loss = criterion(targets, model(inputs))
            """,
            because="the squared error is the same both ways",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports data in the first place and a network's output in the second."""
        for call in loss_calls(program, Takes.LOGITS, Takes.LOG_PROBABILITIES, Takes.BINARY_LOGITS, Takes.BINARY_PROBABILITIES):
            if call.fact.symmetric or not is_data(call.event.input) or not is_computed(call.event.target):
                continue
            message = "the loss takes its input first, and this is the target"
            place = call.event.target_node or call.event.node
            evidence = ((place, "the output of the network is in the place of the target"),)
            yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=_cures(call))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks which argument of a loss carries a gradient."""
        for loss in observation.losses:
            if loss.function not in _ASYMMETRIC or not (loss.input_needs_gradient or loss.target_needs_gradient):
                continue
            if loss.target_needs_gradient and not loss.input_needs_gradient:
                measured = "the target carries a gradient, the input carries none"
                message = "the loss takes its input first, and this is the target"
                yield confirmed(loss.place, measured, threshold="a gradient in the target alone", source=EXACT, message=message)
            else:
                yield not_reproduced(loss.place, "the input carries a gradient", threshold="a gradient in the target alone", source=EXACT)


def _cures(call: LossCall) -> tuple[Cure, ...]:
    one, other = call.event.input_node, call.event.target_node
    if one is None or other is None:
        return ()
    return (Cure("Give the output first and the target second", (Swap(one, other),), "the training result changes, as it is meant to"),)


_ASYMMETRIC = frozenset({"cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"})
