"""TL308."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure
from trainlint.cures.losses import CROSS_ENTROPY, another_loss, without_activation
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.losses import LABELS, LossCall, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ClassCountMismatch(Rule):
    """
    The number of output units, or the kind of loss, does not fit the number of classes.

    ## What it checks

    A loss for yes/no questions (`BCELoss`, `BCEWithLogitsLoss`) that gets exclusive classes: class ids of more than two classes
    for one output unit, or one-hot rows of classes; and a cross-entropy whose input has fewer units than there are classes.

    ## Why it matters

    One sigmoid cannot tell three classes apart, and one yes/no question per class does not know that exactly one is right.
    Too few units raise an index error on the first label beyond them.

    ## When it stays silent

    For multi-label targets, for two classes, and where the number of classes or units is not known.

    ## How to fix it

    Use one output unit per class with `CrossEntropyLoss`, or one unit with `BCEWithLogitsLoss` for two classes. No fix is
    offered: layer, loss and the shape of the targets have to change together.

    ## References

    - PyTorch: [CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    """

    code = "TL308"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 1)
            labels = torch.randint(0, 5, (64,))
            inputs = torch.randn(64, 8)
            criterion = nn.BCEWithLogitsLoss()
            for step in range(100):
                loss = criterion(model(inputs).squeeze(1), labels.float())  # <- here
            """
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 1)
            labels = torch.randint(0, 2, (64,))
            inputs = torch.randn(64, 8)
            criterion = nn.BCEWithLogitsLoss()
            for step in range(100):
                loss = criterion(model(inputs).squeeze(1), labels.float())
            """,
            because="two classes are one yes/no question",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports a binary loss on exclusive classes, and a cross-entropy with too few units."""
        for call in loss_calls(program, Takes.BINARY_LOGITS, Takes.BINARY_PROBABILITIES, Takes.LOGITS, Takes.LOG_PROBABILITIES):
            target = call.target
            if call.input is None or target is None or target.kind not in LABELS:
                continue
            place = target.kind_node or call.place
            if call.fact.takes in {Takes.LOGITS, Takes.LOG_PROBABILITIES}:
                if target.classes and call.input.units and 1 < call.input.units < target.classes:
                    message = f"there are {target.classes} classes and {call.input.units} output units"
                    yield Sighting(call.place, message, ((place, "the targets come from here"),), confidence=call.run.confidence)
            elif target.kind is Kind.CLASS_IDS and target.classes is not None and target.classes > 2:
                message = f"a yes/no loss is trained on ids of {target.classes} classes"
                yield Sighting(call.place, message, ((place, "the targets come from here"),), confidence=call.run.confidence)
            elif target.kind is Kind.ONE_HOT and target.units is not None and target.units > 1 and call.input.kind is not Kind.SOFTMAX:
                message = "a yes/no loss per class is trained on classes that exclude each other"
                evidence = ((place, "the targets are one-hot rows"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=tuple(_cures(program, call)))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the classes seen in the targets with the units of the output."""
        for loss in observation.losses:
            classes = len(loss.labels)
            binary = loss.function in ("binary_cross_entropy", "binary_cross_entropy_with_logits")
            if not binary:
                yield not_reproduced(
                    loss.place, f"the loss is `{loss.function}`", threshold="a loss that decides for each unit by itself", source=EXACT
                )
                continue
            if not classes or loss.units is None:
                continue
            measured = f"{loss.units} output unit{'s' * (loss.units != 1)}, {classes} different label{'s' * (classes != 1)} in the targets"
            if loss.units == 1 and classes > 2:
                yield confirmed(
                    loss.place,
                    measured,
                    threshold="more labels than two for one unit",
                    source=EXACT,
                    value=float(classes),
                    message=f"one output unit cannot tell {classes} classes apart",
                )
            elif loss.units > 1 and loss.exclusive_targets:
                yield confirmed(
                    loss.place,
                    f"exactly one of {loss.units} units is 1 in every target",
                    threshold="targets that exclude each other",
                    source=EXACT,
                    value=float(loss.units),
                    message="each of several units is trained as a class of its own, and the targets exclude each other",
                )
            else:
                yield not_reproduced(loss.place, measured, threshold="more labels than two for one unit", source=EXACT)


def _cures(program: TrainingProgram, call: LossCall) -> Iterator[Cure]:
    """Cross-entropy takes one-hot rows as well, and logits."""
    changes = another_loss(program, call, CROSS_ENTROPY)
    if not changes:
        return
    if call.fact.takes is Takes.BINARY_LOGITS:
        yield Cure("Use cross-entropy", changes, "the training result changes, as it is meant to")
    else:
        for cure in without_activation(program, call, "sigmoid"):
            yield replace(cure, title="Leave out the sigmoid and use cross-entropy", changes=(*changes, *cure.changes))
