"""TL307."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.losses import BCE_WITH_LOGITS, CROSS_ENTROPY, another_loss
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.measures import typical
from trainlint.program.losses import LABELS, LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, SMALL_NETWORKS, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation

_OUTPUTS = frozenset({Kind.AFFINE, Kind.RECTIFIED, Kind.POSITIVE})


class RegressionLossForClasses(Rule):
    """
    A regression loss is trained on class labels.

    ## What it checks

    `MSELoss`, `L1Loss` or one of their kin compares unbounded outputs with class labels.

    ## Why it matters

    The loss takes class 9 for farther from class 0 than class 1, and punishes outputs that are confidently right. The gradient
    has little to do with the classification error.

    ## When it stays silent

    For ordinal targets and values (reinforcement learning), and targets whose nature is not known. Probabilities against labels
    are `sigmoid-with-mse`.

    ## How to fix it

    Use `CrossEntropyLoss` with class ids, or `BCEWithLogitsLoss` for yes/no questions.

    ## References

    - PyTorch: [CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    """

    code = "TL307"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn

            model = nn.Linear(8, 10)
            for inputs, labels in loader:
                loss = F.mse_loss(model(inputs), F.one_hot(labels, 10).float())  # <- here
                loss.backward()
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn

            model = nn.Linear(8, 10)
            for inputs, labels in loader:
                loss = F.cross_entropy(model(inputs), F.one_hot(labels, 10).float())
                loss.backward()
            """,
        ),
        Good(
            """
            import torch.nn.functional as F
            from torch import nn

            model = nn.Linear(8, 1)
            for inputs, prices in loader:
                loss = F.mse_loss(model(inputs), prices)
                loss.backward()
            """,
            because="nothing says that the targets are classes",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports unbounded outputs that are compared with labels by a regression loss."""
        for call in loss_calls(program, Takes.VALUES):
            if not call.event.trained or call.declares_brier:
                continue
            if call.input is None or call.target is None or call.target.kind not in LABELS or call.input.kind not in _OUTPUTS:
                continue
            evidence = [(call.target.kind_node, "the targets are class labels")] if call.target.kind_node is not None else []
            yield Sighting(
                call.place,
                "a regression loss compares the outputs with class labels",
                tuple(evidence),
                confidence=call.run.confidence,
                fix=_cures(program, call),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Sees whether the targets are class labels and the gradient at the logits is not that of a loss for classes."""
        for loss in observation.losses:
            if not loss.is_regression or loss.target is None:
                yield not_reproduced(loss.place, f"the loss is `{loss.function}`", threshold="a regression loss", source=EXACT)
                continue
            if loss.origin is not None and loss.origin.operation in ("sigmoid", "softmax"):
                continue
            kept, classes = typical(loss.attenuation), len(loss.labels)
            if kept is not None:
                measured = f"the gradient at the logits is {kept:.2f} times that of a loss made for classes"
                if not 0.9 <= kept <= 1.1:
                    yield confirmed(
                        loss.place,
                        f"{measured}; the targets are {classes} class labels",
                        threshold="under 0.9 or over 1.1",
                        source=SMALL_NETWORKS,
                        value=kept,
                        message=f"`{loss.function}` compares unbounded outputs with class labels",
                    )
                else:
                    yield not_reproduced(loss.place, measured, threshold="under 0.9 or over 1.1", source=SMALL_NETWORKS, value=kept)
            elif loss.target.whole and 2 <= classes <= 64 and loss.units == 1:
                yield confirmed(
                    loss.place,
                    f"the targets are the numbers of {classes} classes, and one unit is fitted to them",
                    threshold="whole numbers, at most 64 different ones",
                    source=EXACT,
                    value=float(classes),
                )
            elif not loss.target.whole:
                yield not_reproduced(loss.place, "the targets are no whole numbers", threshold="whole numbers", source=EXACT)
            else:
                yield inconclusive(loss.place, "whether the targets are classes cannot be seen")


def _cures(program: TrainingProgram, call: LossCall) -> tuple[Cure, ...]:
    """One-hot rows are what cross-entropy takes as well, 0 and 1 what a loss for one yes/no question takes."""
    assert call.target is not None
    assert call.input is not None
    if call.input.kind is not Kind.AFFINE:
        return ()
    if call.target.kind is Kind.ONE_HOT and call.input.units != 1:
        title, twins = "Use cross-entropy", CROSS_ENTROPY
    elif call.target.kind is Kind.CLASS_IDS and call.target.classes == 2 and call.input.units == 1:
        title, twins = "Use the loss for yes/no questions that takes logits", BCE_WITH_LOGITS
    else:
        return ()
    changes = another_loss(program, call, twins)
    return (Cure(title, changes, "the training result changes, as it is meant to"),) if changes else ()
