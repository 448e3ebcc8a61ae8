"""TL303."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting


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
            """
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
                yield Sighting(call.place, message, ((call.kind_place, "the sigmoid is applied here"),), confidence=call.run.confidence)
