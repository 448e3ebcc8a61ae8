"""TL306."""

from collections.abc import Iterator

from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting


class SingleLogitCrossEntropy(Rule):
    """
    A cross-entropy over one class: the loss is always zero.

    ## What it checks

    `CrossEntropyLoss` (or a softmax that any loss reads) over a layer with a single output unit.

    ## Why it matters

    The softmax over one number is 1, whatever the number: the loss is 0 and the gradient is 0 for label 0, and label 1 raises
    an index error, on a GPU as an assertion far from here. The network learns nothing.

    ## When it stays silent

    When the number of units is not known, or the output is reshaped before the loss.

    ## How to fix it

    For two classes use two output units, or one unit with `BCEWithLogitsLoss` and float targets.

    ## References

    - PyTorch: [CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    """

    code = "TL306"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
            criterion = nn.CrossEntropyLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)  # <- here
            """
        ),
        Good(
            """
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
            criterion = nn.BCEWithLogitsLoss()
            for inputs, labels in loader:
                loss = criterion(model(inputs), labels)
            """,
            because="one unit answers one yes/no question",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports a loss over classes whose input has one unit, and a softmax over one unit before any loss."""
        for call in loss_calls(program, *Takes):
            if call.input is None or call.input.units != 1:
                continue
            if call.fact.takes in {Takes.LOGITS, Takes.LOG_PROBABILITIES}:
                message = "the loss compares classes, and its input has one unit: it is always zero"
                yield Sighting(call.place, message, ((call.kind_place, "one output unit"),), confidence=call.run.confidence)
            elif call.input.kind is Kind.SOFTMAX and call.input.axis in {1, -1}:
                message = "the softmax over one unit is always 1: the loss cannot change"
                yield Sighting(call.place, message, ((call.kind_place, "softmax over one unit"),), confidence=call.run.confidence)
