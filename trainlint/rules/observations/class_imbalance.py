"""TL909."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ClassImbalance(Rule):
    """
    Some classes are seen ten times as often as others.

    ## What it checks

    The labels of the batches that were trained on.

    ## Why it matters

    A network gains most by being right about the frequent classes, and accuracy hides that it is wrong about the rare ones.

    ## When it stays silent

    With class weights or a weight for each sample (`reduction="none"`), for the words or characters of a text, and for fewer
    than 200 labels.

    ## How to fix it

    Weight the loss, sample rare classes more often, and measure each class by itself.

    ## References

    - Buda, Maki, Mazurowski: [A systematic study of the class imbalance problem in convolutional neural networks](https://arxiv.org/abs/1710.05381)
    """

    code = "TL909"
    category = Category.ADVICE
    since = "0.1"
    examples = (
        Good(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="the classes are about as frequent as each other",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the labels."""
        for loss in observation.losses:
            counts = sorted(loss.labels.items(), key=lambda item: item[1])
            total = sum(count for _, count in counts)
            if len(counts) < 2 or total < 200 or not loss.plain or not loss.class_losses or loss.tokens or loss.reduction == "none":
                continue
            (rare, fewest), (common, most) = counts[0], counts[-1]
            measured = f"class {common} was seen {most:,} times, class {rare} {fewest:,} times"
            if most > 10 * fewest and fewest * len(counts) < total / 4:
                yield confirmed(
                    loss.place,
                    measured,
                    threshold="over 10 times as often",
                    source="a ratio at which accuracy begins to mislead",
                    value=most / fewest,
                    message=f"class {common} is seen {most / fewest:.0f} times as often as class {rare}",
                )
            else:
                yield not_reproduced(loss.place, measured, threshold="over 10 times as often", source=EXACT, value=most / fewest)
