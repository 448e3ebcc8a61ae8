"""TL301."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.losses import BCE, BCE_WITH_LOGITS, CROSS_ENTROPY, another_loss, is_mixed_precision, without_activation
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.measures import typical
from trainlint.program.losses import LABELS, PROBABILITIES, LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, SMALL_NETWORKS, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SigmoidWithMse(Rule):
    """
    Probabilities are trained with a squared or absolute error against class labels.

    ## What it checks

    The output of a sigmoid or softmax meets `MSELoss`, `L1Loss` or one of their kin, and the target is class labels: ids of a
    data set, one-hot rows, or what an accuracy in the same program compares with the predicted class.

    ## Why it matters

    Where the output is confidently wrong the sigmoid is flat, and the gradient vanishes where it is needed most: it is at most
    half that of a cross-entropy, and far less for the worst mistakes.

    ## When it stays silent

    For regression into 0–1, autoencoders and other reconstructions, adversarial losses (LSGAN), and targets whose nature is
    not known; a loss whose name or description declares the Brier score.

    ## How to fix it

    Use `BCEWithLogitsLoss` on the output before the sigmoid, or `CrossEntropyLoss` on the output before the softmax.

    ## References

    - Goodfellow, Bengio, Courville: Deep Learning, section 6.2.2
    """

    code = "TL301"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 10), nn.Sigmoid())
            criterion = nn.MSELoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), F.one_hot(labels, 10).float())  # <- here
                loss.backward()
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 10))
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), F.one_hot(labels, 10).float())
                loss.backward()
            """,
        ),
        Good(
            """
            from torch import nn

            autoencoder = nn.Sequential(nn.Linear(8, 2), nn.ReLU(), nn.Linear(2, 8), nn.Sigmoid())
            criterion = nn.MSELoss()
            for images, _ in loader:
                loss = criterion(autoencoder(images), images)
                loss.backward()
            """,
            because="a reconstruction has no class labels",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports probabilities that are compared with labels by a regression loss."""
        for call in loss_calls(program, Takes.VALUES):
            if not call.event.trained or call.declares_brier:
                continue
            if call.input is None or call.target is None or call.target.kind not in LABELS or call.input.kind not in PROBABILITIES:
                continue
            name = "softmax" if call.input.kind is Kind.SOFTMAX else "sigmoid"
            evidence = [(call.kind_place, f"the {name} is applied here")]
            if call.target.kind_node is not None:
                evidence.append((call.target.kind_node, "the targets are class labels"))
            yield Sighting(
                call.place,
                f"the output of a {name} is trained with a regression loss against class labels",
                tuple(evidence),
                confidence=call.run.confidence,
                fix=tuple(_cures(program, call, name)),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the gradient at the logits with that of a matching loss."""
        for loss in observation.losses:
            if not loss.is_regression or loss.origin is None or loss.origin.operation not in ("sigmoid", "softmax"):
                what = f"the loss is `{loss.function}` on {loss.origin.operation if loss.origin else 'unbounded outputs'}"
                yield not_reproduced(loss.place, what, threshold="a regression loss on a sigmoid or softmax", source=EXACT)
                continue
            kept = typical(loss.attenuation)
            if kept is None:
                reason = "no targets that are classes" if loss.trained else "no backward pass came through this loss"
                yield inconclusive(loss.place, f"the gradient at the logits has nothing to be compared with: {reason}")
                continue
            measured = f"the gradient at the logits is {kept:.2f} times that of a loss made for classes"
            ruling = confirmed if kept < 0.6 else not_reproduced if kept > 0.9 else None
            if ruling is confirmed:
                origin = loss.origin.place
                yield confirmed(
                    loss.place,
                    measured,
                    threshold="under 0.6",
                    source=SMALL_NETWORKS,
                    value=kept,
                    message=f"a {loss.origin.operation} output is trained with `{loss.function}` against class labels",
                    related=((origin, f"the {loss.origin.operation}"),) if origin else (),
                )
            elif ruling is not_reproduced:
                yield not_reproduced(loss.place, measured, threshold="under 0.6", source=SMALL_NETWORKS, value=kept)
            else:
                yield inconclusive(loss.place, "between what sound and what faulty programs show", measured=measured, threshold="under 0.6")


def _cures(program: TrainingProgram, call: LossCall, activation: str) -> Iterator[Cure]:
    """A loss for yes/no questions on what is a probability already; one for classes that exclude each other on the logits."""
    assert call.target is not None
    reason = "the training result changes, as it is meant to"
    if call.target.kind is Kind.ONE_HOT and call.input is not None and call.input.units != 1:
        changes = another_loss(program, call, CROSS_ENTROPY)
        for cure in without_activation(program, call, activation) if changes else ():
            yield replace(cure, title=f"Leave out the {activation} and use cross-entropy", changes=(*changes, *cure.changes))
    elif activation == "sigmoid" and (call.target.classes or 2) <= 2:
        changes = another_loss(program, call, BCE)
        if changes and not is_mixed_precision(call):
            yield Cure("Use the loss that takes probabilities", changes, reason)
        changes = another_loss(program, call, BCE_WITH_LOGITS)
        for cure in without_activation(program, call, activation) if changes else ():
            yield replace(cure, title="Leave out the sigmoid and use the loss that takes logits", changes=(*changes, *cure.changes))
