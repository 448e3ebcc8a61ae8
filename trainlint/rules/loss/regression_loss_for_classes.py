"""TL307."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import LABELS, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting

_OUTPUTS = frozenset({Kind.AFFINE, Kind.RECTIFIED})


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
            """
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
                call.place, "a regression loss compares the outputs with class labels", tuple(evidence), confidence=call.run.confidence
            )
