"""TL912."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class FewExamples(Rule):
    """
    The data set is small against the number of trainable parameters.

    ## What it checks

    The length of the training data set against the number of trainable parameters.

    ## Why it matters

    A large network learns a small data set by heart, and what it says about anything else is chance.

    ## When it stays silent

    Where trained weights were loaded, where the data set has no length, and up to a thousand parameters for each example.

    ## How to fix it

    Start from trained weights, augment the data, freeze layers, or take a smaller network.

    ## References

    - Zhang, Bengio, Hardt, Recht, Vinyals: [Understanding deep learning requires rethinking generalization](https://arxiv.org/abs/1611.03530)
    """

    code = "TL912"
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
            because="there are few parameters",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the two numbers."""
        sizes = [loader.size for loader in observation.loaders if loader.trained and loader.size]
        trained = [network for network in observation.networks if network.trained]
        if not sizes or len(trained) != 1 or trained[0].pretrained:
            return
        ratio = trained[0].parameters / max(sizes)
        measured = f"{trained[0].parameters:,} trainable parameters, {max(sizes):,} examples"
        if observation.synthetic_data:
            yield inconclusive(trained[0].constructed, "the program trained on stand-ins for its data", measured=measured)
        elif ratio > 1000:
            yield confirmed(
                trained[0].constructed,
                measured,
                threshold="over 1,000 parameters for each example",
                source="ten times what the usual image classifiers have",
                value=ratio,
                message=f"there are {ratio:,.0f} trainable parameters for each example",
            )
        else:
            yield not_reproduced(trained[0].constructed, measured, threshold="over 1,000 for each", source=EXACT, value=ratio)
